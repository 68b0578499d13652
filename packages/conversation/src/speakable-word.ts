/** One word of model text as a voice should read it: no markup, no emoji. */

// The v flag allows the subtraction: the three signs are pictographic, but are read aloud as words.
const emoji =
  /[\p{Extended_Pictographic}--[©®™]]|[\p{Emoji_Modifier}\p{Regional_Indicator}\u{FE0F}\u{200D}\u{20E3}]/gv;

/** Markers that mean something only at the start of a line: heading, bullet, quote, rule, fence, table row. */
const lineMarker = /^(?:#{1,6}|[-*+•]|>+|[-=_*]{3,}|`{3}\w*|\|?[-:|]{3,}\|?)$/;

/** The word without markers; empty when nothing of it is to be read. */
export function speakableWord(word: string, isLineStart: boolean): string {
  if (isLineStart && lineMarker.test(word)) return '';
  return word
    .replace(emoji, '')
    .replace(/!?\[|\]\([^)]*\)|\]|`+|~~|\*\*+|__+/g, '')
    .replace(/(?<!\d)\*(?=\S)|(?<=\S)\*(?!\d)/g, '')
    .replace(/^(\p{P}*)_|_(\p{P}*)$/gu, '$1$2')
    .replace(/^\|+|\|+$/g, '');
}
