import { describe, expect, it } from 'vitest';
import { isOpen } from './breaker.ts';
import type { EngineLink } from './engine-link.ts';
import { raceLinks } from './race-links.ts';
import {
  collect,
  createScriptedWorld,
  failure,
  linkTo,
  ScriptedEngine,
  type ScriptedWorld,
  type Step,
} from './scripted-links.test-support.ts';

type Text = Step<string>;
type TextLink = EngineLink<ScriptedEngine<string>>;

function setUp(scripts: Readonly<Record<string, readonly (readonly Text[])[]>>, random?: () => number) {
  const world = createScriptedWorld(random);
  const links = Object.entries(scripts).map(([name, ofEngine]) =>
    linkTo('llm', name, new ScriptedEngine(world.clock, ...ofEngine)),
  );
  const failures: string[] = [];
  const race = (
    signal = new AbortController().signal,
    asked: readonly TextLink[] = links,
    budgetMs?: number,
  ) =>
    raceLinks({
      links: asked,
      open: ({ port }, stop) => port.give(stop),
      gate: world.gate,
      ...(budgetMs === undefined ? {} : { budgetMs }),
      signal,
      onFailure: (link, { category }) =>
        failures.push(`${link.engine} ${category} at ${world.clock.nowMs()}`),
    }).then(async ({ link, items }) => ({ winner: link.engine, ...(await collect(items)) }));
  const port = (name: string): ScriptedEngine<string> => {
    const link = links.find(({ engine }) => engine === name);
    if (link === undefined) throw new Error(`no engine ${name}`);
    return link.port;
  };
  return { ...world, links, failures, race, port };
}

/** Nothing runs, sleeps or counts as running any more. */
async function isQuiet({ clock, gate, store }: ScriptedWorld, links: readonly TextLink[]): Promise<void> {
  await clock.run(clock.nowMs());
  expect(links.map(({ port }) => port.open)).toEqual(links.map(() => 0));
  for (const link of links) {
    const leaves = Array.from({ length: 15 }, () => gate.enter(link));
    if (!isOpen(store.read(link.breakerKey))) expect(gate.admits(link)).toBe(true);
    for (const leave of leaves) leave();
  }
  await gate.close();
  expect(clock.sleeping).toBe(0);
}

const answers = (text: string, waitMs = 300): Text[] => [
  { waitMs },
  { give: text },
  { waitMs: 20 },
  { give: '!' },
];
const fails = (error = failure('server'), waitMs = 100): Text[] => [{ waitMs }, { fail: error }];
const hangs: Text[] = [{ waitMs: 100_000 }];

