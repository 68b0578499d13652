/** The wall clock of one worker and one API replica jumps: no call changes hands, nothing is lost or stored twice. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FakeClock } from '../fake-clock.ts';
import { serviceGaps } from '../service-times.ts';
import type { Stage } from '../stage.ts';

/** Longer than the lease and the time after which a silent worker counts as gone, ms. */
const watchMs = 8_000;

export async function playClockJumps(
  stage: Stage,
  clock: FakeClock,
  offsetsSeconds: readonly number[],
): Promise<void> {
  const { findings, name: scenario } = stage;
  const gapsMs: number[] = [];
  let moved = 0;
  for (const offset of [...offsetsSeconds, 0]) {
    const jumpedMs = performance.now();
    const before = stage.calls.map(({ witness }) => witness.agent?.identity);
    await clock.setOffset(offset);
    await sleep(watchMs);
    const gaps = stage.calls.flatMap(({ witness }) =>
      serviceGaps(witness.sightings, performance.now()).filter(({ endMs }) => endMs > jumpedMs),
    );
    gapsMs.push(Math.max(0, ...gaps.map(({ startMs, endMs }) => endMs - startMs)));
    const others = stage.calls.filter(({ witness }, index) => witness.agent?.identity !== before[index]);
    moved += others.length;
    stage.say(`${offset >= 0 ? '+' : ''}${offset} s: ${others.length} calls changed hands`);
    for (const { witness } of others) {
      findings.breaks({
        scenario,
        where: witness.roomName,
        expected: `the same agent after a jump of the clock to ${offset} s`,
        found: witness.agent?.identity ?? 'none',
      });
    }
  }
  findings.measured({
    scenario,
    what: 'clock jumps → longest time without agent in any call',
    valuesMs: gapsMs,
    limit: { percentile: 100, ms: 0 },
  });
  findings.counted({ scenario, what: 'calls that changed hands', value: moved, allowed: 0 });
}
