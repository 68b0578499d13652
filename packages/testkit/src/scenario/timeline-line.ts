/** One line of a timeline: when, who, what. The grammar is in `docs/scenarios.md`. */
import { settingsPatchSchema } from '@sophy/contracts/settings';
import { type Happening, personActs, type ScenarioPlace } from './scenario.ts';

/** How fast people speak where a line does not say until when: 15 characters a second, about 150 words a minute. */
export const msPerSpokenCharacter = 1_000 / 15;
/** No word is shorter, ms. */
const shortestWordsMs = 300;

const lineForms = [
  '1.0-2.5 anna: words that are said (the end may be left out)',
  '3.0-4.0 anna makes noise',
  '3.0-4.0 anna echoes the agent',
  '5.0 anna types: words (or: types privately)',
  `5.0 anna ${personActs.join(', ')}`,
  '5.0 stt fails for anna (or: recovers)',
  '5.0 setting barge_in: nobody',
  '5.0 worker drains',
];

const timed =
  /^(?<from>\d+(?:\.\d+)?)(?:-(?<to>\d+(?:\.\d+)?))?(?: every (?<every>\d+(?:\.\d+)?) x (?<times>\d+))? (?<rest>.+)$/su;

type Reading = { readonly happenings: readonly Happening[] } | { readonly problem: string };
type When = { readonly atMs: number; readonly toMs: number | undefined; readonly place: ScenarioPlace };

/** @param people ids that may be named. */
export function parseTimelineLine(place: ScenarioPlace, people: readonly string[]): Reading {
  const groups = timed.exec(place.source)?.groups;
  if (groups === undefined) {
    return { problem: `"${place.source}" does not begin with a time in seconds, such as "1.0" or "1.0-2.5"` };
  }
  const fromMs = toMilliseconds(groups['from']);
  const lengthMs = groups['to'] === undefined ? undefined : toMilliseconds(groups['to']) - fromMs;
  if (lengthMs !== undefined && lengthMs <= 0) return { problem: 'the end must come after the beginning' };
  const happenings: Happening[] = [];
  const times = Number(groups['times'] ?? 1);
  for (let time = 0; time < times; time += 1) {
    const atMs = fromMs + time * toMilliseconds(groups['every'] ?? '0');
    const when = { atMs, toMs: lengthMs === undefined ? undefined : atMs + lengthMs, place };
    const read = readHappening(groups['rest'] ?? '', when, people);
    if ('problem' in read) return read;
    happenings.push(read);
  }
  return { happenings };
}

function readHappening(
  rest: string,
  when: When,
  people: readonly string[],
): Happening | { readonly problem: string } {
  const { atMs, place } = when;
  if (rest === 'worker drains') return { type: 'drain', atMs, place };
  const setting = /^setting (?<name>\w+): (?<value>.*)$/su.exec(rest)?.groups;
  if (setting !== undefined) return readSetting(setting['name'] ?? '', setting['value'] ?? '', when);
  const engine = /^stt (?<verb>fails|recovers) for (?<person>[\w-]+)$/u.exec(rest)?.groups;
  const person = engine?.['person'] ?? /^(?<person>[\w-]+)/u.exec(rest)?.groups?.['person'] ?? '';
  if (!people.includes(person)) {
    return { problem: `"${person || rest}" is nobody of "people" (${people.join(', ')})` };
  }
  if (engine !== undefined)
    return { type: 'recognition', atMs, place, person, fails: engine['verb'] === 'fails' };
  return readDeed(rest.slice(person.length), person, when);
}

function readDeed(deed: string, person: string, when: When): Happening | { readonly problem: string } {
  const { atMs, toMs, place } = when;
  const act = personActs.find((candidate) => deed === ` ${candidate}`);
  if (act !== undefined) return { type: 'acts', atMs, place, person, act };
  const typed = /^ types(?<privately> privately)?: (?<text>.*)$/su.exec(deed)?.groups;
  if (typed !== undefined) {
    const isPrivate = typed['privately'] !== undefined;
    return { type: 'types', atMs, place, person, text: readWords(typed['text'] ?? ''), isPrivate };
  }
  if (deed === ' makes noise' || deed === ' echoes the agent') {
    if (toMs === undefined) return { problem: `say until when, e.g. "1.0-2.0 ${person}${deed}"` };
    const kind = deed === ' makes noise' ? 'noise' : 'echo';
    return { type: 'sound', kind, atMs, untilMs: toMs, place, person };
  }
  if (deed.startsWith(': ')) {
    const words = readWords(deed.slice(2));
    const untilMs = toMs ?? atMs + Math.max(shortestWordsMs, Math.round(words.length * msPerSpokenCharacter));
    return { type: 'sound', kind: 'words', atMs, untilMs, place, person, words };
  }
  return {
    problem: `"${person}${deed}" is nothing that happens. Write one of:\n${lineForms.map((form) => `  ${form}`).join('\n')}`,
  };
}

/** Words may end in `(x 2000)`: so many times over. `\u0007` and the like stand for characters that cannot be typed. */
function readWords(text: string): string {
  const plain = text.replace(/\\u([0-9a-f]{4})/giu, (_escape, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  const repeated = /^(?<words>.+) \(x (?<times>\d+)\)$/su.exec(plain)?.groups;
  if (repeated === undefined) return plain;
  return new Array(Number(repeated['times'])).fill(repeated['words']).join(' ');
}

function readSetting(
  name: string,
  value: string,
  { atMs, place }: When,
): Happening | { readonly problem: string } {
  const candidates = [value, Number(value), value === 'true' ? true : value === 'false' ? false : value];
  for (const candidate of candidates) {
    const parsed = settingsPatchSchema.safeParse({ [name]: candidate });
    if (parsed.success) return { type: 'setting', atMs, place, patch: parsed.data };
  }
  return { problem: `"${name}: ${value}" is no setting of the product with such a value` };
}

function toMilliseconds(seconds: string | undefined): number {
  return Math.round(Number(seconds) * 1_000);
}
