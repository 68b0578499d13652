/**
 * Interleavings that nobody would write down by hand: two supervisors that read, look and save at different moments,
 * agents that come late or never, die with or without a ghost, stop their heartbeats, and people who come and go, workers that drain, and slots that run out.
 */
import { callIdSchema, workerIdSchema } from '@sophy/contracts/ids';
import { agentIdentity, parseAgentIdentity } from '@sophy/contracts/job-metadata';
import fc from 'fast-check';
import { expect, inject, test } from 'vitest';
import type { CallRecord } from './call-record.ts';
import { decide } from './decide.ts';
import { openCall } from './open-call.ts';
import { placed, promoted, queued, successorPlaced } from './placement.ts';
import type { RoomObservation } from './room-observation.ts';

const workerId = workerIdSchema.parse('worker-a');
const leaseMs = 3_000;
/** LiveKit keeps a participant that has lost its process for so long (19.9 s measured). */
const ghostMs = 20_000;

type Reading = {
  readonly call: CallRecord;
  readonly revision: number;
  readonly room: RoomObservation;
  readonly atMs: number;
};

/** LiveKit, the database and the workers, reduced to what a supervisor can see of them. */
class World {
  nowMs = 0;
  humans = 0;
  /** Workers say which jobs they have. */
  isTold = true;
  /** A worker has a free slot. */
  hasSlot = true;
  /** Open or last call of the room, as the database holds it. */
  call: CallRecord | undefined;
  revision = 0;
  endings = 0;
  openings = 0;
  /** Agents in the room; a dead one is a ghost that renews nothing. */
  readonly agents = new Map<string, { diedAtMs: number | null; beats: boolean }>();
  /** When a human was last seen by a supervisor whose reading counted. */
  humanSeenAtMs = 0;
  /** Dispatches that a worker has not yet acted on. */
  readonly underway: string[] = [];
  readonly sent: string[] = [];
  private readonly readings = new Map<number, Reading>();

  passTime(ms: number): void {
    this.nowMs += ms;
    for (const [identity, { diedAtMs }] of this.agents) {
      if (diedAtMs !== null && this.nowMs - diedAtMs >= ghostMs) this.agents.delete(identity);
    }
    this.heartbeat();
  }

  /** Living agents renew their lease; one of an older epoch is refused. */
  heartbeat(): void {
    const { call } = this;
    if (call === undefined || call.state === 'ended') return;
    const current = this.agents.get(agentIdentity({ callId: call.id, epoch: call.epoch }));
    if (current?.beats && current.diedAtMs === null) {
      const humansSeenAtMs = this.humans > 0 ? this.nowMs : null;
      this.call = { ...call, leaseUntilMs: this.nowMs + leaseMs, humansSeenAtMs };
    }
    const { successor } = call;
    if (successor === null) return;
    const next = this.agents.get(agentIdentity({ callId: call.id, epoch: successor.epoch }));
    if (next?.beats && next.diedAtMs === null)
      this.call = { ...(this.call ?? call), successor: { ...successor, readyAtMs: this.nowMs } };
  }

  /** A worker that has lost the database is in the room but renews nothing. */
  arrive(beats = true): void {
    const identity = this.underway.shift();
    if (identity !== undefined) this.agents.set(identity, { diedAtMs: null, beats });
  }

  /** The worker of the agent of the current epoch drains. */
  drain(): void {
    if (this.call === undefined || this.call.state === 'ended') return;
    this.call = { ...this.call, handOverSinceMs: this.call.handOverSinceMs ?? this.nowMs };
  }

  /** The agent of the current epoch gives the call to its successor, which has said that it is ready. */
  release(): void {
    const { call } = this;
    if (call === undefined || call.state === 'ended' || call.successor === null) return;
    const agent = this.agents.get(agentIdentity({ callId: call.id, epoch: call.epoch }));
    const isReady = call.successor.readyAtMs !== null && this.nowMs - call.successor.readyAtMs < leaseMs;
    if (agent?.diedAtMs !== null || !isReady) return;
    this.call = promoted(call, this.nowMs) ?? call;
    this.revision += 1;
    this.agents.delete(agentIdentity({ callId: call.id, epoch: call.epoch }));
  }

