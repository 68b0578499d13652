/** The whole status: every part looked at now, at the same time. */
import type { StatusResponse } from '@sophy/contracts/http-status';
import type { Settings } from '@sophy/contracts/settings';
import { pingDatabase } from '@sophy/db/database';
import { listWorkers } from '@sophy/db/workers';
import type { AppDependencies } from '../app-dependencies.ts';
import { currentSettings } from '../settings/live-settings.ts';
import { engineProbes } from './engine-probes.ts';
import { notUsed, type Probe, runProbe } from './probe.ts';

/** A worker that has not reported for longer counts as gone; it reports every few seconds. */
const workerSilenceMs = 15_000;

export async function collectStatus(dependencies: AppDependencies): Promise<StatusResponse> {
  const { configuration, database, livekit, redis } = dependencies;
  const engines = engineProbes({
    settings: await settingsOrDefaults(dependencies),
    endpoints: configuration.endpoints,
    engines: dependencies.engines,
  });
  const [livekitStatus, ollama, agent, whisper, sip, tts, llm, databaseStatus, redisStatus] =
    await Promise.all([
      runProbe(async () => {
        await livekit.ping();
        return 'answers';
      }),
      runProbe(engines.ollama),
      runProbe(agentProbe(dependencies)),
      runProbe(engines.stt),
      runProbe(async () => {
        const count = await livekit.countSipTrunks();
        if (count === 0) throw new Error('There is no inbound trunk.');
        return `${count} inbound trunks`;
      }),
      runProbe(engines.tts),
      runProbe(engines.llm),
      runProbe(async () => {
        await pingDatabase(database);
        return 'answers';
      }),
      redis === undefined
        ? notUsed('Not used: REDIS_URL is not set; one API needs none.')
        : runProbe(async () => {
            await redis.ping();
            return 'answers';
          }),
    ]);
  const needed = [livekitStatus, agent, whisper, tts, llm, databaseStatus];
  return {
    livekit: livekitStatus,
    ollama,
    agent,
    whisper,
    sip,
    tts,
    llm,
    database: databaseStatus,
    redis: redisStatus,
    all_ready: needed.every(({ available }) => available),
  };
}

/** Without a database the engines of the environment are looked at; the database's own line says that it is missing. */
async function settingsOrDefaults(dependencies: AppDependencies): Promise<Settings> {
  try {
    return (await currentSettings(dependencies)).settings;
  } catch (error) {
    dependencies.logger.warn({ error }, 'status without stored settings');
    return dependencies.baseSettings;
  }
}

function agentProbe({ database }: AppDependencies): Probe {
  return async () => {
    const workers = (await listWorkers(database, workerSilenceMs)).filter(({ state }) => state === 'ready');
    if (workers.length === 0) {
      throw new Error('No worker is ready. Start one: npm start runs it, or scale the worker deployment.');
    }
    const slots = workers.reduce((sum, worker) => sum + worker.slots, 0);
    const active = workers.reduce((sum, worker) => sum + worker.active, 0);
    return `${workers.length} workers, ${active} of ${slots} calls`;
  };
}
