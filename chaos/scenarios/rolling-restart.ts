/** Every worker is restarted in order with SIGTERM while calls talk and new ones come: nobody is dropped or refused. */

import { callsOn } from '../calls-on.ts';
import type { Replica } from '../replica.ts';
import { servedAgainAt, serviceGaps } from '../service-times.ts';
import type { Stage } from '../stage.ts';

const promisedGapMs = 1_000;
const promisedNewcomerMs = 10_000;
const graceMs = 90_000;
const firstAgentMs = 20_000;

/** `count`: so many workers, those with the most calls first. */
export async function playRollingRestart(stage: Stage, count = stage.fleet.workers.length): Promise<void> {
  const { fleet, findings, name: scenario } = stage;
  const endedMs: number[] = [];
  const gapsMs: number[] = [];
  const newcomersMs: number[] = [];
  let handedOver = 0;
  const byCalls = (worker: Replica): number => callsOn(stage, worker).length;
  const workers = [...stage.fleet.workers].sort((a, b) => byCalls(b) - byCalls(a)).slice(0, count);
  for (const worker of workers) {
    await stage.untilAllServed(30_000);
    const before = callsOn(stage, worker).map((call) => ({ call, epoch: call.witness.agent?.epoch ?? 0 }));
    const startMs = performance.now();
    const ending = worker.terminate(graceMs);
    const { witness } = await stage.enter(`${scenario}-during-${worker.name}`);
    const newcomer = await witness.until(() => witness.agent, firstAgentMs);
    if (newcomer !== undefined) newcomersMs.push(performance.now() - witness.joinedMs);
    else
      findings.breaks({
        scenario,
        where: witness.roomName,
        expected: `an agent within ${firstAgentMs} ms while ${worker.name} is restarted`,
        found: 'none',
      });
    const end = await ending;
    endedMs.push(end.tookMs);
    if (end.killed || end.code !== 0)
      findings.breaks({
        scenario,
        where: worker.name,
        expected: `to end with 0 within ${graceMs} ms of SIGTERM`,
        found: end.killed ? 'it had to be killed' : `exit code ${end.code}`,
      });
    await fleet.startAgain(worker);
    await stage.untilAllServed(30_000);
    for (const { call, epoch } of before) {
      const { sightings } = call.witness;
      if (servedAgainAt(sightings, { atMs: startMs, epoch }) !== undefined) handedOver += 1;
      const gaps = serviceGaps(sightings, performance.now()).filter(({ endMs }) => endMs > startMs);
      gapsMs.push(Math.max(0, ...gaps.map(({ startMs: from, endMs }) => endMs - from)));
    }
    stage.say(
      `${worker.name}: ended in ${end.tookMs.toFixed(0)} ms, ${before.length} calls moved, longest gap ${Math.max(0, ...gapsMs).toFixed(0)} ms`,
    );
  }
  findings.measured({
    scenario,
    what: 'worker restarted → longest time without agent, each of its calls',
    valuesMs: gapsMs,
    limit: { percentile: 100, ms: promisedGapMs },
  });
  findings.measured({ scenario, what: 'SIGTERM → worker ended', valuesMs: endedMs });
  findings.measured({
    scenario,
    what: 'call opened during a restart → agent listens',
    valuesMs: newcomersMs,
    limit: { percentile: 100, ms: promisedNewcomerMs },
  });
  findings.counted({ scenario, what: 'calls handed over', value: handedOver });
}
