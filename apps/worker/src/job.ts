/**
 * The job process: one call in one room. Forked by the agent server, which imports this file's default export.
 * Opens what the call needs, holds the room until it is over, closes everything in order.
 */
import { flushCompileCache } from 'node:module';
import { AutoSubscribe, defineAgent, type JobContext } from '@livekit/agents';
import { ParticipantKind, RoomEvent } from '@livekit/rtc-node';
import { jobMetadataSchema } from '@sophy/contracts/job-metadata';
import { handOverTopic } from '@sophy/contracts/room-messages';
import { beatAgent, requestHandOver } from '@sophy/db/agent-lease';
import { openDatabase } from '@sophy/db/database';
import { closeConnections } from '@sophy/providers/http/connection-pool';
import { createLogger } from '@sophy/telemetry/logger';
import { createRegistry, createWorkerMetrics } from '@sophy/telemetry/metrics';
import { readConfiguration } from './configuration.ts';
import { Heartbeat } from './journal/heartbeat.ts';
import { createEndOfTurnModel } from './lane/end-of-turn-model.ts';
import { MetricsReporter } from './parent/metrics-reporter.ts';
import { Orphanage } from './parent/orphanage.ts';
import { reportWarm } from './parent/warm-processes.ts';
import { closeRoom } from './room/close-room.ts';
import { openBreakers } from './room/open-breakers.ts';
import { RoomHost } from './room/room-host.ts';

/** A job needs one connection to write and one to read; the pool grows only while both are busy. */
const databaseConnections = 3;
const heartbeatMs = 1_000;
/** Read as the process starts, before it has a call. */
const configuration = readConfiguration();

export default defineAgent({
  // The process is ready; its worker counts those that wait.
  prewarm: async () => {
    flushCompileCache();
    await reportWarm(configuration.parent?.reportUrl);
  },
  entry: async (context: JobContext) => {
    const job = jobMetadataSchema.parse(JSON.parse(context.job.metadata));
    const logger = createLogger({ service: 'worker-job', level: configuration.environment.LOG_LEVEL }).child({
      callId: job.callId,
      epoch: job.epoch,
    });
    const registry = createRegistry('worker');
    const metrics = createWorkerMetrics(registry);
    const database = openDatabase({
      url: configuration.databaseUrl,
      maxConnections: databaseConnections,
      onConnectionLost: (error) =>
        logger.warn({ error }, 'an idle database connection broke; it is replaced'),
    });
    const reporter = new MetricsReporter({
      url: configuration.parent?.reportUrl,
      jobId: context.job.id,
      registry,
      logger,
    });

    const leave = (reason: string): void => context.shutdown(reason);
    context.room.on(RoomEvent.Disconnected, () => leave('room closed'));
    const orphanage = new Orphanage({
      requestHandOver: (withinMs) => requestHandOver(database, job, withinMs),
      leave: () => leave('worker is gone'),
      logger,
    });
    const [breakers] = await Promise.all([
      openBreakers(configuration.environment.REDIS_URL, logger),
      context.connect(undefined, AutoSubscribe.AUDIO_ONLY),
    ]);
    const participant = context.room.localParticipant;
    if (participant === undefined)
      throw new Error('The agent is connected but has no participant of its own.');

    const host = await RoomHost.open({
      room: context.room,
      participant,
      job,
      configuration,
      database,
      breakers,
      endOfTurnModel: createEndOfTurnModel({ executor: context.inferenceExecutor, logger }),
      metrics,
      logger,
      onLeave: leave,
      closeRoom: () => closeRoom(context),
    });
    const heartbeat = new Heartbeat({ everyMs: heartbeatMs, beat, logger });
    // Word that the call may be this agent's now, sooner than the next beat.
    context.room.on(RoomEvent.DataReceived, (_payload, _from, _kind, topic) => {
      if (topic === handOverTopic) void heartbeat.now();
    });
    context.room.on(RoomEvent.ParticipantDisconnected, ({ info }) => {
      if (info.kind === ParticipantKind.AGENT) void heartbeat.now();
    });
    logger.info(job.isSuccessor === true ? 'waiting to take over' : 'listening');

    context.addShutdownCallback(async () => {
      orphanage.close();
      await heartbeat.close();
      await host.close('agent left');
      await reporter.close();
      await database.close();
      await closeConnections();
    });

    async function beat(): Promise<void> {
      const standing = await beatAgent(database, { ...job, seesHumans: host.seesHumans });
      switch (standing.type) {
        case 'standby':
          return;
        case 'stale':
          metrics.staleWrites.inc({ kind: 'heartbeat' });
          logger.warn('a newer agent has the call, leaving');
          leave('a newer agent has the call');
          return;
        case 'current':
          await host.activate();
          host.handOver(standing.handOver);
          return;
      }
    }
  },
});
