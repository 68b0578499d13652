/** Sample formats of the answers. */

/** Floats between -1 and 1 as signed 16 bit; louder ones are clipped. */
export function pcm16(samples: Float32Array): Int16Array<ArrayBuffer> {
  const converted = new Int16Array(samples.length);
  for (const [index, sample] of samples.entries()) {
    converted[index] = Math.round(Math.max(-1, Math.min(1, sample)) * 32_767);
  }
  return converted;
}

/** Little-endian bytes, on any machine that Node runs on. */
export function pcm16Bytes(samples: Int16Array<ArrayBuffer>): Buffer {
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
}

const headerBytes = 44;
/** Length of a stream whose end is not known yet, as players expect it. */
const unknownLength = 0xffff_ffff;

/** Header of a mono 16 bit WAV file; the data length is left open when it is not given. */
export function wavHeader(sampleRateHz: number, dataBytes?: number): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(dataBytes === undefined ? unknownLength : headerBytes - 8 + dataBytes, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(sampleRateHz, 24);
  header.writeUInt32LE(sampleRateHz * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(dataBytes ?? unknownLength, 40);
  return header;
}
