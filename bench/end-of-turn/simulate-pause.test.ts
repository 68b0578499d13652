import { describe, expect, it } from 'vitest';
import type { Pause } from './hearing.ts';
import { commitTimeMs } from './simulate-pause.ts';

/** The voice ends at 1,000 ms; the lane says so at 1,064. */
const pause: Pause = {
  isEnd: true,
  reportedMs: 1_064,
  lastVoiceMs: 1_000,
  predictions: [
    { silenceMs: 200, probability: 0.3 },
    { silenceMs: 500, probability: 0.9 },
  ],
  scriptWords: '',
  heardWords: '',
  recognitionMs: 0,
};
const words = { said: 'complete', lagMs: 100 } as const;

describe('commit in a pause', () => {
  it('comes the wait after the voice, not after the report', () => {
    expect(commitTimeMs(pause, words, () => 700)).toBe(1_700);
  });

  it('never comes before the words', () => {
    expect(commitTimeMs(pause, { said: 'complete', lagMs: 900 }, () => 100)).toBe(1_964);
  });

  it('comes sooner once the voice is known to have ended, but not before that is known', () => {
    const waiting = ({ probability = 0 }) => (probability > 0.5 ? 300 : 2_000);
    expect(commitTimeMs(pause, words, waiting)).toBe(1_540);
  });

  it('does not use an answer that comes after the commit', () => {
    const waiting = ({ probability }: { probability: number | undefined }) =>
      probability === undefined ? 220 : 2_000;
    expect(commitTimeMs(pause, words, waiting)).toBe(1_220);
  });
});
