/** livekit-server dies and comes back empty: people enter their rooms anew, workers stay, each room has one agent again. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Stage } from '../stage.ts';

const promisedBackMs = 15_000;
const waitMs = 60_000;
/** After the last agent is back: time in which a second one could still come, ms. */
const doubtMs = 8_000;

export async function playLivekitRestart(stage: Stage, awayMs = 10_000): Promise<void> {
  const { fleet, findings, name: scenario } = stage;
  const pids = fleet.workers.map(({ pid }) => pid);
  await fleet.livekit.kill();
  await sleep(awayMs);
  await fleet.livekit.startAgain();
  const returnedMs = performance.now();
  stage.say(`livekit-server is back after ${awayMs / 1_000} s`);
  const backs = await Promise.all(
    stage.calls.map(({ witness }) =>
      witness.until(() => {
        const agent = witness.agent;
        if (agent === undefined) return undefined;
        return witness.sightings.find(
          ({ identity, atMs, event }) =>
            identity === agent.identity && atMs > returnedMs && event.type === 'state',
        )?.atMs;
      }, waitMs),
    ),
  );
  for (const [index, back] of backs.entries()) {
    if (back === undefined) {
      findings.breaks({
        scenario,
        where: stage.calls[index]?.witness.roomName ?? '',
        expected: `an agent within ${waitMs} ms of livekit-server's return`,
        found: 'none',
      });
    }
  }
  findings.measured({
    scenario,
    what: 'livekit-server is back → agent listens',
    valuesMs: backs.flatMap((back) => (back === undefined ? [] : [back - returnedMs])),
    limit: { percentile: 100, ms: promisedBackMs },
  });
  await sleep(doubtMs);
  const doubled = stage.calls.filter(({ witness }) => witness.agents.length !== 1);
  findings.counted({ scenario, what: 'rooms without exactly one agent', value: doubled.length, allowed: 0 });
  for (const { witness } of doubled) {
    findings.breaks({
      scenario,
      where: witness.roomName,
      expected: 'exactly one agent',
      found: witness.agents.map(({ identity }) => identity).join(', ') || 'none',
    });
  }
  const ended = fleet.workers.filter(({ pid, isReady }, index) => !isReady || pid !== pids[index]);
  findings.counted({ scenario, what: 'workers that ended', value: ended.length, allowed: 0 });
  for (const { name } of ended)
    findings.breaks({ scenario, where: name, expected: 'to stay while LiveKit is away', found: 'it ended' });
}
