import { expect, test } from 'vitest';
import { silence, tone } from './pcm.ts';
import { heardSampleRateHz, ReceivedAudio } from './received-audio.ts';

const voiced = tone({ frequencyHz: 300, lengthMs: 10, sampleRateHz: heardSampleRateHz }).samples;
const quiet = silence(10, heardSampleRateHz).samples;

/** One character a frame of 10 ms from time 0: `#` is sound. */
function heard(timeline: string): ReceivedAudio {
  const received = new ReceivedAudio();
  [...timeline].forEach((mark, index) => {
    received.add(mark === '#' ? voiced : quiet, index * 10);
  });
  return received;
}

test('first and last sounds are found on the timeline', () => {
  const received = heard('..###....##..');
  expect(received.firstSoundAfter(0)).toBe(20);
  expect(received.firstSoundAfter(50)).toBe(90);
  expect(received.firstSoundAfter(110)).toBeUndefined();
  expect(received.lastSoundBefore()).toBe(110);
  expect(received.lastSoundBefore(90)).toBe(50);
  expect(received.lastSoundBefore(20)).toBeUndefined();
});

test('a pause between words does not end a segment, a longer one does', () => {
  const pause = '.'.repeat(20);
  const end = '.'.repeat(40);
  expect(heard(`#${pause}#${end}##`).segments()).toEqual([
    { startMs: 0, endMs: 220 },
    { startMs: 620, endMs: 640 },
  ]);
});

test('silence counts only where frames came', () => {
  expect(new ReceivedAudio().isSilentFor(10)).toBe(false);
  expect(heard('#....').isSilentFor(30)).toBe(true);
  expect(heard('#....').isSilentFor(50)).toBe(false);
});

test('the sound between two times is given back', () => {
  expect(heard('..##..').audio(20, 40).samples).toHaveLength(2 * quiet.length);
});
