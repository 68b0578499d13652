/** kill -STOP of a whole worker for 30 s, then -CONT: its calls are taken over, and what wakes up does no harm. */
import { setTimeout as sleep } from 'node:timers/promises';
import { signalProcess } from '@sophy/testkit/process-tree';
import { callsOn } from '../calls-on.ts';
import { isJob } from '../leftovers.ts';
import { servedAgainAt } from '../service-times.ts';
import type { Stage } from '../stage.ts';

const promisedBackMs = 5_000;
const promisedSilentMs = 2_000;
/** How long the processes of replaced agents are watched after they wake up, ms. */
const watchMs = 20_000;

export async function playFrozenWorker(stage: Stage, rounds: number, frozenMs = 30_000): Promise<void> {
  const { fleet, findings, random, name: scenario } = stage;
  const backMs: number[] = [];
  const audibleMs: number[] = [];
  const goneMs: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    await stage.untilAllServed(30_000);
    const worker = random.pick(fleet.workers.filter((each) => callsOn(stage, each).length > 0));
    const victims = callsOn(stage, worker).flatMap((call) => {
      const agent = call.witness.agent;
      const job = agent === undefined ? undefined : fleet.jobs.of(agent.callId, agent.epoch);
      return agent === undefined || job === undefined ? [] : [{ call, agent, pid: job.pid }];
    });
    const tree = await worker.tree();
    const stoppedMs = performance.now();
    for (const pid of tree) signalProcess(pid, 'SIGSTOP');
    const backs = await Promise.all(
      victims.map(({ call: { witness }, agent }) =>
        witness.until(
          () => servedAgainAt(witness.sightings, { atMs: stoppedMs, epoch: agent.epoch }),
          frozenMs - 1_000,
        ),
      ),
    );
    for (const [index, back] of backs.entries()) {
      if (back !== undefined) backMs.push(back - stoppedMs);
      else
        findings.breaks({
          scenario,
          where: victims[index]?.call.witness.roomName ?? '',
          expected: 'another agent while the worker is frozen',
          found: `none in ${frozenMs / 1_000} s`,
        });
    }
    await sleep(Math.max(0, stoppedMs + frozenMs - performance.now()));
    const wokenMs = performance.now();
    for (const pid of tree) signalProcess(pid, 'SIGCONT');
    while (victims.some(({ pid }) => isJob(pid)) && performance.now() < wokenMs + watchMs) await sleep(50);
    goneMs.push(performance.now() - wokenMs);
    for (const { call, agent } of victims) {
      const spans = call.witness.voices.get(agent.identity)?.spans ?? [];
      const lastMs = Math.max(wokenMs, ...spans.map(({ endMs }) => endMs));
      audibleMs.push(lastMs - wokenMs);
    }
    stage.say(
      `round ${round}/${rounds}: ${worker.name} with ${victims.length} calls, back after ${backs.map((back) => (back === undefined ? 'never' : (back - stoppedMs).toFixed(0))).join(', ')} ms; its jobs gone ${goneMs.at(-1)?.toFixed(0)} ms after waking`,
    );
  }
  findings.measured({
    scenario,
    what: 'worker frozen → agent back and listening',
    valuesMs: backMs,
    limit: { percentile: 95, ms: promisedBackMs },
  });
  findings.measured({
    scenario,
    what: 'worker wakes up → replaced agent silent',
    valuesMs: audibleMs,
    limit: { percentile: 100, ms: promisedSilentMs },
  });
  findings.measured({ scenario, what: 'worker wakes up → replaced processes gone', valuesMs: goneMs });
}
