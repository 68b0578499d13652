/** Test support: Deepgram's `/v1/listen`, `/v1/speak` and `/v1/models` on loopback, with faults. */
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { bytesOfSamples, samplesOfBytes } from '../audio/pcm-bytes.ts';
import type { EngineFault } from '../http/engine-fault.ts';
import { giveLoopbackAnswer, type LoopbackOutcome } from '../http/loopback-answer.ts';
import { EngineFaults, FaultySender, failHandshake, refuseHandshake } from '../http/loopback-faults.ts';
import { hum, LoopbackHearing, type Transcribe } from '../http/loopback-hearing.ts';
import { type LoopbackRequest, startLoopbackServer } from '../http/loopback-server.ts';
import { piecesOf } from '../http/loopback-speech.ts';

export type DeepgramStage = 'stt' | 'tts';

export type DeepgramLoopbackRequest = {
  readonly stage: DeepgramStage | 'models';
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** What was to be said. */
  readonly text: string;
  /** Control messages of a stream, by type. */
  readonly messages: string[];
  /** Audio that was pushed, s. */
  heardSeconds: number;
  outcome: LoopbackOutcome;
};

export type DeepgramLoopback = {
  /** For `DEEPGRAM_BASE_URL`. */
  readonly url: string;
  readonly requests: readonly DeepgramLoopbackRequest[];
  setFault(stage: DeepgramStage, fault: EngineFault | undefined): void;
  /** Connections that were opened, and that are open. */
  connections(): { readonly opened: number; readonly open: number };
  close(): Promise<void>;
};

const controlSchema = z.object({ type: z.enum(['KeepAlive', 'Finalize', 'CloseStream']) });
const speakSchema = z.object({ text: z.string().min(1) });
/** Text of one request: developers.deepgram.com/docs/tts-rest. */
const maxCharacters = 2_000;

const models = {
  stt: [
    { name: 'general', canonical_name: 'nova-3-general', architecture: 'nova-3', streaming: true },
    { name: 'whisper', canonical_name: 'whisper', architecture: 'whisper', streaming: false },
  ],
  tts: [
    voiceModel('thalia', 'en', 'en-US', 'feminine'),
    voiceModel('livia', 'it', 'it-IT', 'feminine'),
    voiceModel('dionisio', 'it', 'it-IT', 'masculine'),
  ],
};

/** `transcribe` gives the words of audio, `speak` the audio of words at the rate that is asked for. */
export async function startDeepgramLoopback(
  options: {
    readonly transcribe?: Transcribe;
    readonly speak?: (text: string, sampleRateHz: number) => PcmAudio;
    /** Silence of the client after which a stream is given up, ms. */
    readonly idleMs?: number;
  } = {},
): Promise<DeepgramLoopback> {
  const { transcribe = () => '', speak = hum, idleMs = 10_000 } = options;
  const requests: DeepgramLoopbackRequest[] = [];
  const faults = new EngineFaults<DeepgramStage>();
  const websockets = new WebSocketServer({ noServer: true });

  function record(
    stage: DeepgramLoopbackRequest['stage'],
    query: URLSearchParams,
    headers: IncomingHttpHeaders,
    text = '',
  ): DeepgramLoopbackRequest {
    const request = {
      stage,
      query,
      headers,
      text,
      messages: [],
      heardSeconds: 0,
      outcome: 'running' as const,
    };
    requests.push(request);
    return request;
  }

  function answerHttp(request: LoopbackRequest, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url, 'http://loopback');
    if (!isAuthorized(request.headers)) refuse(response, 401, 'INVALID_AUTH');
    else if (pathname === '/v1/models') {
      record('models', searchParams, request.headers).outcome = 'complete';
      response.setHeader('content-type', 'application/json').end(JSON.stringify(models));
    } else if (pathname === '/v1/auth/token')
      response.setHeader('content-type', 'application/json').end('{"scopes":["usage:write"]}');
    else if (pathname === '/v1/speak' && request.method === 'POST')
      void answerSpeak(request, searchParams, response);
    else refuse(response, 404, 'NOT_FOUND');
  }

  async function answerSpeak(
    request: LoopbackRequest,
    query: URLSearchParams,
    response: ServerResponse,
  ): Promise<void> {
    const { text } = speakSchema.parse(JSON.parse(request.body.toString()));
    const asked = record('tts', query, request.headers, text);
    const problem = speakProblem(query, text);
    if (problem !== undefined) return refuse(response, ...problem);
    const audio = speak(text, Number(query.get('sample_rate')));
    asked.outcome = await giveLoopbackAnswer(
      response,
      {
        headers: { 'content-type': `audio/l16;rate=${audio.sampleRateHz};channels=1` },
        pieces: piecesOf(audio).map(bytesOfSamples),
        refusal: () => ({ err_code: 'REFUSED', err_msg: 'Refused.', request_id: 'loopback' }),
      },
      faults.get('tts'),
    );
  }

  const server = await startLoopbackServer(answerHttp, (incoming, socket, head) => {
    const { pathname, searchParams } = new URL(incoming.url ?? '', 'http://loopback');
    const asked = record('stt', searchParams, incoming.headers);
    const close = () => {
      if (asked.outcome === 'running') asked.outcome = 'cut';
    };
    socket.on('close', close);
    socket.on('error', close);
    if (!isAuthorized(incoming.headers)) refuseHandshake(socket, 401);
    else if (pathname !== '/v1/listen') refuseHandshake(socket, 404);
    else if (searchParams.get('encoding') !== 'linear16' || !searchParams.has('model'))
      refuseHandshake(socket, 400);
    else if (!failHandshake(faults.get('stt'), socket))
      websockets.handleUpgrade(incoming, socket, head, (websocket) =>
        listen(websocket, asked, { transcribe, idleMs, fault: () => faults.get('stt') }),
      );
  });

  return {
    url: server.url,
    requests,
    setFault: (stage, fault) => faults.set(stage, fault),
    connections: () => ({ opened: server.connections(), open: server.openConnections() }),
    close: async () => {
      websockets.close();
      await server.close();
    },
  };
}

