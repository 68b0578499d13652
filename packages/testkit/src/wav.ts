/** Reads WAV files; `@sophy/providers/audio/encode-wav` writes them. */
import type { PcmAudio } from '@sophy/contracts/pcm-audio';

/**
 * Reads a RIFF file; stereo is mixed down. A data size past the end of the file (streamed WAV) means "to the end".
 * Throws when it is not 16 bit PCM.
 */
export function decodeWav(file: Uint8Array): PcmAudio {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.toString('ascii', 0, 4) !== 'RIFF' || bytes.toString('ascii', 8, 12) !== 'WAVE') {
    throw new Error('not a WAV file: it does not begin with RIFF ... WAVE');
  }
  let channels = 1;
  let sampleRateHz = 0;
  for (let offset = 12; offset + 8 <= bytes.length; ) {
    const id = bytes.toString('ascii', offset, offset + 4);
    const size = bytes.readUInt32LE(offset + 4);
    const body = offset + 8;
    if (id === 'fmt ') {
      const format = bytes.readUInt16LE(body);
      const bits = bytes.readUInt16LE(body + 14);
      if ((format !== 1 && format !== 0xfffe) || bits !== 16) {
        throw new Error(`WAV must be 16 bit PCM, this one has format ${format} with ${bits} bits`);
      }
      channels = bytes.readUInt16LE(body + 2);
      sampleRateHz = bytes.readUInt32LE(body + 4);
    }
    if (id === 'data') {
      if (sampleRateHz === 0) throw new Error('WAV has its data before its format');
      return { samples: readSamples(bytes.subarray(body, body + size), channels), sampleRateHz };
    }
    offset = body + size + (size % 2);
  }
  throw new Error('WAV has no data');
}

function readSamples(data: Buffer, channels: number): Int16Array {
  const samples = new Int16Array(Math.floor(data.length / 2 / channels));
  for (let index = 0; index < samples.length; index += 1) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel += 1) {
      sum += data.readInt16LE((index * channels + channel) * 2);
    }
    samples[index] = Math.round(sum / channels);
  }
  return samples;
}
