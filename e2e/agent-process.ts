/** The process of a call's agent, ended as a crash would end it. */
import { readdir, readlink } from 'node:fs/promises';
import { parseAgentIdentity } from '@sophy/contracts/job-metadata';
import type { Caller } from '@sophy/testkit/caller';

/** Kills the process that has the agent's spool open. Resolves with the epoch of the dead agent. */
export async function killAgent(caller: Caller): Promise<number> {
  const agent = parseAgentIdentity(caller.agentIdentity ?? '');
  if (agent === undefined) throw new Error(`no agent to kill: ${caller.agentIdentity}`);
  process.kill(await ownerOf(`${agent.callId}-e${agent.epoch}.spool`), 'SIGKILL');
  return agent.epoch;
}

/** Resolves when a later agent is in the room, alone. */
export async function waitForSuccessor(caller: Caller, epoch: number): Promise<void> {
  await caller.until(
    'another agent alone',
    () => {
      const [only, ...others] = caller.agents;
      const isLater = (parseAgentIdentity(only ?? '')?.epoch ?? 0) > epoch;
      return isLater && others.length === 0 ? true : undefined;
    },
    20_000,
  );
}

async function ownerOf(fileName: string): Promise<number> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    // Processes end while we look.
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const descriptor of descriptors) {
      const path = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
      if (path.endsWith(`/${fileName}`)) return Number(pid);
    }
  }
  throw new Error(`no process has ${fileName} open`);
}
