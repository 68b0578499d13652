/** What Whisper writes that nobody said: descriptions of noise, loops, and subtitle credits. */

const bracketed = /\[[^\]]*\]|\([^)]*\)|\*[^*]*\*|（[^）]*）/g;
const musicSigns = /[♪♫♬]+/g;
/** Credits of the subtitles that Whisper was trained on; it writes them for near-silence, and nobody speaks them. */
const credits =
  /^(sottotitoli (creati|a cura|e revisione)\b.*|subtitles by\b.*|thanks for watching[.!]*|grazie per la visione[.!]*|.*amara\.org.*|.*\bqtss\b.*)$/i;

/** Words of the text alone; empty when there are none. */
export function cleanTranscript(raw: string): string {
  const text = raw.replace(bracketed, ' ').replace(musicSigns, ' ').replace(/\s+/g, ' ').trim();
  if (credits.test(text) || !/[\p{L}\p{N}]/u.test(text)) return '';
  return text;
}

/** A phrase said this often in a row is a decoding loop, not emphasis. */
const loopCount = 4;
const maxPhraseWords = 12;

export type LoopCheck = { readonly isLooping: boolean; readonly text: string };

/** Finds a phrase repeated to the end of the text, and keeps it once. */
export function cutRepetition(text: string): LoopCheck {
  const words = text.split(' ');
  const bare = words.map((word) => word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''));
  for (let length = 1; length <= Math.min(maxPhraseWords, Math.floor(bare.length / loopCount)); length += 1) {
    let repeats = 1;
    while (isSamePhrase(bare, length, repeats)) repeats += 1;
    if (repeats >= loopCount) {
      return { isLooping: true, text: words.slice(0, words.length - length * (repeats - 1)).join(' ') };
    }
  }
  return { isLooping: false, text };
}

/** Whether the last `length` words also stand `repeats` phrases earlier. */
function isSamePhrase(words: readonly string[], length: number, repeats: number): boolean {
  const start = words.length - length * (repeats + 1);
  if (start < 0) return false;
  for (let index = 0; index < length; index += 1) {
    if (words[start + index] !== words[words.length - length + index]) return false;
  }
  return true;
}
