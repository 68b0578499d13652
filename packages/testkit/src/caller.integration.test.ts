/** Callers in a real room: what one says at a known time, the other hears shortly after, and text and leaving work. */
import { dispose } from '@livekit/rtc-node';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Caller, joinCaller } from './caller.ts';
import { startLivekitServer, type TestLivekitServer } from './livekit-server.ts';
import { concatenate, silence, tone } from './pcm.ts';

let livekit: TestLivekitServer;
const callers: Caller[] = [];

beforeAll(async () => {
  livekit = await startLivekitServer();
});
afterEach(async () => {
  await Promise.all(callers.splice(0).map((caller) => caller.leave()));
});
afterAll(async () => {
  await livekit.stop();
  await dispose();
});

async function join(name: string, roomName: string): Promise<Caller> {
  const caller = await joinCaller({ ...livekit, roomName, name });
  callers.push(caller);
  return caller;
}

test('a clip is heard once, as long as it is, within 300 ms of leaving', async () => {
  const anna = await join('Anna', 'heard');
  const bruno = await join('Bruno', 'heard');
  await bruno.until('silence from Anna', () => bruno.heard('Anna').latestMs);
  const beep = tone({ frequencyHz: 440, lengthMs: 600, sampleRateHz: 24_000 });
  const spoken = await anna.say(concatenate(silence(100, 24_000), beep, silence(100, 24_000)));
  // By when its samples were due: a frame that leaves late on a busy machine makes no clip shorter.
  expect(spoken.endMs - spoken.onsetMs).toBeGreaterThan(590);
  expect(spoken.endMs - spoken.onsetMs).toBeLessThan(610);
  await bruno.until(
    'end of the clip',
    () => (bruno.heard('Anna').isSilentFor(300) && bruno.heard('Anna').lastSoundBefore()) || undefined,
  );
  const segments = bruno.heard('Anna').segments();
  expect(segments).toHaveLength(1);
  const [segment] = segments;
  const delayMs = (segment?.startMs ?? 0) - spoken.onsetMs;
  expect(delayMs).toBeGreaterThan(0);
  expect(delayMs).toBeLessThan(300);
  expect(anna.problems).toEqual([]);
  expect(bruno.problems).toEqual([]);
});

test('who leaves is gone from the room, and leaving twice is fine', async () => {
  const anna = await join('Anna', 'leaving');
  const bruno = await join('Bruno', 'leaving');
  await anna.until('Bruno', () => (anna.others.includes('Bruno') ? true : undefined));
  await bruno.leave();
  await bruno.leave();
  await anna.until('Bruno gone', () => (anna.others.includes('Bruno') ? undefined : true));
  expect(anna.agents).toEqual([]);
});

test('a wait that fails says what was awaited and what was there', async () => {
  const anna = await join('Anna', 'alone');
  await expect(anna.waitForAgent(50)).rejects.toThrow('Anna saw no agent; others: nobody');
});
