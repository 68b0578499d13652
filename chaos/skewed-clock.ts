/**
 * Preloaded (`node --import`) into processes whose wall clock is to jump: `Date` reads the true time plus the seconds
 * that stand in the file of SOPHY_CHAOS_CLOCK. Monotonic time and native code go on as they are.
 */
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

const file = process.env['SOPHY_CHAOS_CLOCK'];
const TrueDate = Date;
const readEveryMs = 500;
let readAtMs = Number.NEGATIVE_INFINITY;
let offsetMs = 0;

function now(): number {
  if (file !== undefined && performance.now() - readAtMs > readEveryMs) {
    readAtMs = performance.now();
    offsetMs = Number(readFileSync(file, 'utf8')) * 1_000;
  }
  return TrueDate.now() + offsetMs;
}

globalThis.Date = new Proxy(TrueDate, {
  construct: (target, given, newTarget) =>
    Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget),
  apply: () => new TrueDate(now()).toString(),
  get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
});
