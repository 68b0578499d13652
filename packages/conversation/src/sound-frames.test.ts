import { expect, it } from 'vitest';
import { SoundFrames } from './sound-frames.ts';

it('tells sound from pauses, across the borders of what is appended', () => {
  const frames = new SoundFrames(24_000);
  const loud = new Int16Array(240).fill(3_000);
  const quiet = new Int16Array(240).fill(50);
  const all = Int16Array.of(...loud, ...quiet, ...loud);
  frames.append(all.subarray(0, 100));
  frames.append(all.subarray(100, 500));
  frames.append(all.subarray(500));
  expect(frames.frames).toEqual([true, false, true]);
});

it('says nothing of a frame that is not complete', () => {
  const frames = new SoundFrames(24_000);
  frames.append(new Int16Array(239).fill(3_000));
  expect(frames.frames).toEqual([]);
});
