/** Cuts long audio into pieces that Whisper hears whole, at the quietest places. */

/** Whisper's window is 30 s; the rest of it is the padding that lets the last words come through. */
const maxPieceSeconds = 28;
/** Cuts are looked for in the last part of a piece, so that pieces stay long and words have context. */
const searchSeconds = 10;
/** Long enough to be a pause between words, short enough to fit one. */
const frameSeconds = 0.1;

/** Pieces of the same memory, in order; short audio is one piece. */
export function cutAudio(samples: Float32Array, sampleRateHz: number): Float32Array[] {
  const maxLength = maxPieceSeconds * sampleRateHz;
  const pieces: Float32Array[] = [];
  let start = 0;
  while (samples.length - start > maxLength) {
    const from = start + maxLength - searchSeconds * sampleRateHz;
    const cut = quietestPlace(samples, from, start + maxLength, Math.round(frameSeconds * sampleRateHz));
    pieces.push(samples.subarray(start, cut));
    start = cut;
  }
  pieces.push(samples.subarray(start));
  return pieces;
}

/** Middle of the frame with the least energy. */
function quietestPlace(samples: Float32Array, from: number, to: number, frameLength: number): number {
  let best = from;
  let bestEnergy = Number.POSITIVE_INFINITY;
  for (let frame = from; frame + frameLength <= to; frame += frameLength) {
    let energy = 0;
    for (const sample of samples.subarray(frame, frame + frameLength)) energy += sample * sample;
    if (energy < bestEnergy) {
      bestEnergy = energy;
      best = frame;
    }
  }
  return best + Math.floor(frameLength / 2);
}
