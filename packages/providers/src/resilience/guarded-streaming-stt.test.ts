import type { StreamingSttPort } from '@sophy/conversation/stt-port';
import { expect, it } from 'vitest';
import { createGuardedStreamingStt } from './guarded-streaming-stt.ts';
import { collect, createScriptedWorld, linkTo } from './scripted-links.test-support.ts';
import { createScriptedStreams, gone } from './scripted-stream.test-support.ts';

const second = new Int16Array(16_000);

function setUp() {
  const world = createScriptedWorld();
  const { port, streams } = createScriptedStreams();
  const link = linkTo<StreamingSttPort>('stt', 'a', port);
  const written: string[] = [];
  const guarded = createGuardedStreamingStt({
    link,
    backup: undefined,
    gate: world.gate,
    events: world.events,
  });
  world.store.onChange((key) => written.push(key));
  const caller = new AbortController();
  return {
    ...world,
    link,
    streams,
    written,
    caller,
    guarded,
    open: () => guarded.open({ language: 'en', signal: caller.signal }),
    fail: async (): Promise<void> => {
      const stream = guarded.open({ language: 'en', signal: caller.signal });
      streams.at(-1)?.end(gone);
      await collect(stream.events);
      await stream.close();
    },
  };
}

it('streams that fail open the breaker; then none goes to the service until a probe is well', async () => {
  const at = setUp();
  for (let time = 0; time < 3; time += 1) await at.fail();
  expect(at.told).toEqual(Array.from({ length: 3 }, () => 'a failed: connectivity'));
  const resting = at.open();
  resting.push(second);
  resting.commit();
  expect(await collect(resting.events)).toMatchObject({ given: [], error: { category: 'connectivity' } });
  await resting.close();
  expect(at.streams).toHaveLength(3);
  expect(at.usages).toEqual([]);
  await at.gate.close();
});

it('what a stream heard is reported once, when it is closed, and how it ended', async () => {
  const at = setUp();
  const well = at.open();
  well.push(second);
  well.push(second);
  await well.close();
  await well.close();
  const failing = at.open();
  failing.push(second);
  at.streams.at(-1)?.end(gone);
  await collect(failing.events);
  await failing.close();
  expect(at.usages).toMatchObject([
    { engine: 'a', audioMs: 2_000, outcome: 'complete' },
    { engine: 'a', audioMs: 1_000, outcome: 'failed' },
  ]);
  await at.gate.close();
});

it('interim words are not counted each, a stream and its finals are', async () => {
  const at = setUp();
  await at.fail();
  const before = at.written.length;
  const stream = at.open();
  const [, service] = at.streams;
  for (let word = 0; word < 50; word += 1) service?.interim(`word ${word}`);
  service?.final('words');
  service?.end();
  expect((await collect(stream.events)).given).toHaveLength(51);
  expect(at.written.length - before).toBe(2);
  expect(at.store.read(at.link.breakerKey)).toMatchObject({ consecutiveFailures: 0 });
  await stream.close();
  await at.gate.close();
});

it('a stream that its caller ends counts for nobody', async () => {
  const at = setUp();
  const stream = at.open();
  at.caller.abort();
  at.streams[0]?.end(gone);
  await collect(stream.events);
  await stream.close();
  expect(at.told).toEqual([]);
  expect(at.store.read(at.link.breakerKey).consecutiveFailures).toBe(0);
  await at.gate.close();
});

it('a stream that was closed makes room for another', async () => {
  const at = setUp();
  const streams = Array.from({ length: 16 }, at.open);
  expect((await collect(at.open().events)).error).toMatchObject({ category: 'connectivity' });
  await streams[0]?.close();
  expect(at.gate.admits(at.link)).toBe(true);
  await Promise.all(streams.map((stream) => stream.close()));
  await at.gate.close();
});
