import { encodeWav } from '@sophy/providers/audio/encode-wav';
import { expect, test } from 'vitest';
import { concatenate, mix, rmsDbfs, silence, tone, trim, voicedSpan } from './pcm.ts';
import { decodeWav } from './wav.ts';

const beep = tone({ frequencyHz: 440, lengthMs: 200, sampleRateHz: 16_000 });

test('a tone of amplitude 0.3 is 13.5 dB below full scale, silence has no level', () => {
  expect(rmsDbfs(beep.samples)).toBeCloseTo(-13.5, 0);
  expect(rmsDbfs(silence(100, 16_000).samples)).toBe(-Infinity);
});

test('the voiced span is where the tone was put, to the 10 ms frame', () => {
  const clip = concatenate(silence(130, 16_000), beep, silence(70, 16_000));
  expect(voicedSpan(clip)).toEqual({ startSample: 130 * 16, endSample: 330 * 16 });
  expect(trim(clip).samples).toHaveLength(200 * 16);
  expect(voicedSpan(silence(50, 16_000))).toBeUndefined();
});

test('mixing clips at full scale clips instead of wrapping', () => {
  const loud = { samples: Int16Array.from([30_000, -30_000]), sampleRateHz: 8_000 };
  expect([...mix(loud, loud).samples]).toEqual([32_767, -32_768]);
});

test('clips of different sample rates are refused', () => {
  expect(() => concatenate(beep, silence(10, 48_000))).toThrow('16000, 48000');
});

test('a WAV file reads back sample for sample, also with the endless size of a stream', () => {
  const file = encodeWav(beep);
  expect(decodeWav(file)).toEqual(beep);
  file.writeUInt32LE(0xffffffff, 40);
  expect(decodeWav(file).samples).toEqual(beep.samples);
  expect(() => decodeWav(Buffer.from('no audio at all'))).toThrow('RIFF');
});
