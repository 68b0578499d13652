/** Writes mono 16 bit audio as a WAV file. */
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import { bytesOfSamples } from './pcm-bytes.ts';

/** RIFF/WAVE bytes with the 44 byte header of plain PCM. */
export function encodeWav(audio: PcmAudio): Buffer {
  const data = bytesOfSamples(audio.samples);
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + data.length, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(audio.sampleRateHz, 24);
  header.writeUInt32LE(audio.sampleRateHz * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(data.length, 40);
  return Buffer.concat([header, data]);
}
