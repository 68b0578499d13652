/** LiveKit says yes to a dispatch and nothing happens: every call has an agent all the same. */
import type { Stage } from '../stage.ts';

const promisedMs = 10_000;
const waitMs = 30_000;

export async function playDispatchLoss(stage: Stage, rooms: number, loss = 0.3): Promise<void> {
  const { fleet, findings, name: scenario } = stage;
  fleet.dispatches.setLoss(loss);
  const before = { ...fleet.dispatches.counts };
  const arrivedMs: number[] = [];
  for (let index = 1; index <= rooms; index += 1) {
    const { witness } = await stage.enter(`${scenario}-lost-${index}`, { isTalking: false });
    const agent = await witness.until(() => witness.agent, waitMs);
    if (agent !== undefined) arrivedMs.push(performance.now() - witness.joinedMs);
    else
      findings.breaks({
        scenario,
        where: witness.roomName,
        expected: `an agent within ${promisedMs} ms`,
        found: `none in ${waitMs} ms`,
      });
    stage.say(
      `room ${index}/${rooms}: ${agent === undefined ? 'no agent' : `${arrivedMs.at(-1)?.toFixed(0)} ms`}`,
    );
  }
  fleet.dispatches.setLoss(0);
  const { dispatches, lost } = fleet.dispatches.counts;
  findings.measured({
    scenario,
    what: `${loss * 100} % of dispatches lost: in the room → agent listens`,
    valuesMs: arrivedMs,
    limit: { percentile: 100, ms: promisedMs },
  });
  findings.counted({ scenario, what: 'dispatches', value: dispatches - before.dispatches });
  findings.counted({ scenario, what: 'of these lost', value: lost - before.lost });
}
