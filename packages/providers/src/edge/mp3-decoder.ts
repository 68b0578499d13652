/** Turns the bytes of a mono MP3 stream into samples while they arrive. */
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import { MPEGDecoder } from 'mpg123-decoder';

export class Mp3Decoder {
  readonly #decoder: MPEGDecoder;

  private constructor(decoder: MPEGDecoder) {
    this.#decoder = decoder;
  }

  static async open(): Promise<Mp3Decoder> {
    // The stream has no header that tells its padding.
    const decoder = new MPEGDecoder({ enableGapless: false });
    await decoder.ready;
    return new Mp3Decoder(decoder);
  }

  /** Samples of the frames that are complete by now; undefined when there are none. */
  push(bytes: Uint8Array): PcmAudio | undefined {
    const { channelData, samplesDecoded, sampleRate } = this.#decoder.decode(bytes);
    const values = channelData[0];
    if (values === undefined || samplesDecoded === 0) return undefined;
    return { samples: Int16Array.from(values, toSample), sampleRateHz: sampleRate };
  }

  /** Gives its memory back; nothing may be pushed any more. */
  close(): void {
    this.#decoder.free();
  }
}

function toSample(value: number): number {
  return Math.round(Math.max(-1, Math.min(1, value)) * 32_767);
}
