import { callIdSchema, workerIdSchema } from '@sophy/contracts/ids';
import { agentIdentity } from '@sophy/contracts/job-metadata';
import { describe, expect, test } from 'vitest';
import type { CallRecord } from './call-record.ts';
import { decide } from './decide.ts';
import type { FleetCommand } from './fleet-command.ts';
import { arrivalTimeoutMs, backOffMs } from './fleet-timing.ts';
import { openCall } from './open-call.ts';
import { placed, promoted, queued, successorPlaced } from './placement.ts';
import type { RoomObservation } from './room-observation.ts';

const callId = callIdSchema.parse('11111111-1111-4111-8111-111111111111');
const earlierCallId = callIdSchema.parse('22222222-2222-4222-8222-222222222222');
const workerId = workerIdSchema.parse('worker-a');
const nowMs = 1_000_000;
const agent = (epoch: number) => agentIdentity({ callId, epoch });

const waiting = openCall(callId, 'kitchen', nowMs);
const dispatched: CallRecord = { ...waiting, state: 'dispatched', dispatchedAtMs: nowMs, retryAtMs: null };
const live: CallRecord = { ...dispatched, state: 'live', agentSeenAtMs: nowMs };
const leased: CallRecord = { ...live, workerId, leaseUntilMs: nowMs + 3_000 };
const otherWorkerId = workerIdSchema.parse('worker-b');
const relievable: CallRecord = { ...live, workerId, handOverSinceMs: nowMs };
const succeeded: CallRecord = successorPlaced(relievable, otherWorkerId, nowMs);
const ready: CallRecord = {
  ...succeeded,
  successor: { epoch: 2, workerId: otherWorkerId, sentAtMs: nowMs, readyAtMs: nowMs },
};

function seen(humanCount: number, agentIdentities: readonly string[] = []): RoomObservation {
  return { humanCount, agentIdentities, heartbeatsPossibleSinceMs: 0, startingEpochs: [] };
}

/** A command in one line: what happened is then a table. */
function brief(command: FleetCommand): string {
  switch (command.type) {
    case 'record-call':
      return `record ${command.call.state} e${command.call.epoch}`;
    case 'remove-agent':
      return `remove ${command.identity.startsWith(`agent-${callId}`) ? '' : 'earlier '}${command.identity.slice(43)}`;
    case 'place-agent':
      return `place e${command.call.epoch}${command.doubtedWorkerId === null ? '' : ` not on ${command.doubtedWorkerId}`}`;
    case 'place-successor':
      return `place successor of e${command.call.epoch}`;
    case 'send-agent':
      return `send ${command.reason}`;
    case 'clear-dispatches':
      return `clear but ${command.keepEpochs.length === 0 ? 'none' : command.keepEpochs.join(' ')}`;
  }
}

type Row = {
  readonly when: string;
  readonly call: CallRecord;
  readonly room: RoomObservation;
  readonly afterMs: number;
  readonly expected: readonly string[];
};

