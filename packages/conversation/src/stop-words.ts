/** Orders to be quiet, Italian and English: they stop the voice as soon as they are heard. */
import { foldWords } from './fold-words.ts';

const orders = new Set(
  [
    'stop wait quiet silence enough pause shush hush shh',
    'basta aspetta aspetti aspettate ferma fermati fermo fermatevi zitta zitto silenzio smettila alt piano',
  ].flatMap((line) => line.split(' ')),
);

const phrases = [
  'hold on',
  'hang on',
  'shut up',
  'be quiet',
  'one moment',
  'un attimo',
  'un momento',
  'no no',
];

/** How many words at the beginning may hold the order: "Sophy, stop", "ok ok basta". */
const searchedWords = 4;

/** Whether the words begin by telling the agent to stop. */
export function ordersSilence(text: string): boolean {
  const words = foldWords(text)
    .slice(0, searchedWords)
    .map((word) => word.text);
  const beginning = words.join(' ');
  return words.some((word) => orders.has(word)) || phrases.some((phrase) => beginning.includes(phrase));
}

/** Words that may stand around an order and ask for nothing themselves. */
const around = new Set(
  [
    'no ok okay please now right there it that thanks thank you hold hang on shut up be one a an moment just talking speaking',
    'per favore grazie adesso ora qui li un attimo momento di parlare cosi va bene dai su',
  ].flatMap((line) => line.split(' ')),
);

/** Whether the words order silence and nothing else: "stop, thanks", "basta così". `names` may be called with it. */
export function onlyOrdersSilence(text: string, names: readonly string[]): boolean {
  const called = new Set(names.flatMap((name) => foldWords(name).map((word) => word.text)));
  const words = foldWords(text).map((word) => word.text);
  return (
    ordersSilence(text) && words.every((word) => orders.has(word) || around.has(word) || called.has(word))
  );
}
