import { describe, expect, it } from 'vitest';
import type { BenchTurn } from './make-turns.ts';
import { bestAt, deadAirAt, measure, type Point, paretoFront } from './sweep.ts';

const pause = { predictions: [], scriptWords: 'a', heardWords: 'b', recognitionMs: 0 };
/** Voice from 0 to 1 s, 600 ms of pause, voice to 2 s; the lane notices 50 ms late. */
const turn: BenchTurn = {
  script: { language: 'en', kind: 'hesitation', parts: ['a', 'b'] },
  half: 'tuning',
  seed: 1,
  spoken: {
    voiced: [
      { fromMs: 0, toMs: 1_000 },
      { fromMs: 1_600, toMs: 2_000 },
    ],
    phrasing: 'cut',
    speed: 1,
    pitch: 1,
    snrDb: 30,
  },
  pauses: [
    { ...pause, isEnd: false, reportedMs: 400, lastVoiceMs: 336, resumedMs: 464 },
    { ...pause, isEnd: false, reportedMs: 1_114, lastVoiceMs: 1_050, resumedMs: 1_632 },
    { ...pause, isEnd: true, reportedMs: 2_114, lastVoiceMs: 2_050 },
  ],
};

describe('sweep', () => {
  it.each([
    [500, 1, 550],
    [1_000, 0, 1_050],
  ])('a time-out of %i ms', (timeoutMs, cutOffs, deadAirMs) => {
    const point = measure([turn], { settings: {}, waiting: () => timeoutMs, words: () => '' });
    expect(point).toMatchObject({
      cutOffs,
      turnsCut: cutOffs,
      deadAirMeanMs: deadAirMs,
      deadAirP50Ms: deadAirMs,
    });
  });

  it('keeps the points that no other beats', () => {
    const point = (cutOffs: number, deadAirMeanMs: number): Point => ({
      settings: {},
      cutOffs,
      turnsCut: 0,
      deadAirMeanMs,
      deadAirP50Ms: 0,
    });
    const points = [point(0.1, 300), point(0.04, 900), point(0.05, 700), point(0.2, 400)];
    expect(paretoFront(points)).toEqual([points[0], points[2], points[1]]);
    expect(bestAt(points, 0.05)).toBe(points[2]);
    expect(bestAt(points, 0.01)).toBeUndefined();
    expect(deadAirAt(points, 0.075)?.meanMs).toBeCloseTo(500);
    expect(deadAirAt(points, 0.01)).toBeUndefined();
  });
});
