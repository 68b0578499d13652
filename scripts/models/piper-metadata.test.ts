import { describe, expect, it } from 'vitest';
import { piperConfigurationSchema, piperMetadata, piperTokens, varint } from './piper-metadata.ts';

const configuration = piperConfigurationSchema.parse({
  audio: { sample_rate: 22_050 },
  espeak: { voice: 'en-us' },
  phoneme_id_map: { _: [0], a: [14, 15], ' ': [3] },
});

/** Reads length-delimited protobuf fields, independently of the code under test. */
function fields(bytes: Buffer): { field: number; content: Buffer }[] {
  const found: { field: number; content: Buffer }[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const key = bytes.readUInt8(offset);
    const length = bytes.readUInt8(offset + 1);
    expect(key & 7).toBe(2);
    found.push({ field: key >> 3, content: bytes.subarray(offset + 2, offset + 2 + length) });
    offset += 2 + length;
  }
  return found;
}

describe('piperMetadata', () => {
  it('is a row of metadata entries with key and value', () => {
    const entries = fields(piperMetadata(configuration)).map(({ field, content }) => {
      expect(field).toBe(14);
      return fields(content).map((part) => part.content.toString());
    });
    expect(Object.fromEntries(entries)).toEqual({
      model_type: 'vits',
      comment: 'piper',
      language: 'English',
      voice: 'en-us',
      has_espeak: '1',
      n_speakers: '1',
      sample_rate: '22050',
    });
  });
});

describe('varint', () => {
  it.each([
    [0, [0]],
    [127, [127]],
    [128, [128, 1]],
    [300, [172, 2]],
    [2 ** 31, [128, 128, 128, 128, 8]],
  ])('writes %i', (value, bytes) => {
    expect(varint(value)).toEqual(bytes);
  });
});

it('writes a token a line with its first id, a space included', () => {
  expect(piperTokens(configuration)).toBe('_ 0\na 14\n  3\n');
});

it('refuses a voice without phonemes', () => {
  expect(piperConfigurationSchema.safeParse({ audio: {}, espeak: {} }).success).toBe(false);
});
