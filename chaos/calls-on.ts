/** Which of the calls have their agent on which worker. */
import type { Replica } from './replica.ts';
import type { Stage, StagedCall } from './stage.ts';

export function callsOn(stage: Stage, worker: Replica): readonly StagedCall[] {
  return stage.calls.filter(({ witness }) => {
    const agent = witness.agent;
    return agent !== undefined && stage.fleet.jobs.of(agent.callId, agent.epoch)?.worker === worker.name;
  });
}
