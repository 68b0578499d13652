/** Reads WAV files: integer and float PCM of any rate, mixed to one channel. */
import { EngineError } from '../engine-error.ts';

/** Mono audio between -1 and 1. */
export type FloatAudio = { readonly samples: Float32Array<ArrayBuffer>; readonly sampleRateHz: number };

type Format = {
  readonly encoding: 'integer' | 'float';
  readonly channels: number;
  readonly sampleRateHz: number;
  readonly bits: number;
};

/** Format tags of the WAVE specification. */
const integerTag = 1;
const floatTag = 3;
const extensibleTag = 0xfffe;
const formatBytes = 16;
/** Where an extensible format keeps the tag of its real encoding. */
const subFormatOffset = 24;
const minRateHz = 4_000;
const maxRateHz = 192_000;
const maxChannels = 8;

/** Throws `EngineError` invalid_audio with what is wrong. A data chunk longer than the file is read to its end. */
export function readWav(bytes: Uint8Array): FloatAudio {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || tagAt(view, 0) !== 'RIFF' || tagAt(view, 8) !== 'WAVE') {
    throw refused('The file is not a WAV file. Send audio as RIFF/WAVE with PCM samples.');
  }
  let format: Format | undefined;
  let offset = 12;
  while (offset + 8 <= bytes.length) {
    const tag = tagAt(view, offset);
    const start = offset + 8;
    const size = Math.min(view.getUint32(offset + 4, true), bytes.length - start);
    if (tag === 'fmt ') format = readFormat(view, start, size);
    if (tag === 'data') {
      if (format === undefined) throw refused('The WAV file has its samples before their format.');
      return readSamples(view, start, size, format);
    }
    // Chunks begin at even offsets.
    offset = start + size + (size % 2);
  }
  throw refused('The WAV file has no samples.');
}

function readFormat(view: DataView, start: number, size: number): Format {
  if (size < formatBytes) throw refused('The format of the WAV file is cut short.');
  const tag = view.getUint16(start, true);
  const isExtensible = tag === extensibleTag && size >= subFormatOffset + 2;
  const encodingTag = isExtensible ? view.getUint16(start + subFormatOffset, true) : tag;
  const channels = view.getUint16(start + 2, true);
  const sampleRateHz = view.getUint32(start + 4, true);
  const bits = view.getUint16(start + 14, true);
  if (encodingTag !== integerTag && encodingTag !== floatTag) {
    throw refused(`WAV encoding ${encodingTag} is not supported. Send integer or float PCM.`);
  }
  const encoding = encodingTag === floatTag ? 'float' : 'integer';
  const knownBits = encoding === 'float' ? [32, 64] : [8, 16, 24, 32];
  if (!knownBits.includes(bits)) throw refused(`WAV samples of ${bits} bits are not supported.`);
  if (channels < 1 || channels > maxChannels)
    throw refused(`WAV with ${channels} channels is not supported.`);
  if (sampleRateHz < minRateHz || sampleRateHz > maxRateHz) {
    throw refused(
      `A sample rate of ${sampleRateHz} Hz is not supported. Send ${minRateHz} to ${maxRateHz} Hz.`,
    );
  }
  return { encoding, channels, sampleRateHz, bits };
}

function readSamples(view: DataView, start: number, size: number, format: Format): FloatAudio {
  const sampleBytes = format.bits / 8;
  const frameBytes = sampleBytes * format.channels;
  const frameCount = Math.floor(size / frameBytes);
  const read = sampleReader(view, format);
  const samples = new Float32Array(frameCount);
  for (let frame = 0; frame < frameCount; frame += 1) {
    let sum = 0;
    const at = start + frame * frameBytes;
    for (let channel = 0; channel < format.channels; channel += 1) sum += read(at + channel * sampleBytes);
    const mixed = sum / format.channels;
    samples[frame] = Number.isFinite(mixed) ? Math.max(-1, Math.min(1, mixed)) : 0;
  }
  return { samples, sampleRateHz: format.sampleRateHz };
}

function sampleReader(view: DataView, { encoding, bits }: Format): (offset: number) => number {
  if (encoding === 'float') {
    return bits === 32
      ? (offset) => view.getFloat32(offset, true)
      : (offset) => view.getFloat64(offset, true);
  }
  switch (bits) {
    case 8:
      // The only unsigned width.
      return (offset) => (view.getUint8(offset) - 128) / 128;
    case 16:
      return (offset) => view.getInt16(offset, true) / 32_768;
    case 24:
      return (offset) => ((view.getInt8(offset + 2) << 16) | view.getUint16(offset, true)) / 8_388_608;
    default:
      return (offset) => view.getInt32(offset, true) / 2_147_483_648;
  }
}

function tagAt(view: DataView, offset: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((index) => view.getUint8(offset + index)));
}

function refused(message: string): EngineError {
  return new EngineError('invalid_audio', message);
}
