import { expect, test } from 'vitest';
import { UtteranceAudio } from './utterance-audio.ts';

const sampleRateHz = 1_000;

test('an utterance begins with the 400 ms before voice activity noticed it', () => {
  const audio = new UtteranceAudio(sampleRateHz);
  for (let chunk = 0; chunk < 10; chunk += 1) audio.append(new Int16Array(100).fill(chunk));
  audio.open();
  audio.append(new Int16Array(50).fill(99));
  const { samples } = audio.snapshot();
  expect(samples.length).toBe(450);
  expect(samples[0]).toBe(6);
  expect(samples.at(-1)).toBe(99);
});

test('after an utterance is closed its audio is gone and the pre-roll starts afresh', () => {
  const audio = new UtteranceAudio(sampleRateHz);
  audio.append(new Int16Array(100).fill(1));
  audio.open();
  audio.close();
  audio.append(new Int16Array(100).fill(2));
  audio.open();
  expect([...new Set(audio.snapshot().samples)]).toEqual([2]);
});

test('an hour of silence keeps no more than the pre-roll', () => {
  const audio = new UtteranceAudio(sampleRateHz);
  for (let chunk = 0; chunk < 36_000; chunk += 1) audio.append(new Int16Array(100));
  audio.open();
  expect(audio.durationMs).toBeLessThanOrEqual(500);
});

test('its tail is the latest audio, whatever chunks it came in', () => {
  const audio = new UtteranceAudio(16_000);
  audio.open();
  audio.append(Int16Array.of(1, 2, 3));
  audio.append(Int16Array.of(4, 5));
  expect([...audio.tail(4)]).toEqual([2, 3, 4, 5]);
  expect([...audio.tail(9)]).toEqual([1, 2, 3, 4, 5]);
  expect([...audio.tail(0)]).toEqual([]);
});