  loseDispatch(): void {
    this.underway.shift();
  }

  /** `isReported`: its worker has seen it die and says so. */
  kill(leavesGhost: boolean, isReported: boolean): void {
    const [identity, agent] = [...this.agents].find(([, { diedAtMs }]) => diedAtMs === null) ?? [];
    if (identity === undefined || agent === undefined) return;
    if (leavesGhost) agent.diedAtMs = this.nowMs;
    else this.agents.delete(identity);
    const { call } = this;
    const isCurrent =
      call !== undefined && identity === agentIdentity({ callId: call.id, epoch: call.epoch });
    if (isReported && isCurrent && call.state !== 'ended') this.call = { ...call, agentGoneAtMs: this.nowMs };
  }

  /** A supervisor reads the record and then lists the room; what happens until it saves, it does not know. */
  look(supervisor: number): void {
    if ((this.call === undefined || this.call.state === 'ended') && this.humans > 0) {
      this.openings += 1;
      const id = callIdSchema.parse(`00000000-0000-4000-8000-${String(this.openings).padStart(12, '0')}`);
      this.call = openCall(id, 'kitchen', this.nowMs);
      this.revision = 0;
    }
    if (this.call === undefined) return;
    this.readings.set(supervisor, {
      call: this.call,
      revision: this.revision,
      atMs: this.nowMs,
      room: {
        humanCount: this.humans,
        agentIdentities: [...this.agents.keys()],
        heartbeatsPossibleSinceMs: 0,
        startingEpochs: this.isTold
          ? this.underway.map((identity) => parseAgentIdentity(identity)?.epoch ?? 0)
          : [],
      },
    });
  }

  act(supervisor: number): void {
    const reading = this.readings.get(supervisor);
    this.readings.delete(supervisor);
    if (reading === undefined) return;
    const isCurrent = this.call?.id === reading.call.id && this.revision === reading.revision;
    if (isCurrent && reading.room.humanCount > 0) this.humanSeenAtMs = reading.atMs;
    let placedIdentity: string | undefined;
    for (const command of decide(reading.call, reading.room, this.nowMs)) {
      switch (command.type) {
        case 'record-call':
          if (!this.save(reading, command.call)) return;
          break;
        case 'place-agent': {
          const next = this.hasSlot
            ? placed(command.call, workerId, this.nowMs)
            : queued(command.call, this.nowMs);
          if (!this.save(reading, next)) return;
          if (this.hasSlot) placedIdentity = agentIdentity({ callId: next.id, epoch: next.epoch });
          break;
        }
        case 'place-successor': {
          const next = this.hasSlot ? successorPlaced(command.call, workerId, this.nowMs) : command.call;
          if (!this.save(reading, next)) return;
          if (this.hasSlot) placedIdentity = agentIdentity({ callId: next.id, epoch: next.latestEpoch });
          break;
        }
        case 'remove-agent':
          this.agents.delete(command.identity);
          break;
        case 'send-agent':
          if (placedIdentity === undefined) break;
          this.sent.push(placedIdentity);
          this.underway.push(placedIdentity);
          break;
        case 'clear-dispatches':
          break;
      }
    }
  }

  /** As the database does it: only over the record that was read, leaving to others what is theirs. */
  save(reading: Reading, next: CallRecord): boolean {
    const { call } = this;
    const isSame = call?.id === reading.call.id && this.revision === reading.revision;
    if (call === undefined || !isSame || call.state === 'ended') return false;
    expect(next.epoch).toBeGreaterThanOrEqual(reading.call.epoch);
    expect(next.latestEpoch).toBeGreaterThanOrEqual(next.epoch);
    if (next.state === 'ended') {
      this.endings += 1;
      expect(this.nowMs - this.humanSeenAtMs).toBeGreaterThanOrEqual(20_000);
    }
    const isSameEpoch = next.epoch === call.epoch;
    const isSameSuccessor = next.successor !== null && next.successor.epoch === call.successor?.epoch;
    this.call = {
      ...next,
      // Within an epoch the lease only grows, and reports and requests are others' to make.
      leaseUntilMs: isSameEpoch ? latest(call.leaseUntilMs, next.leaseUntilMs) : next.leaseUntilMs,
      agentGoneAtMs: isSameEpoch ? call.agentGoneAtMs : null,
      handOverSinceMs: isSameEpoch ? call.handOverSinceMs : null,
      humansSeenAtMs: call.humansSeenAtMs,
      successor: isSameSuccessor ? call.successor : next.successor,
    };
    this.revision += 1;
    return true;
  }

