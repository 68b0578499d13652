/**
 * Calls on virtual time whose engines fail at random: ten turns, two or three engines a stage, until all are well. What
 * must hold whatever fails: one voice at a time, an answer or an apology in time, no request to an engine whose breaker
 * is open, and every engine back soon after it is well.
 */
import type { TtsAudio } from '@sophy/conversation/tts-port';
import fc from 'fast-check';
import { expect, inject, it } from 'vitest';
import { isOpen } from './breaker.ts';
import type { EngineEvents } from './engine-events.ts';
import { EngineGate } from './engine-gate.ts';
import {
  type FaultSchedule,
  type FaultyWorld,
  faults,
  faultyLlm,
  faultyTts,
  type SpokenWord,
} from './faulty-engines.test-support.ts';
import { LocalBreakerStore } from './local-breaker-store.ts';
import { createResilientLlm } from './resilient-llm.ts';
import { createResilientTts } from './resilient-tts.ts';
import { VirtualClock } from './virtual-clock.test-support.ts';

const turns = 8;
const turnEveryMs = 9_000;
/** From here on every engine is well. */
const wellAtMs = turns * turnEveryMs;
const recoveryMs = 15_000;
/** All waiting of a turn: its gaps, and those before its first sound. */
const mostTurnMs = 8_000;
const mostRepeatedWords = 3;
/** Numbered words: what is repeated or left out shows. */
const answer = Array.from({ length: 24 }, (_, index) => `word${index}`).join(' ');

const schedule: fc.Arbitrary<FaultSchedule> = fc
  .array(
    fc.record({
      fromMs: fc.integer({ min: 0, max: wellAtMs - 1 }),
      fault: fc.option(fc.constantFrom(...faults), { nil: undefined }),
      share: fc.double({ min: 0.05, max: 0.95, noNaN: true }),
    }),
    { maxLength: 6 },
  )
  .map((phases) => [
    ...phases.toSorted((a, b) => a.fromMs - b.fromMs),
    { fromMs: wellAtMs, fault: undefined, share: 1 },
  ]);

const world = fc.record({
  llms: fc.array(schedule, { minLength: 2, maxLength: 3 }),
  voices: fc.array(fc.record({ schedule, msPerCharacter: fc.integer({ min: 58, max: 74 }) }), {
    minLength: 2,
    maxLength: 3,
  }),
  chance: fc.double({ min: 0, max: 0.999, noNaN: true }),
});

type World = typeof world extends fc.Arbitrary<infer Value> ? Value : never;

it('calls go on through random failures of engines', async () => {
  await fc.assert(fc.asyncProperty(world, playCalls), { numRuns: Math.ceil(inject('propertyRuns') / 10) });
}, 600_000);

