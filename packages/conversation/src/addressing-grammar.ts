/** Whether a name, by the words around it, is spoken to or spoken about. */
import type { NameHit } from './addressing-names.ts';
import {
  adverbs,
  afterAnd,
  afterAuxiliary,
  afterHave,
  afterInversion,
  afterPoliteForm,
  afterReport,
  beforeContractedIs,
  beforeObject,
  beforeTopic,
  clitics,
  openers,
  orderWithoutClitic,
  participleHeads,
  politeVerbs,
  questionWords,
  requestWords,
  strongCalls,
  tagQuestions,
} from './addressing-words.ts';
import type { FoldedWord } from './fold-words.ts';

/** What stands around a name, within its sentence. */
type Surroundings = {
  readonly name: FoldedWord;
  readonly before: readonly FoldedWord[];
  readonly after: readonly FoldedWord[];
  readonly isQuestion: boolean;
};

/** Whether this place of a name speaks to the agent. An at sign and a greeting always do. */
export function isSpokenTo(words: readonly FoldedWord[], hit: NameHit): boolean {
  if (words[hit.start]?.hasAt) return true;
  const place = surroundings(words, hit);
  const previous = place.before.at(-1);
  if (previous !== undefined && strongCalls.has(previous.text)) return true;
  if (place.name.hasPossessive) return false;
  const isAfterComma = previous !== undefined && previous.mark !== '';
  const isAtStart = place.before.every(isOpener) || isAfterComma;
  if (!isAtStart && (isTopicAfter(previous) || isInvertedSubject(place))) return false;
  if (isSubject(place)) return false;
  if (isAtStart || place.after.length === 0) return true;
  return place.name.mark === ',' || asks(place);
}

function surroundings(words: readonly FoldedWord[], hit: NameHit): Surroundings {
  const isEnd = (word: FoldedWord) => /[.?!;…]/u.test(word.mark);
  const start = words.slice(0, hit.start).findLastIndex(isEnd) + 1;
  const last = words.findIndex((word, index) => index >= hit.end - 1 && isEnd(word));
  const end = last === -1 ? words.length : last + 1;
  const name = words[hit.end - 1];
  if (name === undefined) throw new RangeError(`a name hit ends at ${hit.end} of ${words.length} words`);
  return {
    name,
    before: words.slice(start, hit.start),
    after: words.slice(hit.end, end),
    isQuestion: words[end - 1]?.mark === '?',
  };
}

function isTopicAfter(previous: FoldedWord | undefined): boolean {
  if (previous === undefined) return false;
  if (previous.hasPossessive && beforeContractedIs.has(previous.text)) return true;
  return previous.accented === 'è' || beforeTopic.has(previous.text) || beforeObject.has(previous.text);
}

/** Whether a finished verb stands right before the name: "cosa ha scritto Sophy". */
function isInvertedSubject({ before }: Surroundings): boolean {
  const head = before.at(-2);
  return (
    head !== undefined &&
    (participleHeads.has(head.text) || head.accented === 'è') &&
    isParticiple(before.at(-1))
  );
}

function isParticiple(word: FoldedWord | undefined): boolean {
  return word !== undefined && /(?:t|s)[oaie]$/.test(word.text);
}

/** Italian "e" opens, "è" does not. */
function isOpener(word: FoldedWord): boolean {
  return openers.has(word.text) && word.accented !== 'è';
}

/** Whether the words after the name tell something about it. A comma after the name sets it off. */
function isSubject({ name, after, isQuestion }: Surroundings): boolean {
  const [next, second] = after;
  if (next === undefined || name.mark !== '') return false;
  if (next.text === 'and' || next.accented === 'e' || next.text === 'ed' || next.text === 'or') {
    return second !== undefined && !afterAnd.has(second.text);
  }
  const begin = after.findIndex((word) => !adverbs.has(word.text));
  const predicate = begin === -1 ? [] : after.slice(begin);
  const hasClitic = clitics.has(predicate[0]?.text ?? '');
  const [verb, ...rest] = hasClitic ? predicate.slice(1) : predicate;
  if (verb === undefined) return false;
  if (isReport(verb) || (hasClitic && orderWithoutClitic.has(verb.text))) return true;
  if (!isAuxiliary(verb)) return false;
  if (hasClitic) return !politeVerbs.has(verb.text);
  // "isn't" comes as two words: the subject of a turned question follows the t.
  const subject = rest[0]?.text === 't' ? rest[1] : rest[0];
  if (subject === undefined) return !isQuestion;
  if (afterInversion.has(subject.text) || afterPoliteForm.has(subject.text)) return false;
  if (afterHave.has(subject.text)) return true;
  return !isQuestion || tagQuestions.test(after.map((word) => word.text).join(' '));
}

/** A verb in the third person or the past, or a word that only stands before one. */
function isReport(word: FoldedWord): boolean {
  if (afterReport.has(word.accented) || afterReport.has(word.text)) return !isAuxiliary(word);
  return /[^aeiou]ed$/.test(word.text) && word.text.length > 5;
}

function isAuxiliary(word: FoldedWord): boolean {
  return (afterAuxiliary.has(word.text) && word.accented !== 'e') || /\p{L}{2}rà$/u.test(word.accented);
}

function asks({ before, after, isQuestion }: Surroundings): boolean {
  if (isQuestion || questionWords.has(after[0]?.text ?? '')) return true;
  return [...before, ...after].some((word) => requestWords.has(word.text));
}