const rows: readonly Row[] = [
  {
    when: 'a call has opened',
    call: waiting,
    room: seen(1),
    afterMs: 0,
    expected: ['place e1', 'send call-opened'],
  },
  {
    when: 'the human left before the first agent was sent',
    call: waiting,
    room: seen(0),
    afterMs: 0,
    expected: ['record waiting e1'],
  },
  { when: 'the agent is still on its way', call: dispatched, room: seen(1), afterMs: 1_999, expected: [] },
  {
    when: 'the agent has arrived',
    call: dispatched,
    room: seen(1, [agent(1)]),
    afterMs: 400,
    expected: ['record live e1'],
  },
  {
    when: 'the agent has not arrived in 2 s',
    call: dispatched,
    room: seen(1),
    afterMs: 2_000,
    expected: ['place e2', 'send agent-late', 'clear but 2'],
  },
  {
    when: 'the agent has not arrived in 2 s, and its worker has the job: a busy machine starts it slowly',
    call: dispatched,
    room: { ...seen(1), startingEpochs: [1] },
    afterMs: 19_999,
    expected: [],
  },
  {
    when: 'its worker has the job and it never arrives',
    call: dispatched,
    room: { ...seen(1), startingEpochs: [1] },
    afterMs: 20_000,
    expected: ['place e2', 'send agent-late', 'clear but 2'],
  },
  {
    when: 'the successor starts slowly, and its worker has the job',
    call: succeeded,
    room: { ...seen(1, [agent(1)]), startingEpochs: [2] },
    afterMs: 19_999,
    expected: [],
  },
  {
    when: 'the agent of an older epoch arrives late',
    call: { ...dispatched, epoch: 2, latestEpoch: 2, failures: 1 },
    room: seen(1, [agent(1)]),
    afterMs: 100,
    expected: ['remove e1'],
  },
  {
    when: 'a second failure in a row: pause first',
    call: { ...dispatched, epoch: 2, latestEpoch: 2, failures: 1 },
    room: seen(1),
    afterMs: 6_000,
    expected: ['record waiting e3', 'clear but 3'],
  },
  {
    when: 'the pause is not over',
    call: { ...waiting, epoch: 3, latestEpoch: 3, failures: 2, retryAtMs: nowMs + 250 },
    room: seen(1),
    afterMs: 249,
    expected: [],
  },
  {
    when: 'the pause is over',
    call: { ...waiting, epoch: 3, latestEpoch: 3, failures: 2, retryAtMs: nowMs + 250 },
    room: seen(1),
    afterMs: 250,
    expected: ['place e3', 'send retry'],
  },
  { when: 'all is well', call: live, room: seen(2, [agent(1)]), afterMs: 60_000, expected: [] },
  {
    when: 'agents that are not ours are in the room',
    call: live,
    room: seen(1, [agent(1), 'recorder', 'agent-x-e1']),
    afterMs: 0,
    expected: [],
  },
  {
    when: 'the agent is gone while a human remains',
    call: live,
    room: seen(1),
    afterMs: 60_000,
    expected: ['place e2', 'send agent-lost', 'clear but 2'],
  },
  {
    when: 'the lease holds',
    call: leased,
    room: seen(1, [agent(1)]),
    afterMs: 3_000,
    expected: [],
  },
  {
    when: 'the lease ran out and the ghost is still in the room',
    call: leased,
    room: seen(1, [agent(1)]),
    afterMs: 3_001,
    expected: ['place e2 not on worker-a', 'remove e1', 'send lease-ran-out', 'clear but 2'],
  },
  {
    when: 'the lease ran out while the database was away, and workers have not had time to renew it',
    call: leased,
    room: { ...seen(1, [agent(1)]), heartbeatsPossibleSinceMs: nowMs + 60_000 },
    afterMs: 64_000,
    expected: [],
  },
  {
    when: 'an agent of an earlier call is in the room',
    call: live,
    room: seen(1, [agent(1), agentIdentity({ callId: earlierCallId, epoch: 7 })]),
    afterMs: 0,
    expected: ['remove earlier e7'],
  },
  {
    when: 'the last human has left',
    call: live,
    room: seen(0, [agent(1)]),
    afterMs: 0,
    expected: ['record live e1'],
  },
  {
    when: 'LiveKit lists nobody, and the agent says that people are there: LiveKit has forgotten the room',
    call: { ...leased, humansSeenAtMs: nowMs + 58_000 },
    room: seen(0),
    afterMs: 60_000,
    expected: [],
  },
  {
    when: 'the agent that saw people has not been heard of since',
    call: { ...leased, humansSeenAtMs: nowMs + 57_000 },
    room: seen(0),
    afterMs: 60_000,
    expected: ['record live e1'],
  },
  {
    when: 'the agent dies in an empty room',
    call: { ...live, emptySinceMs: nowMs },
    room: seen(0),
    afterMs: 5_000,
    expected: [],
  },
  {
    when: 'a human returns in time and the agent has waited',
    call: { ...live, emptySinceMs: nowMs },
    room: seen(1, [agent(1)]),
    afterMs: 19_999,
    expected: ['record live e1'],
  },
  {
    when: 'a human returns in time and the agent is gone',
    call: { ...live, emptySinceMs: nowMs },
    room: seen(1),
    afterMs: 19_999,
    expected: ['place e2', 'send agent-lost', 'clear but 2'],
  },
  {
    when: 'nobody has come back for 20 s',
    call: { ...live, emptySinceMs: nowMs },
    room: seen(0, [agent(1)]),
    afterMs: 20_000,
    expected: ['record ended e1', 'remove e1', 'clear but none'],
  },
  {
    when: 'the worker says that the job of its agent died on the way',
    call: { ...dispatched, agentGoneAtMs: nowMs },
    room: seen(1),
    afterMs: 100,
    expected: ['place e2', 'send agent-gone', 'clear but 2'],
  },
  {
    when: 'the worker says that the job of its agent died, and the ghost is still there',
    call: { ...leased, agentGoneAtMs: nowMs },
    room: seen(1, [agent(1)]),
    afterMs: 100,
    expected: ['place e2', 'remove e1', 'send agent-gone', 'clear but 2'],
  },
  {
    when: 'the agent wants to be relieved',
    call: relievable,
    room: seen(1, [agent(1)]),
    afterMs: 0,
    expected: ['place successor of e1', 'send hand-over'],
  },
  {
    when: 'the successor is on its way, and then waits beside the agent',
    call: succeeded,
    room: seen(1, [agent(1), agent(2)]),
    afterMs: 600,
    expected: [],
  },
  {
    when: 'the agent is lost while its successor waits',
    call: ready,
    room: seen(1, [agent(2)]),
    afterMs: 600,
    expected: ['record live e2', 'clear but 2'],
  },
  {
    when: 'the worker of the agent dies while its successor waits',
    call: { ...ready, agentGoneAtMs: nowMs },
    room: seen(1, [agent(1), agent(2)]),
    afterMs: 600,
    expected: ['record live e2', 'remove e1', 'clear but 2'],
  },
  {
    when: 'the agent is lost while its successor is on its way: an epoch that was given is not given again',
    call: succeeded,
    room: seen(1),
    afterMs: 600,
    expected: ['place e3 not on worker-a', 'send agent-lost', 'clear but 3'],
  },
  {
    when: 'the successor does not come in 2 s: it is forgotten, and the next look sends another',
    call: succeeded,
    room: seen(1, [agent(1)]),
    afterMs: 2_000,
    expected: ['record live e1', 'clear but 1'],
  },
  {
    when: 'a successor that is there but gives no sign of life would never get the call: it is replaced',
    call: succeeded,
    room: seen(1, [agent(1), agent(2)]),
    afterMs: 6_000,
    expected: ['record live e1', 'remove e2', 'clear but 1'],
  },
  {
    when: 'the successor beats late: a busy machine',
    call: ready,
    room: seen(1, [agent(1), agent(2)]),
    afterMs: 9_999,
    expected: [],
  },
  {
    when: 'the successor was ready and is gone',
    call: ready,
    room: seen(1, [agent(1)]),
    afterMs: 600,
    expected: ['record live e1', 'clear but 1'],
  },
  {
    when: 'the room is empty: nobody is relieved',
    call: { ...relievable, emptySinceMs: nowMs },
    room: seen(0, [agent(1)]),
    afterMs: 600,
    expected: [],
  },
  {
    when: 'an ended call is looked at again',
    call: { ...live, state: 'ended', endReason: 'room-empty' },
    room: seen(0),
    afterMs: 30_000,
    expected: [],
  },
];

