import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../engine-error.ts';
import { wavHeader } from '../tts/pcm16.ts';
import { readWav } from './wav.ts';

type WavParts = {
  readonly tag?: number;
  readonly channels?: number;
  readonly rateHz?: number;
  readonly bits: number;
  readonly data: Buffer;
  readonly before?: Buffer;
};

function wav({
  tag = 1,
  channels = 1,
  rateHz = 16_000,
  bits,
  data,
  before = Buffer.alloc(0),
}: WavParts): Buffer {
  const format = Buffer.alloc(16);
  format.writeUInt16LE(tag, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(rateHz, 4);
  format.writeUInt16LE(bits, 14);
  const body = Buffer.concat([Buffer.from('WAVE'), chunk('fmt ', format), before, chunk('data', data)]);
  return chunk('RIFF', body);
}

function chunk(name: string, content: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(content.length);
  return Buffer.concat([Buffer.from(name), size, content, Buffer.alloc(content.length % 2)]);
}

function int16(...values: number[]): Buffer {
  return Buffer.from(new Int16Array(values).buffer);
}

describe('readWav', () => {
  it.each([
    ['8 bit', { bits: 8, data: Buffer.from([0, 128, 192]) }, [-1, 0, 0.5]],
    ['16 bit', { bits: 16, data: int16(-32_768, 0, 16_384) }, [-1, 0, 0.5]],
    ['24 bit', { bits: 24, data: Buffer.from([0, 0, 0x80, 0, 0, 0, 0, 0, 0x40]) }, [-1, 0, 0.5]],
    [
      '32 bit',
      { bits: 32, data: Buffer.from(new Int32Array([-(2 ** 31), 0, 2 ** 30]).buffer) },
      [-1, 0, 0.5],
    ],
    ['float', { tag: 3, bits: 32, data: Buffer.from(new Float32Array([-1, 0, 0.5]).buffer) }, [-1, 0, 0.5]],
    ['double', { tag: 3, bits: 64, data: Buffer.from(new Float64Array([-1, 0, 0.5]).buffer) }, [-1, 0, 0.5]],
  ])('reads %s samples', (_name, parts, expected) => {
    const audio = readWav(wav(parts));
    expect(audio.sampleRateHz).toBe(16_000);
    expect([...audio.samples]).toEqual(expected);
  });

  it('mixes two channels to one', () => {
    const audio = readWav(wav({ channels: 2, bits: 16, data: int16(16_384, 0, -16_384, 16_384) }));
    expect([...audio.samples]).toEqual([0.25, 0]);
  });

  it('passes over chunks it does not know, odd lengths included', () => {
    const before = chunk('LIST', Buffer.from('odd'));
    expect([...readWav(wav({ bits: 16, data: int16(16_384), before })).samples]).toEqual([0.5]);
  });

  it('reads a stream whose length was not known when it began', () => {
    const streamed = Buffer.concat([wavHeader(22_050), int16(16_384, -16_384)]);
    expect([...readWav(streamed).samples]).toEqual([0.5, -0.5]);
  });

  it('takes infinite floats for silence and clips loud ones', () => {
    const data = Buffer.from(new Float32Array([Number.NaN, Number.POSITIVE_INFINITY, 3]).buffer);
    expect([...readWav(wav({ tag: 3, bits: 32, data })).samples]).toEqual([0, 0, 1]);
  });

  it.each([
    ['text', Buffer.from('this is no audio at all, sorry')],
    ['an unknown encoding', wav({ tag: 85, bits: 16, data: int16(1) })],
    ['no channel', wav({ channels: 0, bits: 16, data: int16(1) })],
    ['an impossible rate', wav({ rateHz: 1, bits: 16, data: int16(1) })],
    ['odd bits', wav({ bits: 12, data: int16(1) })],
    ['no samples', wav({ bits: 16, data: int16(1) }).subarray(0, 36)],
    ['nothing', Buffer.alloc(0)],
  ])('refuses %s', (_name, bytes) => {
    expect(() => readWav(bytes)).toThrow(EngineError);
  });

  it('never throws anything but a refusal', () => {
    const valid = wav({ bits: 16, data: int16(1, 2, 3, 4) });
    fc.assert(
      fc.property(fc.nat(valid.length - 1), fc.nat(255), fc.nat(valid.length), (at, value, length) => {
        const damaged = Buffer.from(valid);
        damaged[at] = value;
        try {
          readWav(damaged.subarray(0, length));
        } catch (error) {
          expect(error).toBeInstanceOf(EngineError);
        }
      }),
    );
  });
});
