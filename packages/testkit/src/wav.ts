/** WAV files of signed 16 bit mono audio, as recognition servers and the browser's fake microphone take them. */
import type { PcmAudio } from '@sophy/contracts/pcm-audio';

const headerBytes = 44;

/** A RIFF file with a 44 byte header. */
export function encodeWav(audio: PcmAudio): Buffer {
  const data = Buffer.from(audio.samples.buffer, audio.samples.byteOffset, audio.samples.byteLength);
  const header = Buffer.alloc(headerBytes);
  header.write('RIFF', 0, 'ascii');
  header.writeUInt32LE(headerBytes - 8 + data.length, 4);
  header.write('WAVEfmt ', 8, 'ascii');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(audio.sampleRateHz, 24);
  header.writeUInt32LE(audio.sampleRateHz * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'ascii');
  header.writeUInt32LE(data.length, 40);
  return Buffer.concat([header, data]);
}

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