  /** Never two live epochs: of all agents in the room, at most one may write. */
  check(): void {
    const { call } = this;
    expect(new Set(this.sent).size).toBe(this.sent.length);
    expect(this.endings).toBeLessThanOrEqual(this.openings);
    if (call === undefined) return;
    const writers = [...this.agents.keys()]
      .map(parseAgentIdentity)
      .filter((agent) => agent !== undefined && (agent.callId !== call.id || agent.epoch > call.epoch));
    // Nobody is ahead of the record but its successor: every other agent of this call is fenced by it.
    const ahead = writers.filter((agent) => agent?.callId === call.id).map((agent) => agent?.epoch);
    expect(ahead.filter((epoch) => (epoch ?? 0) > call.latestEpoch)).toEqual([]);
    expect(call.successor === null || call.successor.epoch > call.epoch).toBe(true);
  }

  /** From now on everything works: dispatches arrive, living agents stay, both supervisors look each second. */
  settle(): void {
    this.hasSlot = true;
    for (let second = 0; second < 45; second += 1) {
      this.arrive();
      for (const supervisor of [0, 1]) {
        this.look(supervisor);
        this.act(supervisor);
      }
      this.passTime(500);
      this.arrive();
      this.passTime(500);
      this.release();
      this.check();
    }
  }
}

function latest(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.max(one, other);
}

const supervisor = fc.constantFrom(0, 1);
const step = fc.oneof(
  { weight: 6, arbitrary: supervisor.map((who) => (world: World) => world.look(who)) },
  { weight: 6, arbitrary: supervisor.map((who) => (world: World) => world.act(who)) },
  {
    weight: 4,
    arbitrary: fc.integer({ min: 1, max: 7_000 }).map((ms) => (world: World) => world.passTime(ms)),
  },
  { weight: 3, arbitrary: fc.boolean().map((beats) => (world: World) => world.arrive(beats)) },
  { weight: 1, arbitrary: fc.constant((world: World) => world.loseDispatch()) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.boolean(), fc.boolean()).map(
      ([ghost, reported]) =>
        (world: World) =>
          world.kill(ghost, reported),
    ),
  },
  { weight: 1, arbitrary: fc.constant((world: World) => world.drain()) },
  { weight: 2, arbitrary: fc.constant((world: World) => world.release()) },
  {
    weight: 1,
    arbitrary: fc.boolean().map((hasSlot) => (world: World) => {
      world.hasSlot = hasSlot;
    }),
  },
  {
    weight: 1,
    arbitrary: fc.boolean().map((isTold) => (world: World) => {
      world.isTold = isTold;
    }),
  },
  {
    weight: 2,
    arbitrary: fc.integer({ min: 0, max: 2 }).map((count) => (world: World) => {
      world.humans = count;
    }),
  },
);

test('no interleaving lets two epochs live, and once faults stop every room converges', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: 'max' }), fc.boolean(), (steps, isPeopled) => {
      const world = new World();
      for (const run of steps) {
        run(world);
        world.check();
      }
      world.humans = isPeopled ? 1 : 0;
      world.settle();

      const { call } = world;
      if (!isPeopled) {
        expect(call === undefined || call.state === 'ended').toBe(true);
        expect(world.endings).toBe(world.openings);
        expect([...world.agents]).toEqual([]);
        return;
      }
      expect(call?.state).toBe('live');
      expect(world.endings).toBe(world.openings - 1);
      const arrived = [...world.agents].map(([identity, { diedAtMs }]) => [identity, diedAtMs]);
      const current =
        call === undefined ? [] : [[agentIdentity({ callId: call.id, epoch: call.epoch }), null]];
      expect(arrived).toEqual(current);
    }),
    { numRuns: inject('propertyRuns') },
  );
}, 300_000);
