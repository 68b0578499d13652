import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeWav } from './encode-wav.ts';
import { bytesOfSamples } from './pcm-bytes.ts';
import { AudioFormatError, SpeechDecoder } from './speech-decoder.ts';

function decode(bytes: Uint8Array, positions: readonly number[]) {
  const cuts = [0, ...[...positions].map((p) => p % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const decoder = new SpeechDecoder(24_000);
  const pieces = cuts.slice(1).map((end, index) => decoder.push(bytes.subarray(cuts[index], end)));
  const audio = [...pieces, decoder.end()].filter((piece) => piece !== undefined);
  return {
    samples: audio.flatMap((piece) => [...piece.samples]),
    rates: new Set(audio.map((piece) => piece.sampleRateHz)),
  };
}

const samplesArbitrary = fc.int16Array({ minLength: 1, maxLength: 200 });
const positionsArbitrary = fc.array(fc.nat(), { maxLength: 20 });

describe('SpeechDecoder', () => {
  it('gives the same samples of raw PCM wherever the bytes are split', () => {
    fc.assert(
      fc.property(samplesArbitrary, positionsArbitrary, (samples, positions) => {
        const decoded = decode(bytesOfSamples(samples), positions);
        expect(decoded.samples).toEqual([...samples]);
        expect(decoded.rates).toEqual(new Set([24_000]));
      }),
    );
  });

  it('gives the same samples of WAV wherever the bytes are split, at the rate of the header', () => {
    fc.assert(
      fc.property(
        samplesArbitrary,
        positionsArbitrary,
        fc.constantFrom('known', 'zero', 'all ones'),
        fc.boolean(),
        (samples, positions, length, hasList) => {
          let bytes = encodeWav({ samples, sampleRateHz: 22_050 });
          if (length !== 'known') bytes.writeUInt32LE(length === 'zero' ? 0 : 0xffff_ffff, 40);
          // An odd chunk before the samples, padded to an even length.
          const list = Buffer.from('LIST\x03\0\0\0abc\0', 'latin1');
          if (hasList) bytes = Buffer.concat([bytes.subarray(0, 36), list, bytes.subarray(36)]);
          const decoded = decode(bytes, positions);
          expect(decoded.samples).toEqual([...samples]);
          expect(decoded.rates).toEqual(new Set([22_050]));
        },
      ),
    );
  });

  it('leaves tags after the samples out', () => {
    const samples = Int16Array.of(1, 2, 3);
    const bytes = Buffer.concat([
      encodeWav({ samples, sampleRateHz: 16_000 }),
      Buffer.from('LIST\x04\0\0\0tags'),
    ]);
    expect(decode(bytes, [50]).samples).toEqual([1, 2, 3]);
  });

  it('refuses stereo, 8 bit and compressed WAV', () => {
    const wav = () => encodeWav({ samples: Int16Array.of(1, 2), sampleRateHz: 16_000 });
    const stereo = wav();
    stereo.writeUInt16LE(2, 22);
    expect(() => decode(stereo, [])).toThrow(AudioFormatError);
    const eightBit = wav();
    eightBit.writeUInt16LE(8, 34);
    expect(() => decode(eightBit, [])).toThrow(AudioFormatError);
    const floats = wav();
    floats.writeUInt16LE(3, 20);
    expect(() => decode(floats, [])).toThrow(AudioFormatError);
  });

  it('refuses a WAV that ends in its header', () => {
    expect(() =>
      decode(encodeWav({ samples: Int16Array.of(1), sampleRateHz: 16_000 }).subarray(0, 30), []),
    ).toThrow(AudioFormatError);
  });
});
