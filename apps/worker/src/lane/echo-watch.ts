/** Listens whether speech over the agent's voice is that voice itself, back through a loudspeaker. */
import { echoLikeness, longestEchoMs } from '@sophy/conversation/echo-likeness';
import type { PlayedAudio } from '../voice/played-audio.ts';

/** Speech is compared once it is so long, and once more when it pauses, ms: enough to say, and soon enough to matter. */
const comparedAfterMs = [160, 320] as const;
/** The detector notices a voice a little late: that much before the onset is compared too. */
const beforeOnsetMs = 100;
/** Longer speech is compared by its end. */
const longestMs = 1_000;
/** So long after the voice fell silent its echo may still begin. */
const echoAfterMs = 700;

export type EchoWatchOptions = {
  readonly played: Pick<PlayedAudio, 'between' | 'endMs'>;
  /** The latest audio of the microphone, at most so many samples. */
  readonly audio: (samples: number) => Int16Array;
  readonly sampleRateHz: number;
  /** Room clock, ms. */
  readonly now: () => number;
  readonly onEstimate: (likeness: number) => void;
};

export class EchoWatch {
  readonly #options: EchoWatchOptions;
  #onsetMs = 0;
  #compared = 0;

  constructor(options: EchoWatchOptions) {
    this.#options = options;
  }

  /** The person begins to speak, or goes on after a pause. */
  speechStarted(onsetMs: number): void {
    this.#onsetMs = onsetMs;
    this.#compared = 0;
  }

  /** More of the speech was heard. */
  speechGoesOn(): void {
    const dueMs = comparedAfterMs[this.#compared];
    const nowMs = this.#options.now();
    if (dueMs === undefined || nowMs - this.#onsetMs < dueMs) return;
    this.#compared += 1;
    this.#compare(nowMs, 0);
  }

  /** The person pauses; the audio ends with that much silence. */
  speechPaused(silenceMs: number): void {
    this.#compare(this.#options.now(), silenceMs);
  }

  #compare(nowMs: number, silenceMs: number): void {
    const { played, audio, sampleRateHz, onEstimate } = this.#options;
    if (played.endMs === undefined || this.#onsetMs - played.endMs > echoAfterMs) return;
    const toMs = nowMs - silenceMs;
    const wantedMs = Math.min(longestMs, toMs - this.#onsetMs + beforeOnsetMs);
    const latest = audio(samplesOf(wantedMs + silenceMs, sampleRateHz));
    const heard = latest.subarray(0, Math.max(0, latest.length - samplesOf(silenceMs, sampleRateHz)));
    const fromMs = toMs - (heard.length / sampleRateHz) * 1_000;
    const likeness = echoLikeness({
      heard: { samples: heard, sampleRateHz },
      played: played.between(fromMs - longestEchoMs, toMs),
    });
    onEstimate(likeness);
  }
}

function samplesOf(lengthMs: number, sampleRateHz: number): number {
  return Math.max(0, Math.round((lengthMs / 1_000) * sampleRateHz));
}