function listen(
  socket: WebSocket,
  asked: DeepgramLoopbackRequest,
  options: {
    readonly transcribe: Transcribe;
    readonly idleMs: number;
    readonly fault: () => EngineFault | undefined;
  },
): void {
  const { transcribe, idleMs, fault } = options;
  const idle = setTimeout(() => socket.close(1_011, 'NET-0001'), idleMs);
  socket.on('close', () => clearTimeout(idle));
  const sampleRateHz = Number(asked.query.get('sample_rate'));
  const hearing = new LoopbackHearing({
    sampleRateHz,
    hangoverMs: Number(asked.query.get('endpointing') ?? 10),
    transcribe,
  });
  const sender = new FaultySender(socket, fault);
  const language = asked.query.get('language') ?? 'en';

  const give = (start: number, text: string, flags: object): void =>
    sender.send({
      type: 'Results',
      channel_index: [0, 1],
      start,
      duration: hearing.totalSeconds - start,
      is_final: false,
      speech_final: false,
      from_finalize: false,
      ...flags,
      channel: {
        alternatives: [
          {
            transcript: text,
            confidence: text === '' ? 0 : 0.99,
            words: text.split(' ').flatMap((word) => (word === '' ? [] : [{ word, start, end: start }])),
            // The loopback knows no languages: it takes what it is asked for as spoken.
            ...(language === 'multi' ? { languages: ['en'] } : {}),
          },
        ],
      },
      metadata: { request_id: 'loopback' },
    });

  socket.on('message', (data: Buffer, isBinary) => {
    idle.refresh();
    if (isBinary) {
      const start = hearing.startSeconds;
      for (const { type, text } of hearing.hear(samplesOfBytes(data)))
        give(start, text, type === 'pause' ? { is_final: true, speech_final: true } : {});
      asked.heardSeconds = hearing.totalSeconds;
      return;
    }
    const { type } = controlSchema.parse(JSON.parse(data.toString()));
    asked.messages.push(type);
    if (type === 'Finalize') {
      const start = hearing.startSeconds;
      give(start, hearing.takeFinal(), { is_final: true, speech_final: false, from_finalize: true });
    } else if (type === 'CloseStream') {
      asked.outcome = 'complete';
      sender.send({ type: 'Metadata', request_id: 'loopback', duration: hearing.totalSeconds, channels: 1 });
      socket.close(1_000);
    }
  });
}

function speakProblem(query: URLSearchParams, text: string): [status: number, code: string] | undefined {
  if (query.get('encoding') !== 'linear16' || query.get('container') !== 'none')
    return [400, 'UNSUPPORTED_AUDIO_FORMAT'];
  if (!/^aura-2-[a-z]+-[a-z]{2}$/.test(query.get('model') ?? '')) return [400, 'INVALID_MODEL'];
  return text.length > maxCharacters ? [413, 'PAYLOAD_TOO_LARGE'] : undefined;
}

function isAuthorized(headers: IncomingHttpHeaders): boolean {
  return /^Token .+/.test(headers.authorization ?? '');
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ err_code: code, err_msg: 'Refused.', request_id: 'loopback' }));
}

function voiceModel(name: string, language: string, locale: string, tag: string) {
  return {
    name,
    canonical_name: `aura-2-${name}-${language}`,
    architecture: 'aura-2',
    languages: [language, locale],
    metadata: { accent: 'Native', tags: [tag] },
  };
}
