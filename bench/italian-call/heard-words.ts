/** How many words were heard wrongly, numbers and signs compared as they are spoken. */
import { speakableText } from '@sophy/conversation/speech/speakable-text';
import type { SpokenLanguage } from '@sophy/conversation/speech/spoken-language';
import { wordErrors } from '../../apps/engines/src/word-errors.ts';

export type WordCount = { readonly errors: number; readonly words: number };

/** Words of `heard` that are not those of `wanted`: "alle 9.30" and "alle nove e trenta" are the same. */
export function heardWords(wanted: string, heard: string, language: SpokenLanguage): WordCount {
  const asSpoken = (text: string): string =>
    speakableText(text.replaceAll('’', "'"), { language, markup: 'none' }).replaceAll('’', "'");
  return wordErrors(asSpoken(wanted), asSpoken(heard));
}

/** Of all words together. */
export function sumOf(counts: readonly (WordCount | undefined)[]): WordCount {
  return counts.reduce<WordCount>(
    (sum, count) => ({ errors: sum.errors + (count?.errors ?? 0), words: sum.words + (count?.words ?? 0) }),
    { errors: 0, words: 0 },
  );
}

/** `12 %`, or `-` where there are no words. */
export function rate({ errors, words }: WordCount): string {
  return words === 0 ? '-' : `${((100 * errors) / words).toFixed(0)} %`;
}
