import { expect, it } from 'vitest';
import { longestOverlapMs, VoiceSpans } from './voice-spans.ts';

it('pauses between words do not end a span, longer ones do', () => {
  const voice = new VoiceSpans();
  for (const atMs of [0, 20, 200, 1_000]) voice.add(atMs, 20);
  expect(voice.spans).toEqual([
    { startMs: 0, endMs: 220 },
    { startMs: 1_000, endMs: 1_020 },
  ]);
});

it('finds the longest stretch that two of several voices share', () => {
  const span = (startMs: number, endMs: number) => [{ startMs, endMs }];
  expect(longestOverlapMs([span(0, 1_000), span(900, 2_000), span(1_950, 3_000)])).toBe(100);
  expect(longestOverlapMs([span(0, 1_000), span(1_000, 2_000)])).toBe(0);
  expect(longestOverlapMs([])).toBe(0);
});
