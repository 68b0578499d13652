/** Test support: what a loopback recognizer has heard since its last final, and where people pause in it. */
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import { LoudnessTurns } from '../scripted/loudness-turns.ts';
import { speechShapedAudio } from '../scripted/speech-shaped-audio.ts';

/** The words of some audio. Asked again and again as an utterance grows, so it must depend on the audio alone. */
export type Transcribe = (samples: Int16Array, sampleRateHz: number) => string;

const interimEveryMs = 200;
/** Silence before an utterance that is kept as its soft start, ms. */
const softStartMs = 300;

export class LoopbackHearing {
  readonly #sampleRateHz: number;
  readonly #transcribe: Transcribe;
  readonly #turns: LoudnessTurns;
  #heard = new Int16Array(0);
  #isSpeech = false;
  #totalSamples = 0;
  #startSamples = 0;
  #interimAtSamples = 0;

  constructor(options: { sampleRateHz: number; hangoverMs: number; transcribe: Transcribe }) {
    this.#sampleRateHz = options.sampleRateHz;
    this.#transcribe = options.transcribe;
    this.#turns = new LoudnessTurns(options);
  }

  /** Where what was not given as a final yet begins, s of the stream. */
  get startSeconds(): number {
    return this.#startSamples / this.#sampleRateHz;
  }

  get totalSeconds(): number {
    return this.#totalSamples / this.#sampleRateHz;
  }

  /** What becomes known by the next samples. */
  hear(samples: Int16Array): { readonly type: 'interim' | 'pause'; readonly text: string }[] {
    this.#keep(samples);
    const known: { type: 'interim' | 'pause'; text: string }[] = [];
    for (const event of this.#turns.push(samples)) {
      if (event.type === 'speech-started') this.#isSpeech = true;
      else known.push({ type: 'pause', text: this.takeFinal() });
    }
    const sinceInterimMs = ((this.#totalSamples - this.#interimAtSamples) * 1_000) / this.#sampleRateHz;
    if (this.#isSpeech && sinceInterimMs >= interimEveryMs) {
      this.#interimAtSamples = this.#totalSamples;
      known.push({ type: 'interim', text: this.#transcribe(this.#heard, this.#sampleRateHz) });
    }
    return known;
  }

  /** The words of all that was heard since the last final; empty when nobody has spoken. */
  takeFinal(): string {
    const text = this.#isSpeech ? this.#transcribe(this.#heard, this.#sampleRateHz) : '';
    this.#heard = new Int16Array(0);
    this.#isSpeech = false;
    this.#startSamples = this.#totalSamples;
    return text;
  }

  #keep(samples: Int16Array): void {
    const softStartSamples = (this.#sampleRateHz * softStartMs) / 1_000;
    const kept = this.#isSpeech ? this.#heard : this.#heard.slice(-softStartSamples);
    this.#heard = new Int16Array(kept.length + samples.length);
    this.#heard.set(kept);
    this.#heard.set(samples, kept.length);
    this.#totalSamples += samples.length;
  }
}

/** Sound about as long as the text would be spoken, when no voice is given. */
export function hum(text: string, sampleRateHz: number): PcmAudio {
  return speechShapedAudio(Math.max(200, text.length * 60), sampleRateHz);
}
