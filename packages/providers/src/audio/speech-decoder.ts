/** Turns the bytes of a speech answer, raw PCM or WAV, into samples while they arrive. */
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import { samplesOfBytes } from './pcm-bytes.ts';

/** The answer is not mono 16 bit audio; the message says what it is instead. */
export class AudioFormatError extends Error {
  override readonly name = 'AudioFormatError';
}

type State =
  | { readonly type: 'sniffing' }
  | { readonly type: 'wav-header' }
  | { readonly type: 'samples'; readonly sampleRateHz: number; remainingBytes: number };

const riffBytes = 12;
const maxHeaderBytes = 65_536;
/** Writers that do not know the length yet put 0 or all ones; both mean: until the end. */
const unknownLengths = new Set([0, 0x7fff_ffff, 0xffff_ffff]);

export class SpeechDecoder {
  #state: State = { type: 'sniffing' };
  #pending: Buffer = Buffer.alloc(0);
  readonly #rawSampleRateHz: number;

  /** @param rawSampleRateHz rate of the samples when the bytes turn out to be raw PCM. */
  constructor(rawSampleRateHz: number) {
    this.#rawSampleRateHz = rawSampleRateHz;
  }

  /**
   * Whole samples of what has come so far and was not given yet; undefined when there are none.
   * @throws AudioFormatError when the bytes are not mono 16 bit audio.
   */
  push(chunk: Uint8Array): PcmAudio | undefined {
    this.#pending = this.#pending.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#pending, chunk]);
    if (this.#state.type === 'sniffing' && !this.#sniff(false)) return undefined;
    if (this.#state.type === 'wav-header' && !this.#readHeader()) return undefined;
    return this.#takeSamples();
  }

  /** What was held back until it was clear whether a header comes. Call once after the last chunk. */
  end(): PcmAudio | undefined {
    if (this.#state.type === 'sniffing') this.#sniff(true);
    if (this.#state.type === 'wav-header') throw new AudioFormatError('WAV without samples');
    return this.#takeSamples();
  }

  /** Raw samples that spell RIFF....WAVE would be a scream of 0 dB; the risk is taken. */
  #sniff(isEnd: boolean): boolean {
    const head = this.#pending.toString('latin1', 0, riffBytes);
    const isRiff = head.startsWith('RIFF'.slice(0, head.length));
    if (isRiff && head.length < riffBytes && !isEnd) return false;
    if (isRiff && head.slice(8) === 'WAVE') this.#state = { type: 'wav-header' };
    else this.#startSamples(this.#rawSampleRateHz, Number.POSITIVE_INFINITY);
    return true;
  }

  #startSamples(sampleRateHz: number, remainingBytes: number): void {
    this.#state = { type: 'samples', sampleRateHz, remainingBytes };
  }

  /** Walks the chunks of a RIFF file up to `data`. */
  #readHeader(): boolean {
    let offset = riffBytes;
    let sampleRateHz: number | undefined;
    while (this.#pending.length >= offset + 8) {
      const id = this.#pending.toString('latin1', offset, offset + 4);
      const length = this.#pending.readUInt32LE(offset + 4);
      const start = offset + 8;
      if (id === 'data') {
        if (sampleRateHz === undefined) throw new AudioFormatError('WAV without a format');
        this.#pending = this.#pending.subarray(start);
        this.#startSamples(sampleRateHz, unknownLengths.has(length) ? Number.POSITIVE_INFINITY : length);
        return true;
      }
      if (start + length > maxHeaderBytes) throw new AudioFormatError('WAV with an overlong header');
      if (id === 'fmt ') {
        if (this.#pending.length < start + 16) return false;
        sampleRateHz = sampleRateOfFormat(this.#pending.subarray(start, start + 16));
      }
      offset = start + length + (length % 2);
    }
    return false;
  }

  #takeSamples(): PcmAudio | undefined {
    const state = this.#state;
    if (state.type !== 'samples') return undefined;
    const available = Math.min(this.#pending.length, state.remainingBytes);
    const whole = available - (available % 2);
    if (whole === 0) return undefined;
    const samples = samplesOfBytes(this.#pending.subarray(0, whole));
    this.#pending = this.#pending.subarray(whole);
    state.remainingBytes -= whole;
    // Chunks after `data` (tags) are no sound.
    if (state.remainingBytes < 2) this.#pending = Buffer.alloc(0);
    return { samples, sampleRateHz: state.sampleRateHz };
  }
}

const formatPcm = 1;
const formatExtensible = 0xfffe;

function sampleRateOfFormat(format: Buffer): number {
  const encoding = format.readUInt16LE(0);
  const channels = format.readUInt16LE(2);
  const bits = format.readUInt16LE(14);
  if (encoding !== formatPcm && encoding !== formatExtensible)
    throw new AudioFormatError(`WAV with encoding ${encoding} instead of PCM`);
  if (channels !== 1) throw new AudioFormatError(`WAV with ${channels} channels instead of one`);
  if (bits !== 16) throw new AudioFormatError(`WAV with ${bits} bit samples instead of 16`);
  return format.readUInt32LE(4);
}