async function playCalls({ llms, voices, chance }: World): Promise<void> {
  const clock = new VirtualClock(() => chance);
  const store = new LocalBreakerStore();
  const at: FaultyWorld = { clock, store, broken: [], usages: [] };
  const gate = new EngineGate({ store, clock });
  const ignored = (): void => undefined;
  const events: EngineEvents = {
    onFailure: ignored,
    onTakeover: ignored,
    onServed: ignored,
    onBreaker: ignored,
    onUsage: (usage) => at.usages.push(usage),
  };
  const [llm, ...otherLlms] = llms.map((one, index) => faultyLlm(at, `llm${index}`, one, continuation));
  const [voice, ...otherVoices] = voices.map((one, index) =>
    faultyTts(at, `voice${index}`, one.schedule, one.msPerCharacter),
  );
  if (llm === undefined || voice === undefined) throw new Error('a stage has no engine');
  const brain = createResilientLlm({ links: [llm, ...otherLlms], gate, events });
  const speaker = createResilientTts({ links: [voice, ...otherVoices], gate, events });
  const never = new AbortController().signal;

  const turn = async (): Promise<void> => {
    const started = clock.nowMs();
    let text = '';
    let waitedMs = 0;
    let lastMs = started;
    const waited = (): void => {
      waitedMs += clock.nowMs() - lastMs;
      lastMs = clock.nowMs();
    };
    try {
      const messages = [
        { role: 'system', content: 'x' },
        { role: 'user', content: 'tell' },
      ] as const;
      for await (const event of brain.stream({ messages, maxTokens: 99 }, { signal: never })) {
        waited();
        if (event.type === 'text') text += event.text;
      }
      if (text !== answer) at.broken.push(`the answer came as: ${text}`);
    } catch {
      waited();
      text = 'sorry';
    }
    // Each word takes 20 ms by itself.
    if (waitedMs > mostTurnMs + 700) at.broken.push(`a turn waited ${waitedMs} ms for its words`);
    for (const sentence of sentencesOf(text)) await say(sentence);
  };

  const say = async (text: string): Promise<void> => {
    const spoken: SpokenWord[] = [];
    const startedMs = clock.nowMs();
    try {
      const request = { text, language: 'en', voice: undefined, speed: 1 };
      for await (const audio of speaker.synthesize(request, { signal: never }))
        if (isWord(audio)) spoken.push(audio);
    } catch {
      if (clock.nowMs() - startedMs > mostTurnMs + 500) at.broken.push('a voice was awaited for too long');
      return;
    }
    checkSpoken(text, spoken, at.broken);
  };

  const play = async (): Promise<void> => {
    for (let index = 0; index < turns; index += 1) {
      const nextMs = index * turnEveryMs;
      if (clock.nowMs() < nextMs) await clock.sleep(nextMs - clock.nowMs(), never);
      await turn();
    }
    const restMs = wellAtMs + recoveryMs - clock.nowMs();
    if (restMs > 0) await clock.sleep(restMs, never);
  };
  await clock.finish(play(), 600_000);
  for (const link of [llm, ...otherLlms, voice, ...otherVoices])
    if (isOpen(store.read(link.breakerKey))) at.broken.push(`${link.breakerKey} was not back in time`);
  const before = at.usages.length;
  await clock.finish(turn(), 60_000);
  const served = at.usages.slice(before).filter(({ outcome }) => outcome === 'complete');
  if (served.map(({ engine }) => engine).join() !== 'llm0,voice0,voice0')
    at.broken.push(`after recovery served: ${served.map(({ engine }) => engine).join()}`);
  await gate.close();
  expect(at.broken).toEqual([]);
  expect(clock.sleeping).toBe(0);
}

/** One voice after the other, each word at least once and in order, few words twice. */
function checkSpoken(text: string, spoken: readonly SpokenWord[], broken: string[]): void {
  const words = text.split(' ');
  let next = 0;
  let engine = spoken[0]?.engine;
  const over = new Set<string>();
  for (const { word, engine: by } of spoken) {
    if (by !== engine) {
      if (engine !== undefined) over.add(engine);
      // The same engine is asked once more only where there is no other.
      engine = by;
      const index = words.indexOf(word);
      if (next - index > mostRepeatedWords) broken.push(`${next - index} words were repeated by ${by}`);
      if (index > next) broken.push(`${index - next} words were left out before ${by}`);
      next = index;
    } else if (word !== words[next]) {
      const index = words.indexOf(word);
      if (next - index > mostRepeatedWords) broken.push(`${next - index} words were repeated by ${by}`);
      if (index > next) broken.push(`${index - next} words were left out by ${by}`);
      next = index;
    }
    next += 1;
  }
  if (next < words.length - 1) broken.push(`said only ${next} of ${words.length} words`);
}

/** A model that goes on from what it is told people have heard. */
function continuation(messages: readonly { readonly role: string; readonly content: string }[]): string {
  const heard = messages.findLast(({ role }) => role === 'assistant')?.content ?? '';
  return answer.slice(heard.length);
}

/** The pieces in which an answer reaches the voice: twelve words, a long sentence. */
function sentencesOf(text: string): string[] {
  const words = text.split(' ');
  return [words.slice(0, 12), words.slice(12)].map((part) => part.join(' ')).filter((part) => part !== '');
}

function isWord(audio: TtsAudio): audio is SpokenWord {
  return 'engine' in audio && 'word' in audio;
}
