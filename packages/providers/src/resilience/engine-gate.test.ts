import type { ProviderErrorOptions } from '@sophy/conversation/provider-error';
import { describe, expect, it } from 'vitest';
import { closedBreaker, isOpen } from './breaker.ts';
import { EngineGate } from './engine-gate.ts';
import { LocalBreakerStore } from './local-breaker-store.ts';
import { failure, linkTo } from './scripted-links.test-support.ts';
import { VirtualClock } from './virtual-clock.test-support.ts';

type Probe = (signal: AbortSignal) => Promise<void>;

const ill: Probe = () => Promise.reject(failure('server'));

/** A gate and one link whose probes are written down with the time of each. */
function setUp(probe: Probe = ill, store = new LocalBreakerStore()) {
  const clock = new VirtualClock();
  const changes: string[] = [];
  const gate = new EngineGate({
    store,
    clock,
    onBreaker: (_link, open) => changes.push(`${open ? 'open' : 'closed'} at ${clock.nowMs()}`),
  });
  const probedAtMs: number[] = [];
  const link = linkTo('tts', 'a', undefined, {
    probe: (signal) => {
      probedAtMs.push(clock.nowMs());
      return probe(signal);
    },
  });
  gate.watch(link);
  const fail = (times: number, error: unknown = failure('server')): void => {
    for (let time = 0; time < times; time += 1) gate.failed(link, error);
  };
  return { clock, store, gate, link, probedAtMs, changes, fail };
}

describe('a gate', () => {
  it('lets nobody in after three failures, and probes after 3, 6, 12 and 12 seconds until one is well', async () => {
    let isWell = false;
    const { clock, gate, link, probedAtMs, changes, fail } = setUp(() =>
      isWell ? Promise.resolve() : Promise.reject(failure('server')),
    );
    fail(2);
    expect(gate.admits(link)).toBe(true);
    fail(1);
    expect(gate.admits(link)).toBe(false);
    await clock.run(32_999);
    expect(probedAtMs).toEqual([3_000, 9_000, 21_000]);
    isWell = true;
    await clock.run(60_000);
    expect(probedAtMs).toEqual([3_000, 9_000, 21_000, 33_000]);
    expect(changes).toEqual(['open at 0', 'closed at 33000']);
    expect(gate.admits(link)).toBe(true);
    expect(clock.sleeping).toBe(0);
  });

  it('counts no failure that is the request or the caller', async () => {
    const { gate, link, fail } = setUp();
    const innocent: readonly ProviderErrorOptions['category'][] = ['cancelled', 'invalid-request'];
    for (const category of innocent) for (const status of [400, 422]) fail(50, failure(category, { status }));
    expect(gate.admits(link)).toBe(true);
    await gate.close();
  });

  it('leaves out at once who refuses the account, or has no such model', async () => {
    for (const error of [
      failure('authentication'),
      failure('quota'),
      failure('invalid-request', { status: 404 }),
    ]) {
      const { gate, link, fail } = setUp();
      fail(1, error);
      expect(gate.admits(link)).toBe(false);
      await gate.close();
    }
  });

  it('counts an adapter that throws anything else', async () => {
    const { gate, link, fail } = setUp();
    fail(3, new TypeError('a defect'));
    expect(gate.admits(link)).toBe(false);
    await gate.close();
  });

  it('probes one at a time, and takes one that hangs for ill after three seconds', async () => {
    let running = 0;
    let most = 0;
    const { clock, store, gate, link, probedAtMs, fail } = setUp(
      (signal) =>
        new Promise((_resolve, reject) => {
          running += 1;
          most = Math.max(most, running);
          signal.addEventListener('abort', () => {
            running -= 1;
            reject(failure('cancelled'));
          });
        }),
    );
    fail(3);
    gate.watch(link);
    await clock.run(5_999);
    expect(store.read(link.breakerKey).openings).toBe(1);
    await clock.run(6_000);
    expect(store.read(link.breakerKey)).toMatchObject({ openings: 2, probeAtMs: 9_000 });
    await clock.run(40_000);
    expect(probedAtMs).toEqual([3_000, 9_000, 21_000, 33_000]);
    expect([most, running]).toEqual([1, 0]);
    await gate.close();
  });

  it('leaves the probe to the process that has claimed it', async () => {
    class ClaimedElsewhere extends LocalBreakerStore {
      override claimProbe(): Promise<boolean> {
        return Promise.resolve(false);
      }
    }
    const store = new ClaimedElsewhere();
    const { clock, gate, link, probedAtMs, fail } = setUp(ill, store);
    fail(3);
    await clock.run(5_000);
    store.update(link.breakerKey, () => closedBreaker);
    await clock.run(60_000);
    expect(probedAtMs).toEqual([]);
    expect(gate.admits(link)).toBe(true);
    expect(clock.sleeping).toBe(0);
  });

  it('does not probe what somebody else found well while it waited', async () => {
    const { clock, store, link, probedAtMs, fail } = setUp();
    fail(3);
    await clock.run(1_000);
    store.update(link.breakerKey, () => closedBreaker);
    await clock.run(60_000);
    expect(probedAtMs).toEqual([]);
    expect(clock.sleeping).toBe(0);
  });

  it('ends its waiting when it closes', async () => {
    const { clock, gate, fail, probedAtMs } = setUp();
    fail(3);
    await clock.run(1_000);
    await gate.close();
    await clock.run(60_000);
    expect(probedAtMs).toEqual([]);
    expect(clock.sleeping).toBe(0);
  });

  it('ends a probe when it closes, of which nothing is learned, not even from one that does not listen', async () => {
    for (const probe of [
      (signal: AbortSignal) =>
        new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve())),
      (signal: AbortSignal) =>
        new Promise<void>((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(failure('cancelled'))),
        ),
      () => new Promise<void>(() => undefined),
    ]) {
      const { clock, store, gate, link, fail, probedAtMs } = setUp(probe);
      fail(3);
      await clock.run(3_500);
      expect(probedAtMs).toEqual([3_000]);
      await gate.close();
      expect(store.read(link.breakerKey)).toMatchObject({ openings: 1, probeAtMs: 3_000 });
      expect(clock.sleeping).toBe(0);
    }
  });

  it('has no more than sixteen requests at once with one engine, each of which leaves once', () => {
    const { gate, link } = setUp();
    const leaves = Array.from({ length: 16 }, () => {
      expect(gate.admits(link)).toBe(true);
      return gate.enter(link);
    });
    expect(gate.admits(link)).toBe(false);
    leaves[0]?.();
    leaves[0]?.();
    expect(gate.admits(link)).toBe(true);
    gate.enter(link);
    expect(gate.admits(link)).toBe(false);
  });

  it('writes nothing for a success as long as there is no failure', () => {
    const store = new LocalBreakerStore();
    const { gate, link, fail, clock } = setUp(ill, store);
    const written: string[] = [];
    store.onChange((key) => written.push(key));
    gate.succeeded(link);
    expect(written).toEqual([]);
    fail(1);
    gate.succeeded(link);
    expect(written).toHaveLength(2);
    expect(isOpen(store.read(link.breakerKey))).toBe(false);
    expect(clock.sleeping).toBe(0);
  });
});
