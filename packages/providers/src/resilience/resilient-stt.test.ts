import type { Transcript, UploadSttPort } from '@sophy/conversation/stt-port';
import { expect, it } from 'vitest';
import { createResilientStt } from './resilient-stt.ts';
import {
  createScriptedWorld,
  failure,
  linkTo,
  ScriptedEngine,
  type Step,
} from './scripted-links.test-support.ts';

type Line = Step<Transcript>;

const audio = { samples: new Int16Array(32_000), sampleRateHz: 16_000 };
const hears = (text: string, waitMs = 300): Line[] => [{ waitMs }, { give: { text, language: 'en' } }];
const breaksOff: Line[] = [{ fail: failure('bad-response', { stage: 'stt' }) }];

function setUp(scripts: Readonly<Record<string, readonly Line[]>>) {
  const world = createScriptedWorld();
  const links = Object.entries(scripts).map(([name, script], index) => {
    const engine = new ScriptedEngine(world.clock, script);
    const port: UploadSttPort = {
      kind: 'upload',
      label: name,
      maxAudioMs: 60_000 - index * 20_000,
      async transcribe(_audio, { signal }) {
        for await (const transcript of engine.give(signal)) return transcript;
        return { text: '', language: undefined };
      },
    };
    return linkTo('stt', name, port, { hedgeMs: 2_000, budgetMs: 6_000 });
  });
  const [first, ...rest] = links;
  if (first === undefined) throw new Error('no engine');
  const caller = new AbortController();
  const stt = createResilientStt(world.chain(first, ...rest));
  const transcribe = () => stt.transcribe(audio, { language: 'en', signal: caller.signal });
  return { ...world, stt, caller, transcribe, finish: () => world.clock.finish(transcribe(), 60_000) };
}

it('an ear that fails is replaced by the next, which is told', async () => {
  const at = setUp({ a: breaksOff, b: hears('hello') });
  expect(await at.finish()).toEqual({ text: 'hello', language: 'en' });
  expect(at.told).toEqual(['a failed: bad-response', 'b takes over from a']);
});

it('a second ear listens when the first takes its time, and who is first is taken', async () => {
  const at = setUp({ a: hears('late', 5_000), b: hears('hello', 500) });
  expect((await at.finish()).text).toBe('hello');
  expect(at.clock.nowMs()).toBe(2_500);
  await at.clock.run(10_000);
  expect(at.usages.map(({ engine, outcome }) => `${engine} ${outcome}`).toSorted()).toEqual([
    'a cut',
    'b complete',
  ]);
});

it('what was said is billed by its length, and not where the service refused it', async () => {
  const at = setUp({ a: [{ fail: failure('server', { isRetryable: false }) }], b: hears('hello') });
  await at.finish();
  expect(at.usages).toMatchObject([
    { engine: 'a', audioMs: 0, outcome: 'failed' },
    { engine: 'b', audioMs: 2_000, outcome: 'complete' },
  ]);
});

it('an utterance without words is a transcript without words', async () => {
  expect(await setUp({ a: hears('') }).finish()).toEqual({ text: '', language: 'en' });
});

it('the shortest ear says how long an utterance may be', () => {
  expect(setUp({ a: breaksOff, b: breaksOff, c: breaksOff }).stt.maxAudioMs).toBe(20_000);
});

it('a caller who is gone ends the request, which counts for nobody', async () => {
  const at = setUp({ a: hears('late', 5_000) });
  const request = at.transcribe();
  request.catch(() => undefined);
  await at.clock.run(100);
  at.caller.abort();
  await expect(request).rejects.toMatchObject({ category: 'cancelled' });
  expect(at.store.read('stt:a').consecutiveFailures).toBe(0);
  expect(at.clock.sleeping).toBe(0);
});
