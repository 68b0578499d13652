import { expect, test } from 'vitest';
import { PlayedAudio } from './played-audio.ts';

/** One sample a millisecond, so that samples read as times. */
const sampleRateHz = 1_000;

function playedAudio() {
  const clock = { nowMs: 10_000 };
  return { clock, played: new PlayedAudio({ sampleRateHz, now: () => clock.nowMs }) };
}

function frame(value: number, length = 20): Int16Array {
  return new Int16Array(length).fill(value);
}

test('a frame sounds once what is queued before it has, with silence around it', () => {
  const { played } = playedAudio();
  expect(played.endMs).toBeUndefined();
  played.add(frame(1), 0);
  played.add(frame(2), 20);
  expect(played.endMs).toBe(10_040);
  expect([...played.between(9_998, 10_002).samples]).toEqual([0, 0, 1, 1]);
  expect([...played.between(10_018, 10_042).samples]).toEqual([1, 1, ...frame(2), 0, 0]);
});

test('a jittering clock makes no gap in an unbroken voice, a pause of the voice does', () => {
  const { played, clock } = playedAudio();
  played.add(frame(1), 0);
  clock.nowMs += 27;
  played.add(frame(2), 0);
  expect([...played.between(10_019, 10_021).samples]).toEqual([1, 2]);
  clock.nowMs += 100;
  played.add(frame(3), 0);
  expect([...played.between(10_126, 10_128).samples]).toEqual([0, 3]);
});

test('a hold takes back what has not sounded yet, and the fade follows where it cut', () => {
  const { played, clock } = playedAudio();
  for (let index = 0; index < 5; index += 1) played.add(frame(index + 1), index * 20);
  clock.nowMs += 30;
  played.takeBack();
  expect(played.endMs).toBe(10_030);
  played.add(frame(9, 10), 0);
  expect([...played.between(10_028, 10_042).samples]).toEqual([2, 2, ...frame(9, 10), 0, 0]);
  clock.nowMs += 500;
  played.add(frame(3), 0);
  expect([...played.between(10_528, 10_532).samples]).toEqual([0, 0, 3, 3]);
});

test('sound of long ago is let go', () => {
  const { played, clock } = playedAudio();
  played.add(frame(1), 0);
  clock.nowMs += 3_100;
  played.add(frame(2), 0);
  expect([...played.between(10_000, 10_020).samples]).toEqual([...frame(0)]);
});