describe('decide', () => {
  test.each(rows)('$when', ({ call, room, afterMs, expected }) => {
    expect(decide(call, room, nowMs + afterMs).map(brief)).toEqual(expected);
  });

  test('an agent that stayed for 10 s wipes out earlier failures', () => {
    const troubled: CallRecord = { ...live, epoch: 6, latestEpoch: 6, failures: 5 };
    const soon = decide(troubled, seen(1), nowMs + 9_999);
    const later = decide(troubled, seen(1), nowMs + 10_000);
    expect(soon.map(brief)).toEqual(['record waiting e7', 'clear but 7']);
    expect(later.map(brief)).toEqual(['place e7', 'send agent-lost', 'clear but 7']);
  });
});

test('the next successor after one that did not come has an epoch of its own', () => {
  const forgotten: CallRecord = { ...succeeded, successor: null };
  expect(successorPlaced(forgotten, otherWorkerId, nowMs).successor?.epoch).toBe(3);
});

test('a call that waits for a slot keeps its place, and leaves the queue with its slot', () => {
  const first = queued(waiting, nowMs);
  const second = queued(first, nowMs + 5_000);
  expect(second.queuedSinceMs).toBe(nowMs);
  expect(placed(second, workerId, nowMs + 6_000)).toMatchObject({
    state: 'dispatched',
    workerId,
    queuedSinceMs: null,
    retryAtMs: null,
  });
});

test('a successor that was promoted is believed for 5 s without a heartbeat, and there is none without a successor', () => {
  expect(promoted(ready, nowMs)).toMatchObject({
    state: 'live',
    epoch: 2,
    workerId: otherWorkerId,
    leaseUntilMs: nowMs + 5_000,
    handOverSinceMs: null,
    successor: null,
  });
  expect(promoted(live, nowMs)).toBeUndefined();
});

test('pauses grow from 0.25 s to 4 s, and the first replacement goes at once', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 50].map(backOffMs)).toEqual([0, 250, 500, 1_000, 2_000, 4_000, 4_000, 4_000]);
  expect([false, true].map(arrivalTimeoutMs)).toEqual([2_000, 20_000]);
});
