import { describe, expect, it } from 'vitest';
import {
  type LatencyMark,
  type LatencyMarks,
  timingFields,
  timingNotice,
  withMark,
} from './latency-ledger.ts';

const spoken: LatencyMarks = {
  lastVoiceMs: 1_000,
  sttRequestMs: 1_150,
  transcriptMs: 1_250,
  committedMs: 1_300,
  llmRequestMs: 1_250,
  llmFirstTokenMs: 1_400,
  llmEndMs: 1_700,
  ttsRequestMs: 1_420,
  ttsFirstAudioMs: 1_500,
  playoutStartMs: 1_510,
};

describe('latency ledger', () => {
  it('tells where the time of a spoken turn went', () => {
    expect(timingFields(spoken, 2_400)).toEqual({
      endOfTurnMs: 300,
      sttMs: 100,
      llmFirstTokenMs: 150,
      llmMs: 450,
      ttsFirstAudioMs: 80,
      ttsAudioMs: 2_400,
      totalMs: 510,
    });
    expect(timingNotice('t1', spoken)).toEqual({
      type: 'timing',
      turnId: 't1',
      endOfTurnMs: 300,
      sttMs: 100,
      llmMs: 150,
      ttsMs: 80,
      totalMs: 510,
    });
  });

  it('says null for the stages that a typed message does not have', () => {
    const typed = { lastVoiceMs: 0, committedMs: 0, llmRequestMs: 0, llmFirstTokenMs: 200 };
    expect(timingFields(typed, null)).toMatchObject({
      endOfTurnMs: null,
      sttMs: null,
      llmMs: null,
      totalMs: null,
    });
    expect(timingNotice('t1', typed)).toMatchObject({ endOfTurnMs: 0, sttMs: 0, llmMs: 200, totalMs: 0 });
  });

  it('keeps the first mark of its kind', () => {
    const marks = (['llmFirstTokenMs', 'llmFirstTokenMs'] satisfies LatencyMark[]).reduce<LatencyMarks>(
      (sum, mark, index) => withMark(sum, mark, 100 + index),
      {},
    );
    expect(marks).toEqual({ llmFirstTokenMs: 100 });
  });

  it('counts a transcript that was there before the last sound as no wait', () => {
    expect(timingFields({ lastVoiceMs: 500, transcriptMs: 450 }, null).sttMs).toBe(0);
  });
});
