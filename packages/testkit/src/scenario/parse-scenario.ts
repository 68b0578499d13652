/** Reads one scenario file: YAML whose lines follow the two grammars. Errors name file, line and what is expected. */
import { settingsPatchSchema } from '@sophy/contracts/settings';
import { type Document, isMap, isNode, isPair, isScalar, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { type Expectation, parseExpectation, type Referred } from './expectation.ts';
import {
  type Happening,
  recognitionKinds,
  type Scenario,
  type ScenarioPerson,
  type ScenarioPlace,
} from './scenario.ts';
import { ScenarioProblem } from './scenario-problem.ts';
import { parseTimelineLine } from './timeline-line.ts';

const personId = /^[\w-]+$/u;
const person = z.union(
  [z.string().regex(personId), z.strictObject({ id: z.string().regex(personId), name: z.string().min(1) })],
  { error: 'a person is a word such as "anna", or { id: anna-phone, name: Anna }' },
);
const seconds = z.number().min(0).max(30);

const schema = z.strictObject({
  title: z.string().min(10, 'say in the title what a well-mannered agent does'),
  language: z.enum(['en', 'it']).default('en'),
  people: z.array(person).min(1),
  settings: settingsPatchSchema.default({}),
  replies: z.array(z.string().min(1)).default([]),
  delays: z
    .strictObject({ stt: seconds.default(0.1), llm: seconds.default(0.15), tts: seconds.default(0.08) })
    .prefault({}),
  recognition: z.enum(recognitionKinds).optional(),
  not_yet: z.string().min(10).optional(),
  audio: z.boolean().default(false),
  room: z.boolean().default(false),
  timeline: z.array(z.string()).min(1),
  expect: z.array(z.string()).min(1),
});

/** @throws ScenarioProblem at the first thing that is wrong. */
export function parseScenario(file: string, text: string): Scenario {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const lineAt = (offset: number): number => counter.linePos(offset).line;
  const lineOf = (path: readonly PropertyKey[]): number => lineAt(offsetOf(document, path));
  const [broken] = document.errors;
  if (broken !== undefined) {
    throw new ScenarioProblem(
      file,
      lineAt(broken.pos[0]),
      `${broken.message.split('\n')[0]} Words that hold ": " or begin with a mark go in quotes.`,
    );
  }
  const parsed = schema.safeParse(plainLines(document));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = issue?.path ?? [];
    throw new ScenarioProblem(file, lineOf(path), `${path.join('.') || 'the scenario'}: ${issue?.message}`);
  }
  const { title, language, settings, replies, delays, recognition } = parsed.data;
  const people = parsed.data.people.map(asPerson);
  const ids = people.map(({ id }) => id);
  const place = (list: 'timeline' | 'expect', index: number, source: string): ScenarioPlace => ({
    line: lineOf([list, index]),
    source,
  });
  const timeline = parsed.data.timeline.flatMap((source, index): readonly Happening[] => {
    const at = place('timeline', index, source);
    const read = parseTimelineLine(at, ids);
    if ('problem' in read) throw new ScenarioProblem(file, at.line, read.problem);
    return read.happenings;
  });
  const ordered = timeline.toSorted((a, b) => a.atMs - b.atMs);
  const overlapping = findOverlap(ordered);
  if (overlapping !== undefined) {
    throw new ScenarioProblem(file, overlapping.line, 'this person still sounds from the line before');
  }
  const expectations = parsed.data.expect.map((source, index) => {
    const at = place('expect', index, source);
    const read = parseExpectation(source);
    if ('problem' in read) throw new ScenarioProblem(file, at.line, read.problem);
    const stranger = namedIn(read).find((name) => !ids.includes(name));
    if (stranger !== undefined) {
      throw new ScenarioProblem(file, at.line, `"${stranger}" is nobody of "people" (${ids.join(', ')})`);
    }
    return { ...read, place: at };
  });
  return {
    file,
    title,
    language,
    people,
    settings,
    replies,
    delays: { sttMs: delays.stt * 1_000, llmMs: delays.llm * 1_000, ttsMs: delays.tts * 1_000 },
    recognition: recognition === undefined ? recognitionKinds : [recognition],
    notYet: parsed.data.not_yet,
    isForAudio: parsed.data.audio,
    isForRoom: parsed.data.room,
    timeline: ordered,
    expectations,
  };
}

/** The document as values, where each line of timeline and expectations is text again: YAML takes `anna: hello` for a map. */
function plainLines(document: Document): unknown {
  const value: unknown = document.toJS();
  if (typeof value !== 'object' || value === null) return value;
  return {
    ...value,
    ...Object.fromEntries(
      ['timeline', 'expect'].flatMap((key) => {
        const list: unknown = document.get(key);
        if (typeof list !== 'object' || list === null || !('items' in list) || !Array.isArray(list.items))
          return [];
        return [[key, list.items.map(lineText)]];
      }),
    ),
  };
}

function lineText(node: unknown): unknown {
  if (isScalar(node)) return typeof node.value === 'string' ? node.value : (node.source ?? '');
  if (!isMap(node) || node.items.length !== 1) return undefined;
  const [pair] = node.items;
  if (!isPair(pair)) return undefined;
  const [key, value] = [lineText(pair.key), pair.value === null ? '' : lineText(pair.value)];
  return typeof key === 'string' && typeof value === 'string' ? `${key}: ${value}` : undefined;
}

/** Where the value at a path stands; where it is missing, where what should hold it stands. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range != null) return node.range[0];
  }
  return 0;
}

function asPerson(person: string | { readonly id: string; readonly name: string }): ScenarioPerson {
  if (typeof person !== 'string') return person;
  return { id: person, name: person.charAt(0).toUpperCase() + person.slice(1) };
}

function findOverlap(timeline: readonly Happening[]): ScenarioPlace | undefined {
  const soundsUntilMs = new Map<string, number>();
  for (const happening of timeline) {
    if (happening.type !== 'sound') continue;
    if (happening.atMs < (soundsUntilMs.get(happening.person) ?? 0)) return happening.place;
    soundsUntilMs.set(happening.person, happening.untilMs);
  }
  return undefined;
}

function namedIn(expectation: Expectation): readonly string[] {
  const referred: Referred | undefined =
    'turn' in expectation ? expectation.turn : 'sound' in expectation ? expectation.sound : undefined;
  if (referred !== undefined) return [referred.person];
  return 'person' in expectation ? [expectation.person] : [];
}
