import { expect, test } from 'vitest';
import { PlayedAudio } from '../voice/played-audio.ts';
import { EchoWatch } from './echo-watch.ts';

const voiceRateHz = 24_000;
const laneRateHz = 16_000;

/** The agent's voice as a function of time: a chirp that never repeats. */
function voiceAt(seconds: number): number {
  return (
    6_000 * Math.sin(2 * Math.PI * (500 * seconds + 400 * seconds * seconds) + 3 * Math.sin(40 * seconds))
  );
}

/** A room whose clock the test moves: the agent speaks from 0 ms on, the microphone hears what it is given. */
function room(microphoneAt: (seconds: number) => number) {
  const clock = { nowMs: 0 };
  const played = new PlayedAudio({ sampleRateHz: voiceRateHz, now: () => clock.nowMs });
  const estimates: { atMs: number; likeness: number }[] = [];
  const watch = new EchoWatch({
    played,
    audio: (samples) =>
      Int16Array.from({ length: samples }, (_, index) =>
        Math.round(microphoneAt(clock.nowMs / 1_000 - (samples - index) / laneRateHz)),
      ),
    sampleRateHz: laneRateHz,
    now: () => clock.nowMs,
    onEstimate: (likeness) => estimates.push({ atMs: clock.nowMs, likeness }),
  });
  return {
    watch,
    played,
    estimates,
    /** Time passes in windows of the detector. */
    until: (untilMs: number, isPlaying: boolean, isHeard: boolean) => {
      for (; clock.nowMs < untilMs; clock.nowMs += 10) {
        const from = clock.nowMs / 1_000;
        if (isPlaying)
          played.add(
            Int16Array.from({ length: voiceRateHz / 100 }, (_, index) =>
              Math.round(voiceAt(from + index / voiceRateHz)),
            ),
            0,
          );
        if (isHeard) watch.speechGoesOn();
      }
    },
  };
}

test('the echo of the voice is compared twice while it sounds and once when it pauses, and found', () => {
  const { watch, estimates, until } = room((seconds) => 0.1 * voiceAt(seconds - 0.18));
  until(1_000, true, false);
  watch.speechStarted(968);
  until(1_600, true, true);
  watch.speechPaused(64);
  expect(estimates.map(({ atMs }) => atMs)).toEqual([1_130, 1_290, 1_600]);
  for (const { likeness } of estimates) expect(likeness).toBeGreaterThan(0.8);
});

test('another sound over the voice is not the voice', () => {
  const { watch, estimates, until } = room((seconds) => voiceAt(40 - 1.7 * seconds));
  until(1_000, true, false);
  watch.speechStarted(968);
  until(1_600, true, true);
  expect(estimates).toHaveLength(2);
  for (const { likeness } of estimates) expect(likeness).toBeLessThan(0.3);
});

test('speech long after the voice, or before any, is not compared', () => {
  const { watch, estimates, until } = room(voiceAt);
  watch.speechStarted(0);
  until(500, false, true);
  watch.speechPaused(64);
  until(1_000, true, false);
  until(1_800, false, false);
  watch.speechStarted(1_768);
  until(2_400, false, true);
  watch.speechPaused(64);
  expect(estimates).toEqual([]);
});

test('an echo that ends with the voice is found up to its own end, without the silence behind it', () => {
  const { watch, estimates, until } = room((seconds) => (seconds < 1.5 ? 0.1 * voiceAt(seconds - 0.3) : 0));
  until(1_200, true, false);
  watch.speechStarted(1_300);
  until(1_564, false, false);
  watch.speechPaused(70);
  expect(estimates.map(({ likeness }) => likeness > 0.8)).toEqual([true]);
});
