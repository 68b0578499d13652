import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { type CallId, callIdSchema, type WorkerId, workerIdSchema } from '@sophy/contracts/ids';
import {
  agentIdentity,
  isDispatchOfFleet,
  type JobMetadata,
  jobMetadataSchema,
  workerDispatchName,
} from '@sophy/contracts/job-metadata';
import { beatAgent, releaseCall, reportAgentGone, requestHandOver } from '@sophy/db/agent-lease';
import { hintSlotFreed } from '@sophy/db/call-hints';
import { endCall } from '@sophy/db/calls';
import { type Database, openDatabase } from '@sophy/db/database';
import { heartbeatWorker } from '@sophy/db/workers';
import { createLogger } from '@sophy/telemetry/logger';
import { createApiMetrics, createRegistry } from '@sophy/telemetry/metrics';
import { startLivekitServer, type TestLivekitServer } from '@sophy/testkit/livekit-server';
import { createTestDatabase, type TestDatabase } from '@sophy/testkit/postgres';
import { joinSilently, type SilentParticipant } from '@sophy/testkit/silent-participant';
import { startTcpGate } from '@sophy/testkit/tcp-gate';
import { AgentDispatchClient, RoomServiceClient, WebhookReceiver } from 'livekit-server-sdk';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Supervisor, startSupervisor } from './start-supervisor.ts';

const agentDispatchName = 'sophy';
const patience = { timeout: 15_000, interval: 20 };

let webhooks: Server;
let livekit: TestLivekitServer;
let testDatabase: TestDatabase;
let database: Database;
let dispatchClient: AgentDispatchClient;
let roomClient: RoomServiceClient;
let onHint: (roomName: string, event: string) => void = () => undefined;
let supervisors: Supervisor[] = [];
let participants: SilentParticipant[] = [];
let roomName: string;
let beating: ReturnType<typeof setInterval>;
/** Agents that are alive: they beat as jobs do. */
let alive: { callId: CallId; epoch: number }[] = [];
let workers: { id: WorkerId; slots: number; state: 'ready' | 'draining' }[] = [];
const workerA = workerIdSchema.parse('worker-a');
const workerB = workerIdSchema.parse('worker-b');

beforeAll(async () => {
  webhooks = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      response.end();
      const receiver = new WebhookReceiver(livekit.apiKey, livekit.apiSecret);
      void receiver.receive(Buffer.concat(chunks).toString(), request.headers.authorization).then((event) => {
        if (event.room !== undefined) onHint(event.room.name, event.event);
      });
    });
  });
  await new Promise<void>((listening) => webhooks.listen(0, '127.0.0.1', listening));
  const address = webhooks.address();
  if (address === null || typeof address === 'string') throw new Error('The webhook server has no port.');
  livekit = await startLivekitServer({ webhookUrl: `http://127.0.0.1:${address.port}/` });
  dispatchClient = new AgentDispatchClient(livekit.url, livekit.apiKey, livekit.apiSecret);
  roomClient = new RoomServiceClient(livekit.url, livekit.apiKey, livekit.apiSecret);
});

afterAll(async () => {
  await livekit.stop();
  await new Promise((closed) => webhooks.close(closed));
});

beforeEach(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase({ url: testDatabase.url, onConnectionLost: () => undefined });
  roomName = `room-${randomUUID()}`;
  alive = [];
  workers = [{ id: workerA, slots: 8, state: 'ready' }];
  await beat();
  beating = setInterval(() => void beat().catch(() => undefined), 500);
});

async function beat(): Promise<void> {
  for (const worker of workers)
    await heartbeatWorker(database, { ...worker, version: '1', jobs: [], metricsUrl: null });
  for (const agent of alive) await beatAgent(database, agent);
}

afterEach(async () => {
  clearInterval(beating);
  await Promise.all(participants.map((participant) => participant.leave()));
  await Promise.all(supervisors.map((supervisor) => supervisor.close()));
  participants = [];
  supervisors = [];
  onHint = () => undefined;
  await database.close();
  await testDatabase.drop();
});