describe('engines in a race', () => {
  it('are asked one alone as long as it answers in time', async () => {
    const at = setUp({ a: [answers('one', 2_499)], b: [answers('two')] });
    expect(await at.clock.finish(at.race(), 10_000)).toEqual({
      winner: 'a',
      given: ['one', '!'],
      error: undefined,
    });
    expect(at.port('b').asked).toBe(0);
    await isQuiet(at, at.links);
  });

  it('are two after the patience with the first; who speaks first wins and the other is let go of', async () => {
    const at = setUp({ a: [answers('one', 2_900)], b: [answers('two', 1_000)] });
    const result = await at.clock.finish(at.race(), 10_000);
    expect(result).toMatchObject({ winner: 'a', given: ['one', '!'] });
    expect(at.port('b').askedAtMs).toEqual([2_500]);
    await isQuiet(at, at.links);
    const other = setUp({ a: [answers('one', 4_000)], b: [answers('two', 1_000)] });
    expect(await other.clock.finish(other.race(), 10_000)).toMatchObject({
      winner: 'b',
      given: ['two', '!'],
    });
    expect(other.clock.nowMs()).toBe(3_520);
    await isQuiet(other, other.links);
  });

  it('go on to a third after the patience with the second', async () => {
    const at = setUp({ a: [hangs], b: [hangs], c: [answers('three')] });
    const patient = at.links.map((link) => ({ ...link, hedgeMs: 1_000 }));
    expect(await at.clock.finish(at.race(undefined, patient), 10_000)).toMatchObject({ winner: 'c' });
    expect(at.port('c').askedAtMs).toEqual([2_000]);
    await isQuiet(at, at.links);
  });

  it('that lose count as failed once they kept people waiting, so that a hang is not waited for in each turn', async () => {
    const at = setUp({ a: [hangs], b: [answers('two')] });
    for (let turn = 0; turn < 5; turn += 1) await at.clock.finish(at.race(), 10_000);
    expect(at.failures).toHaveLength(5);
    const sixthMs = at.clock.nowMs();
    await at.clock.finish(at.race(), 10_000);
    expect(at.clock.nowMs() - sixthMs).toBe(320);
    expect(at.port('a').asked).toBe(5);
    await isQuiet(at, at.links);
  });

  it('that lose before their own patience is over count for nothing', async () => {
    const at = setUp({ a: [answers('one', 2_600)], b: [hangs] });
    for (let turn = 0; turn < 5; turn += 1) await at.clock.finish(at.race(), 10_000);
    expect(at.failures).toEqual([]);
    expect(at.port('b').asked).toBe(5);
    await isQuiet(at, at.links);
  });

  it('are tried twice with chance in the wait, then the next is asked', async () => {
    for (const [chance, waitMs] of [
      [0, 100],
      [0.5, 200],
      [0.999, 300],
    ] as const) {
      const at = setUp({ a: [fails()], b: [answers('two')] }, () => chance);
      expect(await at.clock.finish(at.race(), 10_000)).toMatchObject({ winner: 'b' });
      const [first, second, ...more] = at.port('a').askedAtMs;
      expect(more).toEqual([]);
      expect((second ?? 0) - (first ?? 0)).toBeCloseTo(100 + waitMs, -1);
      expect(at.port('b').askedAtMs).toEqual([(second ?? 0) + 100]);
      await isQuiet(at, at.links);
    }
  });

  it('that answer at the second try have won', async () => {
    const at = setUp({ a: [fails(), answers('one')], b: [answers('two')] });
    expect(await at.clock.finish(at.race(), 10_000)).toMatchObject({ winner: 'a', given: ['one', '!'] });
    expect(at.port('b').asked).toBe(0);
    expect(at.failures).toEqual(['a server at 100']);
    await isQuiet(at, at.links);
  });

  it('are given the time that they ask for up to a second, and given up above', async () => {
    for (const [retryAfterMs, asked] of [
      [400, [0, 500]],
      [1_000, [0, 1_100]],
      [1_001, [0]],
      [20_000, [0]],
    ] as const) {
      const at = setUp({ a: [fails(failure('rate-limit', { retryAfterMs }))], b: [answers('two')] });
      expect(await at.clock.finish(at.race(), 10_000)).toMatchObject({ winner: 'b' });
      expect(at.port('a').askedAtMs).toEqual(asked);
      await isQuiet(at, at.links);
    }
  });

  it('are not tried again after a failure that took too long, or that another try cannot mend', async () => {
    for (const [script, tries] of [
      [fails(failure('server'), 1_500), 2],
      [fails(failure('server'), 1_501), 1],
      [fails(failure('bad-response')), 1],
      [fails(failure('authentication')), 1],
    ] as const) {
      const at = setUp({ a: [script], b: [answers('two')] });
      await at.clock.finish(at.race(), 10_000);
      expect(at.port('a').asked).toBe(tries);
      await isQuiet(at, at.links);
    }
  });

  it('are not tried again once their breaker has opened', async () => {
    const at = setUp({ a: [fails()], b: [answers('two')] });
    const [a] = at.links;
    if (a === undefined) throw new Error('no engine');
    for (let time = 0; time < 4; time += 1) at.gate.failed(a, failure('server'));
    await at.clock.finish(at.race(), 10_000);
    expect(at.port('a').asked).toBe(1);
    expect(at.gate.admits(a)).toBe(false);
    await isQuiet(at, at.links);
  });

  it('that all fail give the error of the first', async () => {
    const first = failure('authentication', { engine: 'a' });
    const at = setUp({ a: [fails(first)], b: [fails(failure('bad-response', { engine: 'b' }))] });
    await expect(at.clock.finish(at.race(), 10_000)).rejects.toBe(first);
    expect(at.failures).toEqual(['a authentication at 100', 'b bad-response at 200']);
    await isQuiet(at, at.links);
  });

  it('of which none may be asked give an error that names them', async () => {
    const at = setUp({ a: [answers('one')], b: [answers('two')] });
    for (const link of at.links) at.gate.failed(link, failure('authentication'));
    await expect(at.race()).rejects.toThrow('no engine can be asked: a, b');
    expect(at.links.map(({ port }) => port.asked)).toEqual([0, 0]);
    await isQuiet(at, at.links);
  });

  it('end when the patience of the first is spent, or what is left of a turn', async () => {
    for (const [budgetMs, endMs] of [
      [undefined, 5_000],
      [1_200, 1_200],
      [9_000, 5_000],
    ] as const) {
      const at = setUp({ a: [hangs], b: [hangs] });
      const race = at.clock.finish(at.race(undefined, at.links, budgetMs), 10_000);
      await expect(race).rejects.toMatchObject({ category: 'timeout', engine: 'a' });
      expect(at.clock.nowMs()).toBe(endMs);
      await isQuiet(at, at.links);
    }
  });

  it('are all let go of when the caller is gone, which counts for nobody', async () => {
    const at = setUp({ a: [hangs], b: [hangs] });
    const caller = new AbortController();
    const patient = at.links.map((link) => ({ ...link, hedgeMs: 1_000 }));
    const race = at.race(caller.signal, patient);
    race.catch(() => undefined);
    await at.clock.run(3_000);
    expect(at.links.map(({ port }) => port.open)).toEqual([1, 1]);
    caller.abort();
    await expect(race).rejects.toMatchObject({ category: 'cancelled' });
    expect(at.failures).toEqual([]);
    for (const { breakerKey } of at.links) expect(at.store.read(breakerKey).consecutiveFailures).toBe(0);
    await isQuiet(at, at.links);
  });

  it('are not asked once more while a caller who is gone waited for the second try', async () => {
    const at = setUp({ a: [fails()], b: [answers('two')] });
    const caller = new AbortController();
    const race = at.race(caller.signal);
    race.catch(() => undefined);
    await at.clock.run(150);
    caller.abort();
    await expect(race).rejects.toBeDefined();
    await at.clock.run(5_000);
    expect(at.links.map(({ port }) => port.asked)).toEqual([1, 0]);
    await isQuiet(at, at.links);
  });

  it('may answer with nothing', async () => {
    const at = setUp({ a: [[{ waitMs: 10 }]], b: [answers('two')] });
    expect(await at.clock.finish(at.race(), 10_000)).toEqual({ winner: 'a', given: [], error: undefined });
    expect(at.port('b').asked).toBe(0);
    await isQuiet(at, at.links);
  });

  it('that break off later have failed, and a good end is a success', async () => {
    const at = setUp({ a: [[{ give: 'one' }, { fail: failure('connectivity') }], answers('one')] });
    const [a] = at.links;
    if (a === undefined) throw new Error('no engine');
    expect((await at.clock.finish(at.race(), 10_000)).given).toEqual(['one']);
    expect(at.store.read(a.breakerKey).consecutiveFailures).toBe(1);
    await at.clock.finish(at.race(), 10_000);
    expect(at.store.read(a.breakerKey).consecutiveFailures).toBe(0);
    await isQuiet(at, at.links);
  });

  it('are left by a winner that nobody listens to any more', async () => {
    const at = setUp({ a: [answers('one')] });
    const race = raceLinks({
      links: at.links,
      open: ({ port }, stop) => port.give(stop),
      gate: at.gate,
      signal: new AbortController().signal,
      onFailure: () => undefined,
    });
    const { items } = await at.clock.finish(race, 1_000);
    for await (const item of items) {
      expect(item).toBe('one');
      break;
    }
    await isQuiet(at, at.links);
  });
});
