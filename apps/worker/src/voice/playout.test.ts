import type { AudioFrame } from '@livekit/rtc-node';
import { expect, test } from 'vitest';
import { PlayedAudio } from './played-audio.ts';
import { type AudioSink, Playout } from './playout.ts';

const sampleRateHz = 24_000;

/** A source that queues what it gets until the test lets it play. */
class FakeSource implements AudioSink {
  captured: number[] = [];
  queuedDuration = 0;
  #blocked: (() => void)[] = [];
  #isBlocking = false;

  /** The queue is full from here on: captures wait. */
  block(): void {
    this.#isBlocking = true;
  }

  unblock(): void {
    this.#isBlocking = false;
    for (const go of this.#blocked.splice(0)) go();
  }

  async captureFrame(frame: AudioFrame): Promise<void> {
    if (this.#blocked.length > 0) throw new Error('InvalidState - failed to capture frame');
    this.captured.push(...frame.data);
    if (this.#isBlocking) await new Promise<void>((resolve) => this.#blocked.push(resolve));
  }

  clearQueue(): void {
    this.queuedDuration = 0;
  }

  async waitForPlayout(): Promise<void> {
    this.queuedDuration = 0;
  }
}

function ramp(count: number, from = 1): Int16Array {
  return Int16Array.from({ length: count }, (_, index) => from + index);
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

function playout(source: AudioSink, now = () => 0) {
  const events: string[] = [];
  const played = new PlayedAudio({ sampleRateHz, now });
  const playing = new Playout({
    sink: source,
    sampleRateHz,
    played,
    onStart: () => events.push('start'),
    onComplete: () => events.push('complete'),
    onError: (error) => events.push(error.message),
  });
  return { playing, played, events };
}

test('nothing is heard before play, everything after it, in order', async () => {
  const source = new FakeSource();
  const { playing, events } = playout(source);
  playing.append(ramp(700));
  await settle();
  expect(source.captured).toEqual([]);
  playing.play();
  playing.finish();
  await playing.closed();
  expect(source.captured).toEqual([...ramp(700)]);
  expect(events).toEqual(['start', 'complete']);
});

test('a hold takes back what is still queued and a resume plays it again: nothing lost, nothing counted twice', async () => {
  const source = new FakeSource();
  const { playing } = playout(source);
  source.block();
  playing.append(ramp(4_800));
  playing.play();
  await settle();
  // 480 samples were handed over; 10 ms (240 samples) of them are still in the queue.
  source.queuedDuration = 10;
  playing.hold();
  expect(playing.playedMs).toBe(10);
  source.captured = [];
  source.unblock();
  await settle();
  // Only the fade of 10 ms follows, falling to silence.
  expect(source.captured).toHaveLength(240);
  expect(source.captured.at(-1)).toBeLessThan(10);
  source.captured = [];
  playing.finish();
  playing.resume();
  await playing.closed();
  expect(source.captured[0]).toBe(241);
  expect(source.captured.at(-1)).toBe(4_800);
  expect(playing.playedMs).toBe(200);
});

test('stop says how much was heard and plays nothing more', async () => {
  const source = new FakeSource();
  const { playing, events } = playout(source);
  source.block();
  playing.append(ramp(4_800));
  playing.play();
  await settle();
  source.queuedDuration = 15;
  expect(playing.stop()).toBe(5);
  source.unblock();
  await playing.closed();
  expect(events).toEqual(['start']);
});

test('audio that comes late is waited for, not taken for the end', async () => {
  const source = new FakeSource();
  const { playing, events } = playout(source);
  playing.play();
  playing.append(ramp(480));
  await settle();
  expect(events).toEqual(['start']);
  playing.append(ramp(100));
  playing.finish();
  await playing.closed();
  expect(source.captured).toHaveLength(580);
  expect(events).toEqual(['start', 'complete']);
});

test('a hold while a frame is on its way ended the reply as failed: now the fade waits for that frame', async () => {
  const source = new FakeSource();
  const { playing, events } = playout(source);
  source.block();
  playing.append(ramp(4_800));
  playing.play();
  await settle();
  source.queuedDuration = 10;
  playing.hold();
  await settle();
  source.unblock();
  playing.finish();
  playing.resume();
  await playing.closed();
  expect(events).toEqual(['start', 'complete']);
});

test('what is taken back by a hold has not sounded: only its fade has', async () => {
  const source = new FakeSource();
  let nowMs = 1_000;
  const { playing, played } = playout(source, () => nowMs);
  source.block();
  playing.append(ramp(4_800));
  playing.play();
  await settle();
  nowMs += 10;
  source.queuedDuration = 10;
  playing.hold();
  source.unblock();
  await settle();
  expect(played.endMs).toBe(1_020);
  const sounded = played.between(1_000, 1_020).samples;
  expect([...sounded.subarray(0, 240)]).toEqual([...ramp(240)]);
  expect([...sounded.subarray(240)]).toEqual(source.captured.slice(480));
  playing.stop();
  await playing.closed();
});
