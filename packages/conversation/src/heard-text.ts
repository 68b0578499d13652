/** How much of a reply people heard when its voice was cut. */

export type SpokenPiece = {
  readonly text: string;
  /** Length of its audio; undefined while the voice still generates it. */
  readonly audioMs: number | undefined;
  /** For each `soundFrameMs` of its audio so far, whether there is sound in it. Left out: sound all along. */
  readonly sound?: readonly boolean[];
};

/** Length of one frame of `SpokenPiece.sound`, ms. */
export const soundFrameMs = 10;

/** Silence of 150 ms or more is a pause; shorter ones are closures of consonants. */
const pauseFrames = 15;

/**
 * Usual speaking rate where no piece of the reply tells its own: 15 characters a second, about 150 words a minute with
 * six characters a word, blank included.
 */
export const usualMsPerCharacter = 1_000 / 15;

/**
 * The words that had sounded after `playedMs` of audio, pieces joined by single blanks. Letters are spread evenly over
 * the sound of their piece, its pauses left out: exact to within one word where the voice speaks at an even rate. Ends
 * on a word boundary. `usualRate` is that of the voice where it is known, ms for a character.
 */
export function heardText(
  pieces: readonly SpokenPiece[],
  playedMs: number,
  usualRate = usualMsPerCharacter,
): string {
  const msPerCharacter = ownMsPerCharacter(pieces, usualRate);
  const heard: string[] = [];
  let leftMs = playedMs;
  for (const piece of pieces) {
    const audioMs = piece.audioMs ?? Number.POSITIVE_INFINITY;
    if (leftMs < audioMs) {
      const soundMs =
        piece.audioMs === undefined ? piece.text.length * msPerCharacter : speechMs(piece, audioMs);
      const share = soundMs === 0 ? 0 : Math.min(1, speechMs(piece, leftMs) / soundMs);
      heard.push(wholeWords(piece.text, share * piece.text.length));
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

/** How much of the first `untilMs` of a piece is speech, ms: its pauses left out. */
export function speechMs({ sound }: SpokenPiece, untilMs: number): number {
  if (sound === undefined) return untilMs;
  let frames = 0;
  let silentRun = 0;
  for (const isSound of sound.slice(0, Math.floor(untilMs / soundFrameMs))) {
    silentRun = isSound ? 0 : silentRun + 1;
    frames += 1;
    // Closures inside words are speech; once the run is a pause, all of it is taken back.
    if (silentRun === pauseFrames) frames -= pauseFrames;
    else if (silentRun > pauseFrames) frames -= 1;
  }
  return frames * soundFrameMs;
}

function ownMsPerCharacter(pieces: readonly SpokenPiece[], usualRate: number): number {
  let soundMs = 0;
  let characters = 0;
  for (const piece of pieces) {
    if (piece.audioMs === undefined) continue;
    soundMs += speechMs(piece, piece.audioMs);
    characters += piece.text.length;
  }
  return soundMs > 0 && characters > 0 ? soundMs / characters : usualRate;
}

/** The words of the text that end within its first `characters`. */
function wholeWords(text: string, characters: number): string {
  let end = 0;
  for (const word of text.matchAll(/\S+/g)) {
    const wordEnd = word.index + word[0].length;
    // A last word whose letters have sounded but for a fraction of one has been heard.
    if (wordEnd > characters + 0.001) break;
    end = wordEnd;
  }
  return text.slice(0, end);
}
