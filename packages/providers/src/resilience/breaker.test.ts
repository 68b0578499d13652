import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterFailure,
  afterProbe,
  afterSuccess,
  type BreakerFailure,
  type BreakerState,
  closedBreaker,
  isOpen,
} from './breaker.ts';
import { breakerRules } from './engine-link.ts';

const never = { consecutiveFailures: 1_000 };

/** `+` a success, `-` a failure, one each second from `fromMs` on. */
function play(outcomes: string, rules = never, stepMs = 1_000, state: BreakerState = closedBreaker) {
  let now = state;
  [...outcomes].forEach((outcome, index) => {
    const atMs = index * stepMs;
    now = outcome === '+' ? afterSuccess(now, atMs) : afterFailure(now, 'outage', atMs, rules);
  });
  return now;
}

describe('a breaker', () => {
  it('opens at so many failures in a row as its stage bears, and not before', () => {
    expect(breakerRules.stt.consecutiveFailures).toBe(3);
    expect(breakerRules.llm.consecutiveFailures).toBe(5);
    expect(breakerRules.tts.consecutiveFailures).toBe(3);
    for (const rules of Object.values(breakerRules)) {
      const row = '-'.repeat(rules.consecutiveFailures);
      expect(isOpen(play(row.slice(1), rules))).toBe(false);
      expect(isOpen(play(row, rules))).toBe(true);
    }
  });

  it('begins to count anew after a success', () => {
    expect(isOpen(play('--+--', { consecutiveFailures: 3 }))).toBe(false);
    expect(isOpen(play('--+---', { consecutiveFailures: 3 }))).toBe(true);
  });

  it('opens when half of ten requests fail within half a minute', () => {
    expect(isOpen(play('-+-+-+-+-'))).toBe(false);
    expect(isOpen(play('-+-+-+-+--'))).toBe(true);
    expect(isOpen(play('-++-++-+--'))).toBe(true);
    expect(isOpen(play('-++-++-++-'))).toBe(false);
  });

  it('forgets what is older than half a minute', () => {
    expect(isOpen(play('-+-+-+-+--', never, 3_333))).toBe(true);
    expect(isOpen(play('-+-+-+-+--', never, 3_334))).toBe(false);
  });

  it('opens at once when the service refuses the account', () => {
    expect(isOpen(afterFailure(closedBreaker, 'refused', 0, never))).toBe(true);
  });

  it('holds nothing of successes that no failure stands against', () => {
    expect(play('+++')).toBe(closedBreaker);
    const failed = play('-+');
    expect(failed.outcomes).toHaveLength(2);
    expect(afterSuccess(failed, 31_000)).toBe(closedBreaker);
  });

  it('is not closed by an answer that began before it opened', () => {
    const open = play('---', { consecutiveFailures: 3 });
    expect(afterSuccess(open, 9_000)).toBe(open);
    expect(afterFailure(open, 'outage', 9_000, never)).toBe(open);
  });

  it('lets probes out after 3, 6, 12 and 12 seconds, and closes at a good one only', () => {
    let state = play('---', { consecutiveFailures: 3 });
    expect(state.probeAtMs).toBe(2_000 + 3_000);
    for (const [atMs, nextMs] of [
      [5_000, 6_000],
      [11_000, 12_000],
      [23_000, 12_000],
      [35_000, 12_000],
    ] as const) {
      state = afterProbe(state, false, atMs);
      expect(state.probeAtMs).toBe(atMs + nextMs);
    }
    expect(afterProbe(state, true, 47_000)).toBe(closedBreaker);
    expect(afterProbe(closedBreaker, false, 0)).toBe(closedBreaker);
  });

  it('keeps its promises whatever happens', () => {
    const event = fc.record({
      type: fc.constantFrom('success', 'outage', 'refused', 'probe well', 'probe ill'),
      afterMs: fc.integer({ min: 0, max: 40_000 }),
    });
    const rules = { consecutiveFailures: 3 };
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (happened) => {
        let state: BreakerState = closedBreaker;
        let atMs = 0;
        let inARow = 0;
        for (const { type, afterMs } of happened) {
          atMs += afterMs;
          const before = state;
          switch (type) {
            case 'success':
              state = afterSuccess(state, atMs);
              inARow = 0;
              break;
            case 'probe well':
            case 'probe ill':
              state = afterProbe(state, type === 'probe well', atMs);
              break;
            default:
              state = afterFailure(state, type satisfies BreakerFailure, atMs, rules);
              inARow += 1;
          }
          if (isOpen(before) && !isOpen(state)) expect(type).toBe('probe well');
          if (isOpen(before) && type === 'probe well') expect(state).toBe(closedBreaker);
          if (!isOpen(before) && isOpen(state)) expect(['outage', 'refused']).toContain(type);
          if (type === 'refused' || (type === 'outage' && inARow >= 3)) expect(isOpen(state)).toBe(true);
          if (isOpen(state)) inARow = 0;
          const waitMs = (state.probeAtMs ?? atMs) - atMs;
          expect(waitMs).toBeLessThanOrEqual(12_000);
          expect(state.outcomes.length).toBeLessThanOrEqual(100);
        }
      }),
      { numRuns: 500 },
    );
  });
});
