/** The database is stopped at once and stays away, while calls go on; then nothing acknowledged may be missing. */
import { setTimeout as sleep } from 'node:timers/promises';
import { untilStored } from '../ledger.ts';
import { serviceGaps } from '../service-times.ts';
import type { Stage } from '../stage.ts';

const flushTimeoutMs = 60_000;
const promisedFlushMs = 30_000;
/** Talk before the first stop and between two of them, ms. */
const talkMs = 8_000;

/** One stop for each entry: how long the database stays away, ms. */
export async function playPostgresStops(stage: Stage, awayMs: readonly number[]): Promise<void> {
  const { fleet, findings, name: scenario } = stage;
  const flushedMs: number[] = [];
  const gapsMs: number[] = [];
  let asked = 0;
  let answered = 0;
  for (const [index, lengthMs] of awayMs.entries()) {
    await sleep(talkMs);
    // At a moment when somebody writes: a decision has just been shown in one of the rooms.
    await Promise.race(
      stage.calls.map(({ witness }) => {
        const before = witness.notices.length;
        return witness.until(() => (witness.notices.length > before ? true : undefined), 5_000);
      }),
    );
    const stoppedMs = performance.now();
    await fleet.postgres.stopImmediately();
    await sleep(lengthMs);
    const during = stage.calls.flatMap(({ questions }) =>
      questions.filter(({ askedMs }) => askedMs > stoppedMs && askedMs < performance.now() - 3_000),
    );
    asked += during.length;
    answered += during.filter(({ answeredMs }) => answeredMs !== undefined).length;
    await fleet.postgres.startAgain();
    const flushed = await untilStored(stage, flushTimeoutMs);
    if (flushed !== undefined) flushedMs.push(flushed);
    const gaps = stage.calls.flatMap(({ witness }) =>
      serviceGaps(witness.sightings, performance.now()).filter(({ endMs }) => endMs > stoppedMs),
    );
    gapsMs.push(Math.max(0, ...gaps.map(({ startMs, endMs }) => endMs - startMs)));
    stage.say(
      `stop ${index + 1}/${awayMs.length}: away ${lengthMs / 1_000} s, ${during.length} asked, all stored ${flushed === undefined ? 'never' : `${flushed.toFixed(0)} ms after its return`}`,
    );
    await stage.untilAllServed(30_000);
  }
  findings.measured({
    scenario,
    what: 'Postgres is back → everything acknowledged is stored',
    valuesMs: flushedMs,
    limit: { percentile: 100, ms: promisedFlushMs },
  });
  findings.measured({
    scenario,
    what: 'Postgres away → longest time without agent in any call',
    valuesMs: gapsMs,
    limit: { percentile: 100, ms: 0 },
  });
  findings.counted({ scenario, what: 'questions asked while Postgres was away', value: asked });
  findings.counted({ scenario, what: 'of these not answered', value: asked - answered, allowed: 0 });
  if (asked > answered) {
    findings.breaks({
      scenario,
      where: 'calls while Postgres was away',
      expected: 'every question answered',
      found: `${asked - answered} of ${asked} were not`,
    });
  }
}
