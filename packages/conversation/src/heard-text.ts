/** How much of a reply people heard when its voice was cut. */

export type SpokenPiece = {
  readonly text: string;
  /** Length of its audio; undefined while the voice still generates it. */
  readonly audioMs: number | undefined;
};

/**
 * Usual speaking rate where no piece of the reply tells its own: 15 characters a second, about 150 words a minute with
 * six characters a word, blank included.
 */
const usualMsPerCharacter = 1_000 / 15;

/**
 * The words that had sounded after `playedMs` of audio, pieces joined by single blanks. Exact to within one word where
 * a piece speaks at an even rate; ends on a word boundary.
 */
export function heardText(pieces: readonly SpokenPiece[], playedMs: number): string {
  const msPerCharacter = ownMsPerCharacter(pieces);
  const heard: string[] = [];
  let leftMs = playedMs;
  for (const piece of pieces) {
    const audioMs = piece.audioMs ?? piece.text.length * msPerCharacter;
    if (leftMs < audioMs) {
      heard.push(wholeWords(piece.text, (leftMs / audioMs) * piece.text.length));
      break;
    }
    heard.push(piece.text);
    leftMs -= audioMs;
  }
  return heard
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .join(' ');
}

function ownMsPerCharacter(pieces: readonly SpokenPiece[]): number {
  let audioMs = 0;
  let characters = 0;
  for (const piece of pieces) {
    if (piece.audioMs === undefined) continue;
    audioMs += piece.audioMs;
    characters += piece.text.length;
  }
  return audioMs > 0 && characters > 0 ? audioMs / characters : usualMsPerCharacter;
}

/** The words of the text that end within its first `characters`. */
function wholeWords(text: string, characters: number): string {
  let end = 0;
  for (const word of text.matchAll(/\S+/g)) {
    const wordEnd = word.index + word[0].length;
    if (wordEnd > characters) break;
    end = wordEnd;
  }
  return text.slice(0, end);
}