function supervise(server: { url: string; apiKey: string; apiSecret: string } = livekit) {
  const metrics = createApiMetrics(createRegistry('api'));
  const supervisor = startSupervisor({
    database,
    databaseUrl: testDatabase.url,
    livekit: server,
    agentDispatchName,
    logger: createLogger({ service: 'api', level: 'silent' }),
    metrics,
  });
  supervisors.push(supervisor);
  return { supervisor, metrics };
}

async function join(identity: string, kind: 'standard' | 'agent' = 'standard'): Promise<SilentParticipant> {
  const { url, apiKey, apiSecret } = livekit;
  const participant = await joinSilently({ url, apiKey, apiSecret, roomName, identity, kind });
  participants.push(participant);
  return participant;
}

/** Ours only: LiveKit itself makes one without a name for each room. */
async function dispatchedJobs(): Promise<JobMetadata[]> {
  const dispatches = await dispatchClient.listDispatch(roomName);
  return dispatches
    .filter(({ agentName }) => isDispatchOfFleet(agentDispatchName, agentName))
    .map(({ metadata }) => jobMetadataSchema.parse(JSON.parse(metadata)));
}

async function dispatchedEpochs(): Promise<number[]> {
  return (await dispatchedJobs()).map(({ epoch }) => epoch).sort((one, other) => one - other);
}

const calls = () =>
  database.kysely
    .selectFrom('calls')
    .selectAll()
    .where('room_name', '=', roomName)
    .orderBy('started_at')
    .execute();

async function onlyCall() {
  const [call, ...others] = await calls();
  if (call === undefined) throw new Error(`${roomName} has no call`);
  expect(others).toEqual([]);
  return { ...call, id: callIdSchema.parse(call.id) };
}

const agentsInRoom = async () =>
  (await roomClient.listParticipants(roomName))
    .map(({ identity }) => identity)
    .filter((id) => id.startsWith('agent-'));

/** The agent of the call's current epoch enters, as a worker would bring it in. */
async function bringAgent(call: { id: CallId; epoch: number }): Promise<SilentParticipant> {
  const agent = await join(agentIdentity({ callId: call.id, epoch: call.epoch }), 'agent');
  alive.push({ callId: call.id, epoch: call.epoch });
  await vi.waitFor(async () => expect((await onlyCall()).state).toBe('live'), patience);
  return agent;
}

async function openedCall() {
  return vi.waitFor(async () => {
    const call = await onlyCall();
    expect(call.state).toBe('dispatched');
    return call;
  }, patience);
}

