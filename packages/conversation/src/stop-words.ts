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
