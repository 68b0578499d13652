/** The HTTP face of the engines: OpenAI's shapes, OpenAI's errors, metrics of each request. */
import multipart from '@fastify/multipart';
import type { Logger } from '@sophy/telemetry/logger';
import { createEnginesMetrics } from '@sophy/telemetry/metrics';
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import { EngineError, errorBody } from '../engine-error.ts';
import type { Engines } from '../engines.ts';
import { watchEngines } from '../engines-metrics.ts';
import { registerChatRoutes } from './chat-routes.ts';
import { registerModelRoutes } from './model-routes.ts';
import { registerRealtimeRoutes } from './realtime-routes.ts';
import { ClientGone } from './request-signal.ts';
import { registerSpeechRoutes } from './speech-routes.ts';
import { registerStatusRoutes } from './status-routes.ts';
import { registerTranscriptionRoutes } from './transcription-routes.ts';

/** OpenAI's limit for audio; 13 minutes of 16 kHz. */
const maxFileBytes = 25_000_000;
const maxJsonBytes = 1_000_000;

const stageOfRoute: Readonly<Record<string, 'stt' | 'tts' | 'llm'>> = {
  '/v1/audio/transcriptions': 'stt',
  '/v1/audio/speech': 'tts',
  '/v1/chat/completions': 'llm',
};

export async function buildServer(
  engines: Engines,
  registry: Registry,
  logger: Logger,
): Promise<FastifyInstance> {
  const app = Fastify({ bodyLimit: maxJsonBytes, forceCloseConnections: true });
  app.removeContentTypeParser('text/plain');
  await app.register(multipart, {
    limits: { fileSize: maxFileBytes, files: 1, fields: 20, fieldSize: 10_000 },
  });

  app.setErrorHandler<FastifyError | EngineError>((error, _request, reply) => {
    // Nobody is left to answer.
    if (error instanceof ClientGone) return reply.status(499).send();
    if (error instanceof EngineError) {
      if (error.retryAfterSeconds !== undefined) reply.header('retry-after', error.retryAfterSeconds);
      if (error.status === 500) logger.error({ error }, 'engine failed');
      return reply.status(error.status).send(errorBody(error.status, error.message, error.code));
    }
    const status = error.statusCode ?? 500;
    if (status < 500) return reply.status(status).send(errorBody(status, error.message, 'invalid_request'));
    logger.error({ error }, 'request failed');
    return reply.status(500).send(errorBody(500, 'The engines failed; their log says why.', 'engine_failed'));
  });
  app.setNotFoundHandler((request, reply) =>
    reply
      .status(404)
      .send(errorBody(404, `There is no ${request.method} ${request.url.split('?')[0]}.`, 'not_found')),
  );

  const metrics = createEnginesMetrics(registry);
  watchEngines(registry, engines);
  app.addHook('onResponse', async (request, reply) => {
    const stage = stageOfRoute[request.routeOptions.url ?? ''];
    if (stage === undefined) return;
    metrics.requestSeconds.observe({ stage, status: String(reply.statusCode) }, reply.elapsedTime / 1_000);
  });
  app.addHook('onRequest', async () => {
    for (const stage of [engines.stt, engines.tts, engines.llm]) {
      metrics.queued.set({ stage: stage.name }, stage.queue.waitingCount);
    }
  });

  registerTranscriptionRoutes(app, engines);
  registerSpeechRoutes(app, engines);
  registerChatRoutes(app, engines);
  registerModelRoutes(app, engines);
  registerRealtimeRoutes(app, engines, logger);
  registerStatusRoutes(app, engines, registry);
  return app;
}
