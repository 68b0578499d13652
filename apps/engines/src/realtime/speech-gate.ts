/** Tells speech from pauses by loudness against the room's own noise: enough to find where an utterance ends. */

export type GateEvent = 'started' | 'stopped';

export type SpeechGateOptions = {
  /** Silence that ends an utterance, ms. */
  readonly endSilenceMs: number;
  /** Length of each frame that is pushed, ms. */
  readonly frameMs: number;
};

/** Speech stands out from the room by this much, dB. */
const abovePauseDb = 9;
/** Quieter than this nobody is understood, dBFS. */
const quietestSpeechDb = -50;
/** The noise floor follows a quieter room at once, and a louder one this fast, dB per second. */
const floorRiseDbPerSecond = 2;
const firstFloorDb = -60;
/** Loud frames in a row that open the gate: a click has fewer, ms. */
const openAfterMs = 60;

export class SpeechGate {
  private readonly options: SpeechGateOptions;
  private floorDb = firstFloorDb;
  private loudMs = 0;
  private quietMs = 0;
  private isOpen = false;

  constructor(options: SpeechGateOptions) {
    this.options = options;
  }

  /** Takes the next frame and says whether somebody began or ended with it. */
  push(frame: Float32Array): GateEvent | undefined {
    const { frameMs, endSilenceMs } = this.options;
    const levelDb = loudnessDb(frame);
    const isLoud = levelDb > Math.max(this.floorDb + abovePauseDb, quietestSpeechDb);
    const rise = (floorRiseDbPerSecond * frameMs) / 1_000;
    this.floorDb = Math.max(-90, Math.min(levelDb, this.floorDb + rise));
    this.loudMs = isLoud ? this.loudMs + frameMs : 0;
    this.quietMs = isLoud ? 0 : this.quietMs + frameMs;
    if (!this.isOpen && this.loudMs >= openAfterMs) {
      this.isOpen = true;
      return 'started';
    }
    if (this.isOpen && this.quietMs >= endSilenceMs) {
      this.isOpen = false;
      return 'stopped';
    }
    return undefined;
  }

  /** The utterance was ended by somebody else; the next one begins with new speech. */
  shut(): void {
    this.isOpen = false;
    this.loudMs = 0;
  }
}

/** Root mean square against full scale. */
function loudnessDb(frame: Float32Array): number {
  let energy = 0;
  for (const sample of frame) energy += sample * sample;
  return 10 * Math.log10(energy / Math.max(1, frame.length) + 1e-10);
}
