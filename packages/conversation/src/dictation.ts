/** Whether somebody is reading something out piece by piece: a number, a spelled name, an e-mail address. */
import { foldWords } from './fold-words.ts';

function wordSet(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(' ')));
}

const digitWords = wordSet(
  'zero one two three four five six seven eight nine oh double triple',
  'uno due tre quattro cinque sei sette otto nove doppio triplo',
);
const tensWords =
  /^(?:ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|dieci|undici|dodici|\w+dici|diciassette|diciotto|diciannove|(?:vent|trent|quarant|cinquant|sessant|settant|ottant|novant)\w+|cento)$/;
const letterNames = wordSet(
  'bi ci effe gi acca elle emme enne pi cu qu erre esse ti vu zeta zed zee kappa ics ipsilon',
  'bee cee dee eff gee aitch jay kay ell em en pee cue ar ess tee vee ex wye',
);
const addressWords = wordSet(
  'at dot dash hyphen underscore slash chiocciola punto trattino sottolineato barra',
);
const domainEnds = wordSet('com org net it eu io edu gov info biz uk de fr es ch dev');
const copula = '(?:is|it is|would be|e|sarebbe)';
const announced = '(?:number|numero|phone|telefono|cellulare|code|codice|iban|pin|partita iva|postcode|cap)';
const numberAnnounced = new RegExp(`\\b${announced}(?: \\w+){0,2} ${copula}$`);
/** "my e-mail is", "il mio indirizzo è", "mandalo a": what follows is an address. */
const emailAnnounced = new RegExp(
  `\\b(?:(?:my|our|the) e ?mail(?: address)?|(?:mia|nostra|la) e? ?mail|(?:my|mio) (?:address|indirizzo)(?: e? ?mail| di posta(?: elettronica)?)?|posta elettronica) ${copula}\\b`,
);
const emailMentioned = /\b(?:e ?mails?|mail|posta elettronica)\b/;
const spellingJustAnnounced =
  /\b(?:spelled|spelt|spell (?:it|that|my name)|si scrive|lo scrivo|scritto|fai lo spelling|faccio lo spelling)$/;
const lettersAnnounced = /\b(?:name|code|plate|nome|cognome|codice|targa)\b/;
const spellingMentioned = /\b(?:spell|spelled|spelt|si scrive|lo spelling)\b/;
/** Digits after which a phone number may be complete: ten in Italy and North America. */
const phoneNumberDigits = 10;

/**
 * Whether more pieces are to be expected after these words. A complete e-mail address and a number of ten digits or
 * more are no longer being dictated.
 */
export function isDictating(text: string): boolean {
  const words = foldWords(text).map((word) => word.text);
  if (words.length === 0) return false;
  return isReadingNumber(words) || isSpelling(text, words) || isReadingAddress(text, words);
}

function isReadingNumber(words: readonly string[]): boolean {
  const tail = trailing(words, isNumberWord);
  if (tail.length === 0) return numberAnnounced.test(words.join(' '));
  const before = words.slice(0, words.length - tail.length).join(' ');
  if (tail.length === 1 && !numberAnnounced.test(before)) return false;
  return digitCount(tail) < phoneNumberDigits;
}

function isSpelling(text: string, words: readonly string[]): boolean {
  if (spellingJustAnnounced.test(words.join(' '))) return true;
  // "m as in Mike", "emme come Milano"
  const isByExample = /(?:^| )(?:\p{L}|\p{L}{2,4}) (?:come|as in|for|like) \p{L}+$/u.test(
    words.slice(-4).join(' '),
  );
  if (isByExample && letterExample(words)) return true;
  const tail = trailing(words, (word) => /^\p{L}$/u.test(word) || letterNames.has(word));
  if (tail.length >= 3 || (tail.length > 0 && spellingMentioned.test(words.join(' ')))) return true;
  // "My name is Smith, SM", "the code is xj RT": letters that recognition has run together.
  if (lettersAnnounced.test(words.join(' ')) && /(?:^|[\s,])\p{Lu}{2,4}[.,]?$/u.test(text.trim()))
    return true;
  if (tail.length < 2) return false;
  return /\p{Lu}[\s.,-]+\p{Lu}[\s.,-]*$/u.test(text.trim()) || tail.some((word) => letterNames.has(word));
}

function letterExample(words: readonly string[]): boolean {
  const at = words.findLastIndex(
    (word) => word === 'come' || word === 'as' || word === 'for' || word === 'like',
  );
  const letter = words[at - 1];
  return letter !== undefined && (/^\p{L}$/u.test(letter) || letterNames.has(letter));
}

function isReadingAddress(text: string, words: readonly string[]): boolean {
  const all = words.join(' ');
  const last = words.at(-1) ?? '';
  const before = words.at(-2) ?? '';
  const endsInDomain =
    domainEnds.has(last) &&
    (/[.@][\p{L}\d-]+[.!?]*\s*$/u.test(text) || before === 'dot' || before === 'punto');
  if (endsInDomain) return false;
  if (text.includes('@') || words.includes('chiocciola')) return isInsideAddress(text, words);
  const announcement = emailAnnounced.exec(all);
  const since = announcement === null ? undefined : all.slice(announcement.index + announcement[0].length);
  const pieces = since?.trim().split(' ').filter(Boolean);
  if (pieces !== undefined && (pieces.length <= 1 || pieces.some((word) => addressWords.has(word))))
    return true;
  // Recognition writes what was spoken: "Mario.Rossi", "john_smith".
  if (pieces !== undefined && /[\p{L}\d][._-][\p{L}\d]+[.,]?$/u.test(text.trim())) return true;
  return emailMentioned.test(all) && (addressWords.has(last) || addressWords.has(before));
}

/** Nothing but pieces of the address has come since its at sign. */
function isInsideAddress(text: string, words: readonly string[]): boolean {
  const spoken = words.lastIndexOf('chiocciola');
  if (spoken >= 0) return words.length - spoken <= 4;
  return (
    text
      .slice(text.lastIndexOf('@') + 1)
      .trim()
      .split(/\s+/).length <= 2
  );
}

function isNumberWord(word: string): boolean {
  return digitWords.has(word) || tensWords.test(word) || /^\d+$/.test(word);
}

function digitCount(words: readonly string[]): number {
  return words.reduce(
    (sum, word) => sum + (/^\d+$/.test(word) ? word.length : tensWords.test(word) ? 2 : 1),
    0,
  );
}

/** The longest run of fitting words at the end. */
function trailing(words: readonly string[], fits: (word: string) => boolean): readonly string[] {
  const start = words.findLastIndex((word) => !fits(word));
  return words.slice(start + 1);
}
