/** How a name sounds to a recogniser of Italian or English, as a key to compare by. */
import { isWithinOneEdit } from './edit-distance.ts';

/** A key shorter than this is too close to too many words to be compared by sound. */
const shortestKey = 4;
/** From this length one wrong sound still leaves a name to be known. */
const shortestMisheardKey = 5;
/** Sounds that recognition takes for each other. */
const alike = ['pb', 'td', 'kg', 'fv', 'mn', 'szc', 'lr', 'aeiou', 'cj'];
const longestWord = 40;

/** Spellings of one sound fold into one: ph and f, y and ie and i, gi and j, doubled letters. Takes folded words. */
export function soundOf(word: string): string {
  if (word.length > longestWord) return word;
  return word
    .replace(/ph|pf/g, 'f')
    .replace(/gi(?=[aou])/g, 'j')
    .replace(/g(?=[eiy])/g, 'j')
    .replace(/gh/g, 'g')
    .replace(/ch|ck|qu?/g, 'k')
    .replace(/c(?![eiy])/g, 'k')
    .replace(/x/g, 'ks')
    .replace(/w/g, 'v')
    .replace(/z/g, 's')
    .replace(/h/g, '')
    .replace(/oo|ou/g, 'u')
    .replace(/ie|ee|ea|e?ye?/g, 'i')
    .replace(/(.)\1+/g, '$1');
}

/** Whether both keys are one and long enough to tell. */
export function soundsSame(heard: string, meant: string): boolean {
  return meant.length >= shortestKey && heard === meant;
}

/**
 * Whether one key is the other with one sound mistaken for a like one, or, in a long name, one sound inside it lost or
 * added. The first sound stays and so does the last: Claudio is not Claudia, and Sophia not Sophy.
 */
export function soundsMisheard(heard: string, meant: string): boolean {
  if (meant.length < shortestMisheardKey || heard[0] !== meant[0] || heard.at(-1) !== meant.at(-1))
    return false;
  if (!isWithinOneEdit(heard, meant)) return false;
  if (heard.length !== meant.length) return meant.length > shortestMisheardKey;
  return isAlikeAtChange(heard, meant);
}

/** After a call, where a name is awaited: also a short one, with one like sound or one sound more. */
export function soundsLoosely(heard: string, meant: string): boolean {
  if (meant.length < shortestKey || heard[0] !== meant[0] || !isWithinOneEdit(heard, meant)) return false;
  return heard.length > meant.length || (heard.length === meant.length && isAlikeAtChange(heard, meant));
}

function isAlikeAtChange(heard: string, meant: string): boolean {
  const changed = [...meant].findIndex((sound, index) => sound !== heard[index]);
  const [a, b] = [meant[changed] ?? '', heard[changed] ?? ''];
  return alike.some((sounds) => sounds.includes(a) && sounds.includes(b));
}
