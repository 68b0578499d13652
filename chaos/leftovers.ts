/** What a run may not leave behind: open calls, rooms, jobs, processes. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { processesMarked } from '@sophy/testkit/process-tree';
import { RoomServiceClient } from 'livekit-server-sdk';
import { withClient } from './audit.ts';
import { runMarkVariable } from './fleet.ts';
import type { Stage } from './stage.ts';

/** A room without people closes after 20 s, and its call with it; as much again for a look and for a busy machine. */
const endTimeoutMs = 45_000;
const processGraceMs = 10_000;
const pollMs = 500;

/** To be called when everybody has left: waits until nothing is open any more, and reports what stays. */
export async function findOpenEnds(stage: Stage): Promise<void> {
  const { fleet, findings, name: scenario } = stage;
  const { livekit, postgres, jobs } = fleet;
  const rooms = new RoomServiceClient(livekit.url.replace(/^ws/, 'http'), livekit.apiKey, livekit.apiSecret);
  const look = async (): Promise<readonly { kind: string; left: readonly string[] }[]> => {
    const open = await withClient(postgres.url, (client) =>
      client.query<{ what: string }>(
        "SELECT room_name || ' ' || state || ' e' || epoch AS what FROM calls WHERE ended_at IS NULL",
      ),
    );
    const existing = await rooms.listRooms();
    return [
      { kind: 'open call', left: open.rows.map(({ what }) => what) },
      { kind: 'room', left: existing.map((room) => room.name) },
      {
        kind: 'job process',
        left: jobs.all
          .filter(({ pid }) => isJob(pid))
          .map(({ pid, callId, epoch, worker }) => `${pid} of ${callId} e${epoch} on ${worker}`),
      },
    ];
  };
  const deadlineMs = performance.now() + endTimeoutMs;
  let found = await look();
  while (found.some(({ left }) => left.length > 0) && performance.now() < deadlineMs) {
    await sleep(pollMs);
    found = await look();
  }
  for (const { kind, left } of found) {
    findings.counted({ scenario, what: `left: ${kind}`, value: left.length, allowed: 0 });
    for (const what of left) {
      findings.breaks({
        scenario,
        where: what,
        expected: `no ${kind} ${endTimeoutMs / 1_000} s after everybody has left`,
        found: `a ${kind}`,
      });
    }
  }
}

/** To be called when the fleet was stopped. */
export async function findProcesses(stage: Stage): Promise<void> {
  const { fleet, findings, name: scenario } = stage;
  const deadlineMs = performance.now() + processGraceMs;
  let left = processesMarked(runMarkVariable, fleet.runMark);
  while (left.length > 0 && performance.now() < deadlineMs) {
    await sleep(pollMs);
    left = processesMarked(runMarkVariable, fleet.runMark);
  }
  findings.counted({ scenario, what: 'processes left', value: left.length, allowed: 0 });
  for (const { pid, command } of left) {
    findings.breaks({
      scenario,
      where: `process ${pid}`,
      expected: 'no process after the fleet has ended',
      found: command.slice(0, 200),
    });
    process.kill(pid, 'SIGKILL');
  }
}

/** Whether the id still belongs to a job process, and not to another program by now. */
export function isJob(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('job_proc');
  } catch {
    // Gone.
    return false;
  }
}
