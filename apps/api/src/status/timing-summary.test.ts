import type { TurnTiming } from '@sophy/db/timing';
import { describe, expect, test } from 'vitest';
import { summarizeTimings } from './timing-summary.ts';

function timing(totalMs: number, sttMs: number | null = 100): TurnTiming {
  return {
    type: 'timing',
    turnId: 't',
    replyId: 'r',
    endOfTurnMs: 300,
    sttMs,
    llmFirstTokenMs: 150,
    llmMs: 200,
    ttsFirstAudioMs: 80,
    ttsAudioMs: 2_000,
    totalMs,
  };
}

describe('summary of timings', () => {
  test('no turns: nothing known, nothing counted', () => {
    const summary = summarizeTimings([]);
    expect(summary.latency).toEqual({
      e2e_ms: null,
      to_first_audio_ms: null,
      p50_ms: null,
      p95_ms: null,
      count: 0,
    });
    expect(summary.tts.audio_sec).toBeNull();
  });

  test('percentiles are values that occurred, by nearest rank', () => {
    const { latency } = summarizeTimings(Array.from({ length: 100 }, (_, index) => timing(index + 1)));
    expect(latency).toMatchObject({ p50_ms: 50, p95_ms: 95, e2e_ms: 50.5, count: 100 });
  });

  test('a typed message has no recognition and does not count as a fast one', () => {
    const { stt } = summarizeTimings([timing(500, null), timing(500, 120)]);
    expect(stt).toEqual({ time_ms: 120, p50_ms: 120, p95_ms: 120, count: 1 });
  });
});
