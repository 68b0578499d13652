/** All pieces of a spoken text as one. */
import type { PcmAudio } from '@sophy/contracts/pcm-audio';

/** Undefined where nothing came. */
export async function collectAudio(pieces: AsyncIterable<PcmAudio>): Promise<PcmAudio | undefined> {
  const samples: Int16Array[] = [];
  let sampleRateHz: number | undefined;
  for await (const piece of pieces) {
    sampleRateHz ??= piece.sampleRateHz;
    samples.push(piece.samples);
  }
  if (sampleRateHz === undefined) return undefined;
  const joined = new Int16Array(samples.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of samples) {
    joined.set(piece, offset);
    offset += piece.length;
  }
  return { samples: joined, sampleRateHz };
}
