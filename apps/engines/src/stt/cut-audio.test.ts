import { describe, expect, it } from 'vitest';
import { cutAudio } from './cut-audio.ts';

const rateHz = 1_000;

function noise(seconds: number): Float32Array {
  return new Float32Array(seconds * rateHz).fill(0.5);
}

describe('cutAudio', () => {
  it('leaves short audio whole', () => {
    expect(cutAudio(noise(28), rateHz)).toHaveLength(1);
  });

  it('cuts where it is quietest', () => {
    const samples = noise(40);
    samples.fill(0, 22 * rateHz, 22.3 * rateHz);
    const [first, second] = cutAudio(samples, rateHz);
    expect((first?.length ?? 0) / rateHz).toBeGreaterThanOrEqual(22);
    expect((first?.length ?? 0) / rateHz).toBeLessThanOrEqual(22.3);
    expect((first?.length ?? 0) + (second?.length ?? 0)).toBe(samples.length);
  });

  it('loses no sample and exceeds no window, however long the audio is', () => {
    const pieces = cutAudio(noise(200), rateHz);
    expect(pieces.reduce((sum, piece) => sum + piece.length, 0)).toBe(200 * rateHz);
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(28 * rateHz);
  });
});