describe('supervisor with a real LiveKit server', () => {
  test('a human in a room is found without any hint, and the agent is dispatched once by three replicas', async () => {
    await join('ada');
    for (let replica = 0; replica < 3; replica += 1) supervise();
    const call = await openedCall();
    await vi.waitFor(
      async () => expect(await dispatchedJobs()).toEqual([{ callId: call.id, epoch: 1, roomName }]),
      patience,
    );
    await bringAgent(call);
    // Four more looks of each replica.
    await new Promise((later) => setTimeout(later, 4_000));
    expect(await dispatchedEpochs()).toEqual([1]);
    expect((await onlyCall()).state).toBe('live');
  });

  test('with the webhook the dispatch follows the join at once', async () => {
    const { supervisor } = supervise();
    const hintedAt: number[] = [];
    const sentMs: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      roomName = `room-${randomUUID()}`;
      const name = roomName;
      onHint = (hinted, event) => {
        if (hinted !== name) return;
        if (event === 'participant_joined') hintedAt.push(performance.now());
        supervisor.hint(hinted);
      };
      await join(`ada-${round}`);
      await vi.waitFor(async () => expect(await dispatchedEpochs()).toEqual([1]), {
        timeout: 5_000,
        interval: 2,
      });
      // None yet: the agent was sent before LiveKit told of the join.
      const [joinToldAtMs = performance.now()] = hintedAt;
      sentMs.push(performance.now() - joinToldAtMs);
      hintedAt.length = 0;
    }
    console.info('dispatch listed after the webhook of the join, ms:', sentMs.map(Math.round).join(' '));
    // Looks alone would take 500 ms on average.
    const median = sentMs.toSorted((one, other) => one - other)[2];
    expect(median).toBeLessThan(250);
  });

  test('an agent that does not come within 2 s is replaced by the next epoch, and the stale dispatch is taken back', async () => {
    await join('ada');
    const { metrics } = supervise();
    const first = await openedCall();
    const beganAtMs = performance.now();
    await vi.waitFor(async () => expect((await onlyCall()).epoch).toBe(2), patience);
    expect(performance.now() - beganAtMs).toBeGreaterThan(900);
    expect(performance.now() - beganAtMs).toBeLessThan(5_500);
    await vi.waitFor(async () => expect(await dispatchedEpochs()).toEqual([2]), patience);
    // The first agent comes after all: it is a ghost.
    await join(agentIdentity({ callId: first.id, epoch: 1 }), 'agent');
    await vi.waitFor(async () => expect(await agentsInRoom()).toEqual([]), patience);
    await bringAgent(await onlyCall());
    expect(
      (await metrics.dispatches.get()).values.map(({ labels, value }) => [labels['reason'], value]),
    ).toEqual([
      ['call-opened', 1],
      ['agent-late', 1],
    ]);
  });

  test('an agent whose lease ran out is put out of the room at once and replaced', async () => {
    await join('ada');
    supervise();
    const call = await openedCall();
    const identity = agentIdentity({ callId: call.id, epoch: 1 });
    await bringAgent(call);
    // It stops beating.
    alive = [];
    const stoppedAtMs = performance.now();
    await vi.waitFor(async () => expect((await onlyCall()).epoch).toBe(2), { timeout: 15_000, interval: 10 });
    const leaseMs = performance.now() - stoppedAtMs;
    console.info('next epoch after the last heartbeat, ms:', Math.round(leaseMs));
    // The lease is 3 s, for an agent that was just seen 5 s; the look comes as it ends.
    expect(leaseMs).toBeLessThan(5_400);
    await vi.waitFor(async () => expect(await agentsInRoom()).not.toContain(identity), patience);
    expect(await beatAgent(database, { callId: call.id, epoch: 1 })).toEqual({ type: 'stale' });
    await vi.waitFor(async () => expect(await dispatchedEpochs()).toEqual([2]), patience);
  });

  test('an agent whose worker says that its job is gone is replaced at once, without any look or webhook', async () => {
    await join('ada');
    supervise();
    const call = await openedCall();
    await bringAgent(call);
    const goneMs: number[] = [];
    for (let epoch = 1; epoch <= 3; epoch += 1) {
      alive = [];
      const reportedAtMs = performance.now();
      await reportAgentGone(database, { callId: call.id, epoch });
      await vi.waitFor(async () => expect(await dispatchedEpochs()).toContain(epoch + 1), {
        timeout: 5_000,
        interval: 2,
      });
      goneMs.push(Math.round(performance.now() - reportedAtMs));
      await bringAgent(await onlyCall());
      // As if it had stayed for long, so that no pause comes before the next.
      await database.pool.query("UPDATE calls SET agent_seen_at = now() - interval '1 minute', failures = 0");
    }
    console.info('next epoch listed after the report, ms:', goneMs.join(' '));
    expect(goneMs.toSorted((one, other) => one - other)[1]).toBeLessThan(300);
    // An old report is without effect.
    await reportAgentGone(database, { callId: call.id, epoch: 2 });
    expect((await onlyCall()).agent_gone_at).toBeNull();
  });

  test('an agent that asks to be relieved gets a successor on another worker, gives it the call, and is out', async () => {
    await join('ada');
    supervise();
    const call = await openedCall();
    expect(call.worker_id).toBe(workerA);
    await bringAgent(call);
    workers = [
      { id: workerA, slots: 8, state: 'draining' },
      { id: workerB, slots: 1, state: 'ready' },
    ];
    await beat();
    await requestHandOver(database, { callId: call.id, epoch: 1 }, 60_000);
    await vi.waitFor(async () => expect(await dispatchedEpochs()).toEqual([1, 2]), patience);
    expect((await dispatchClient.listDispatch(roomName)).map(({ agentName }) => agentName)).toContain(
      workerDispatchName(agentDispatchName, workerB),
    );
    // Nobody is ready yet.
    expect(await releaseCall(database, { callId: call.id, epoch: 1 })).toBe(false);
    await join(agentIdentity({ callId: call.id, epoch: 2 }), 'agent');
    expect(await beatAgent(database, { callId: call.id, epoch: 2 })).toEqual({ type: 'standby' });
    alive.push({ callId: call.id, epoch: 2 });
    // Both are in the room, and both are left alone.
    await new Promise((later) => setTimeout(later, 2_500));
    expect((await agentsInRoom()).length).toBe(2);
    expect(await beatAgent(database, { callId: call.id, epoch: 1 })).toMatchObject({
      type: 'current',
      handOver: { readyEpoch: 2 },
    });
    expect(await releaseCall(database, { callId: call.id, epoch: 1 })).toBe(true);
    expect(await beatAgent(database, { callId: call.id, epoch: 1 })).toEqual({ type: 'stale' });
    expect(await beatAgent(database, { callId: call.id, epoch: 2 })).toEqual({
      type: 'current',
      handOver: null,
    });
    const current = agentIdentity({ callId: call.id, epoch: 2 });
    await vi.waitFor(async () => expect(await agentsInRoom()).toEqual([current]), patience);
    expect(await onlyCall()).toMatchObject({
      state: 'live',
      epoch: 2,
      worker_id: workerB,
      successor_epoch: null,
    });
  });

  test('a call without a free slot waits and says so in the room, and gets the slot that is freed', async () => {
    workers = [{ id: workerA, slots: 1, state: 'ready' }];
    await beat();
    await join('ada');
    supervise();
    await openedCall();
    const first = roomName;
    roomName = `room-${randomUUID()}`;
    await join('berta');
    await vi.waitFor(async () => expect((await onlyCall()).queued_since).not.toBeNull(), patience);
    const metadata = async () => (await roomClient.listRooms([roomName]))[0]?.metadata;
    await vi.waitFor(
      async () => expect(await metadata()).toMatch(/^\{"waitingForAgentSinceMs":\d+\}$/),
      patience,
    );
    expect(await dispatchedEpochs()).toEqual([]);
    await database.pool.query(
      "UPDATE calls SET state = 'ended', ended_at = now(), end_reason = 'test' WHERE room_name = $1",
      [first],
    );
    await hintSlotFreed(database);
    await vi.waitFor(async () => expect(await dispatchedEpochs()).toEqual([1]), {
      timeout: 900,
      interval: 10,
    });
    await vi.waitFor(async () => expect(await metadata()).toBe('{"waitingForAgentSinceMs":null}'), patience);
  });

  test('an agent that leaves while a human remains is followed by the next epoch', async () => {
    await join('ada');
    const { supervisor } = supervise();
    onHint = (hinted) => supervisor.hint(hinted);
    const agent = await bringAgent(await openedCall());
    const beganAtMs = performance.now();
    await agent.leave();
    await vi.waitFor(async () => expect(await dispatchedEpochs()).toContain(2), {
      timeout: 5_000,
      interval: 5,
    });
    console.info(
      'next epoch dispatched after the agent left, ms:',
      Math.round(performance.now() - beganAtMs),
    );
  });

  test('the call ends once when nobody has been there for 20 s, and the next human opens another', async () => {
    const human = await join('ada');
    supervise();
    supervise();
    const call = await openedCall();
    await bringAgent(call);
    await human.leave();
    await vi.waitFor(async () => expect((await onlyCall()).empty_since).not.toBeNull(), patience);
    await database.pool.query("UPDATE calls SET empty_since = empty_since - interval '18 seconds'");
    await vi.waitFor(async () => expect((await onlyCall()).state).toBe('ended'), patience);
    expect(await onlyCall()).toMatchObject({ end_reason: 'room-empty' });
    expect(await endCall(database, call.id, 'again')).toBe(false);
    await vi.waitFor(async () => expect(await agentsInRoom()).toEqual([]), patience);
    // The dispatch of the ended call is acted on after all.
    await join(agentIdentity({ callId: call.id, epoch: 1 }), 'agent');
    await vi.waitFor(async () => expect(await agentsInRoom()).toEqual([]), patience);
    await join('berta');
    await vi.waitFor(
      async () => expect((await calls()).map(({ state }) => state)).toEqual(['ended', 'dispatched']),
      patience,
    );
  });

  test('the seat of a person in the room is kept', async () => {
    await database.kysely
      .insertInto('seats')
      .values({
        room_name: roomName,
        name_key: 'ada',
        identity: 'ada',
        seat_key_hash: Buffer.alloc(32),
        expires_at: new Date(Date.now() + 2_000),
      })
      .execute();
    await join('ada');
    supervise();
    await vi.waitFor(async () => {
      const seat = await database.kysely.selectFrom('seats').select('expires_at').executeTakeFirstOrThrow();
      expect(seat.expires_at.getTime()).toBeGreaterThan(Date.now() + 10_000);
    }, patience);
  });

  test('LiveKit and Postgres away: each change logged once, live agents left alone, and all goes on by itself', async () => {
    const livekitGate = await startTcpGate(livekit.url);
    const databaseGate = await startTcpGate(testDatabase.url);
    const gated = openDatabase({
      url: databaseGate.rewrite(testDatabase.url),
      onConnectionLost: () => undefined,
    });
    const logger = createLogger({ service: 'api', level: 'silent' });
    const said: string[] = [];
    const note = (fields: unknown) => {
      const part =
        typeof fields === 'object' && fields !== null && 'part' in fields ? fields.part : undefined;
      if (typeof part === 'string') said.push(part);
    };
    vi.spyOn(logger, 'warn').mockImplementation(note);
    vi.spyOn(logger, 'info').mockImplementation(note);
    const failed = vi.spyOn(logger, 'error');
    const supervisor = startSupervisor({
      database: gated,
      databaseUrl: databaseGate.rewrite(testDatabase.url),
      livekit: { ...livekit, url: livekitGate.rewrite(livekit.url) },
      agentDispatchName,
      logger,
      metrics: createApiMetrics(createRegistry('api')),
    });
    try {
      await join('ada');
      const call = await openedCall();
      await bringAgent(call);

      // The lease runs out while nobody could renew it.
      await databaseGate.shut();
      const beats = alive;
      alive = [];
      await vi.waitFor(() => expect(said).toEqual(['database']), patience);
      await new Promise((later) => setTimeout(later, 6_000));
      await databaseGate.reopen();
      await vi.waitFor(() => expect(said).toEqual(['database', 'database']), patience);
      alive = beats;

      await livekitGate.shut();
      await vi.waitFor(() => expect(said).toEqual(['database', 'database', 'livekit']), patience);
      await new Promise((later) => setTimeout(later, 3_000));
      await livekitGate.reopen();
      await vi.waitFor(() => expect(said).toEqual(['database', 'database', 'livekit', 'livekit']), patience);

      expect(await onlyCall()).toMatchObject({ state: 'live', epoch: 1 });
      expect(failed.mock.calls).toEqual([]);
      roomName = `room-${randomUUID()}`;
      await join('berta');
      await openedCall();
    } finally {
      await supervisor.close();
      await gated.close();
      await Promise.all([livekitGate.shut(), databaseGate.shut()]);
    }
  });
});
