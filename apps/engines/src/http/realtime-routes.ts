/** `GET /v1/realtime` as a WebSocket: recognition while people speak. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from '@sophy/telemetry/logger';
import type { FastifyInstance } from 'fastify';
import { type WebSocket, WebSocketServer } from 'ws';
import { EngineError } from '../engine-error.ts';
import type { Engines } from '../engines.ts';
import { audioFrames } from '../realtime/audio-frames.ts';
import { parseClientMessage } from '../realtime/realtime-messages.ts';
import { RealtimeSession, type SessionSettings } from '../realtime/realtime-session.ts';
import { type RecognizerUse, redecodingEar } from '../realtime/redecoding-ear.ts';
import { streamingEar } from '../realtime/streaming-ear.ts';
import type { OpenEar } from '../realtime/utterance-ear.ts';
import type { Use } from '../stage.ts';
import type { Recognizer } from '../stt/recognizer.ts';
import { requestedLanguage } from '../stt/requested-language.ts';

/** One message of a client carries a fraction of a second; this is ten seconds. */
const maxMessageBytes = 1_000_000;
/** More people than a machine can hear. */
const maxSessions = 64;
const pingIntervalMs = 20_000;

export function registerRealtimeRoutes(app: FastifyInstance, engines: Engines, logger: Logger): void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes });
  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const path = request.url?.split('?')[0];
    if (path !== '/v1/realtime') return refuse(socket, '404 Not Found');
    if (sockets.clients.size >= maxSessions) return refuse(socket, '429 Too Many Requests');
    sockets.handleUpgrade(request, socket, head, (client) => serve(client, engines, logger));
  });
  app.addHook('preClose', async () => {
    for (const client of sockets.clients) client.terminate();
    sockets.close();
  });
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

function serve(client: WebSocket, engines: Engines, logger: Logger): void {
  const over = new AbortController();
  let releaseModel = (): void => undefined;
  let isAlive = true;
  const ping = setInterval(() => {
    if (!isAlive) return client.terminate();
    isAlive = false;
    client.ping();
  }, pingIntervalMs);
  const onFailure = (error: unknown) => logger.error({ error }, 'realtime recognition failed');
  const session = new RealtimeSession({
    send: (message) => client.send(JSON.stringify(message)),
    openFrames: audioFrames,
    newItemId: () => `item_${randomUUID()}`,
    onFailure,
    openEars: async (settings) => {
      const { ears, release } = await openEars(engines, settings, over.signal, onFailure);
      releaseModel();
      releaseModel = release;
      if (over.signal.aborted) release();
      return ears;
    },
  });
  client.on('message', (data, isBinary) => {
    try {
      if (isBinary) throw new EngineError('invalid_request', 'Send JSON messages.');
      session.receive(parseClientMessage(data.toString()));
    } catch (error) {
      session.refuse(error);
    }
  });
  client.on('pong', () => {
    isAlive = true;
  });
  client.on('error', (error) => logger.info({ error }, 'realtime connection broke'));
  client.on('close', () => {
    clearInterval(ping);
    session.close();
    over.abort(new Error('the client has gone'));
    releaseModel();
  });
}

/** The model stays loaded while the session lasts when it streams; otherwise each look takes its turn. */
async function openEars(
  engines: Engines,
  settings: SessionSettings,
  signal: AbortSignal,
  onInterimFailure: (error: unknown) => void,
): Promise<{ ears: OpenEar; release: () => void }> {
  const language = requestedLanguage(settings.language, { title: '', languages: [] });
  const item = chooseModel(engines, settings.model, language);
  requestedLanguage(language, item.model);
  if (item.model.family === 'streaming-transducer') {
    const lease = await engines.streaming.use(item, signal);
    const ears = streamingEar(lease.engine, language ?? item.model.languages[0]);
    return { ears, release: lease.release };
  }
  const using = ({ engine, release }: Use<Recognizer>): RecognizerUse => ({
    transcribe: (wav, until) => engine.transcribe(wav, language, until),
    release,
  });
  const ears = redecodingEar({
    enter: async (until) => using(await engines.stt.enter(item, until)),
    enterIdle: async (until) => {
      const use = await engines.stt.enterIdle(item, until);
      return use === undefined ? undefined : using(use);
    },
    signal,
    onInterimFailure,
    nowMs: () => performance.now(),
  });
  return { ears, release: () => undefined };
}

/** Without a name a streaming model of the language is the best there is for this. */
function chooseModel(engines: Engines, asked: string | undefined, language: string | undefined) {
  const usual = engines.recognition(asked);
  const isNamed = asked !== undefined && asked !== '' && engines.library.isInstalled(asked);
  if (isNamed || language === undefined) return usual;
  const streaming = engines.library
    .installed('stt')
    .find((model) => model.family === 'streaming-transducer' && model.languages.includes(language));
  return streaming === undefined ? usual : engines.recognition(streaming.id);
}
