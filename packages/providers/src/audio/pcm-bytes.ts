/** Samples to little-endian bytes and back, whatever the byte order of the machine. */
import { endianness } from 'node:os';

const isLittleEndian = endianness() === 'LE';

/** Copies samples into little-endian bytes. */
export function bytesOfSamples(samples: Int16Array): Buffer {
  const bytes = Buffer.from(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
  return isLittleEndian ? bytes : bytes.swap16();
}

/** Copies little-endian bytes into samples; an odd last byte is left out. */
export function samplesOfBytes(bytes: Uint8Array): Int16Array {
  const whole = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)));
  if (!isLittleEndian) whole.swap16();
  const samples = new Int16Array(whole.length / 2);
  new Uint8Array(samples.buffer).set(whole);
  return samples;
}
