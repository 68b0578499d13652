/**
 * Hears an utterance with a model that takes whole files: again and again while somebody speaks, and once more at the
 * end. Interim recognitions only use what nobody else needs.
 */
import { pcm16, pcm16Bytes, wavHeader } from '../tts/pcm16.ts';
import { AgreedWords } from './agreed-words.ts';
import type { HeardUtterance, OpenEar } from './utterance-ear.ts';

/** A recognizer and a place at it, until `release`. */
export type RecognizerUse = {
  transcribe(wav: Uint8Array, signal: AbortSignal): Promise<HeardUtterance>;
  release(): void;
};

export type RedecodingOptions = {
  /** Waits its turn. */
  readonly enter: (signal: AbortSignal) => Promise<RecognizerUse>;
  /** Only when it keeps nobody waiting. */
  readonly enterIdle: (signal: AbortSignal) => Promise<RecognizerUse | undefined>;
  readonly signal: AbortSignal;
  readonly onInterimFailure: (error: unknown) => void;
  readonly nowMs: () => number;
};

export const earSampleRateHz = 16_000;
/** New audio that is worth another look, seconds. */
const minStepSeconds = 0.7;
/** One speaker's interim words take at most a third of one place. */
const restPerWork = 2;

export function redecodingEar(options: RedecodingOptions): OpenEar {
  return (onDelta) => {
    const pieces: Float32Array[] = [];
    const agreed = new AgreedWords();
    const stop = new AbortController();
    const signal = AbortSignal.any([options.signal, stop.signal]);
    let heardSamples = 0;
    let lookedAtSamples = 0;
    let restUntilMs = 0;
    let isLooking = false;

    async function look(): Promise<void> {
      const use = await options.enterIdle(signal);
      if (use === undefined) return;
      const startedMs = options.nowMs();
      try {
        lookedAtSamples = heardSamples;
        const { text } = await use.transcribe(wavOf(pieces, heardSamples), signal);
        const delta = signal.aborted ? '' : agreed.accept(text);
        if (delta !== '') onDelta(delta);
      } finally {
        const endedMs = options.nowMs();
        restUntilMs = endedMs + restPerWork * (endedMs - startedMs);
        use.release();
      }
    }

    return {
      hear(samples) {
        pieces.push(samples);
        heardSamples += samples.length;
        const isWorthIt = heardSamples - lookedAtSamples >= minStepSeconds * earSampleRateHz;
        if (isLooking || !isWorthIt || options.nowMs() < restUntilMs) return;
        isLooking = true;
        look()
          .catch((error: unknown) => {
            if (!signal.aborted) options.onInterimFailure(error);
          })
          .finally(() => {
            isLooking = false;
          });
      },
      async finish() {
        stop.abort(new Error('the utterance is over'));
        const use = await options.enter(options.signal);
        try {
          return await use.transcribe(wavOf(pieces, heardSamples), options.signal);
        } finally {
          use.release();
        }
      },
      abandon: () => stop.abort(new Error('the session is over')),
    };
  };
}

function wavOf(pieces: readonly Float32Array[], sampleCount: number): Buffer {
  const joined = new Float32Array(sampleCount);
  let offset = 0;
  for (const piece of pieces) {
    joined.set(piece, offset);
    offset += piece.length;
  }
  const samples = pcm16(joined);
  return Buffer.concat([wavHeader(earSampleRateHz, samples.byteLength), pcm16Bytes(samples)]);
}
