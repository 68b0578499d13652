/** A real HTTP and WebSocket server on loopback that speaks the OpenAI shapes as a script says, with exact waits. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { EnginesReadiness } from '@sophy/contracts/http-engines';
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import type { LlmMessage } from '@sophy/conversation/llm-port';
import { encodeWav } from '@sophy/providers/audio/encode-wav';
import { bytesOfSamples } from '@sophy/providers/audio/pcm-bytes';
import { SpeechDecoder } from '@sophy/providers/audio/speech-decoder';
import type { EngineFault } from '@sophy/providers/http/engine-fault';
import { speechShapedAudio } from '@sophy/providers/scripted/speech-shaped-audio';
import type { TranscriptScript } from '@sophy/providers/scripted/transcript-script';
import { WebSocketServer } from 'ws';
import { z } from 'zod';
import { giveAnswer, type TimedAnswer } from './scripted-engine-server-answer.ts';
import { chatAnswer, readChatRequest } from './scripted-engine-server-chat.ts';
import { RealtimeSession } from './scripted-engine-server-realtime.ts';
import {
  EngineScript,
  type RecordedRequest,
  type ReplyScript,
  type ScriptedDelays,
  type ScriptedStage,
  unixMs,
} from './scripted-engine-server-script.ts';

export type ScriptedEngineServerOptions = {
  /** 0 or undefined: any free port. */
  readonly port?: number;
  /** Defaults: STT 100, realtime 300, LLM 150, TTS 80 ms. */
  readonly delays?: Partial<ScriptedDelays>;
  readonly transcripts?: TranscriptScript;
  readonly reply?: ReplyScript;
  /** Wait before the first token of one request, ms; undefined: as `delays` say. */
  readonly thinkingMs?: (messages: readonly LlmMessage[]) => number | undefined;
  /** Words a second after the first one. */
  readonly tokensPerSecond?: number;
  /** Sound of a text; undefined: 60 ms of speech-shaped sound for each character. */
  readonly speech?: (text: string) => PcmAudio;
  readonly speechFormat?: 'pcm' | 'wav';
  /** How much faster than real time speech comes. */
  readonly speechPace?: number;
  /** Realtime: silence in the received audio that ends an utterance, ms, and loudness that counts as voice. */
  readonly realtimeHangoverMs?: number;
  readonly realtimeThresholdRms?: number;
  /** Realtime: no pause ends an utterance that is shorter, ms. */
  readonly realtimeMinimumMs?: () => number;
  /**
   * Realtime: words come while the speech goes on, so long after the audio that finishes them has arrived, ms. Needs
   * `transcripts` as a function of the audio so far, such as `wordsHeard`.
   */
  readonly realtimeInterimLagMs?: number;
};

export type ScriptedEngineServer = {
  /** Address up to and with `/v1`. */
  readonly baseUrl: string;
  /** Every request so far, the running ones included. */
  readonly requests: readonly RecordedRequest[];
  setTranscripts(transcripts: TranscriptScript): void;
  setReply(reply: ReplyScript): void;
  /** Lets the next `times` requests of a stage go wrong (all of them when left out); undefined mends it. */
  setFault(stage: ScriptedStage, fault: EngineFault | undefined, times?: number): void;
  stop(): Promise<void>;
};

const pieceMs = 100;
const sampleRateHz = 24_000;

const speechSchema = z.object({
  model: z.string().optional(),
  input: z.string(),
  voice: z.string().optional(),
  language: z.string().optional(),
  speed: z.number().default(1),
});

export async function startScriptedEngineServer(
  options: ScriptedEngineServerOptions = {},
): Promise<ScriptedEngineServer> {
  const script = new EngineScript({
    sttMs: 100,
    realtimeMs: 300,
    llmFirstTokenMs: 150,
    ttsFirstByteMs: 80,
    ...options.delays,
  });
  if (options.transcripts !== undefined) script.setTranscripts(options.transcripts);
  if (options.reply !== undefined) script.setReply(options.reply);

  const server = createServer((request, response) => {
    response.socket?.setNoDelay(true);
    route(request, response, script, options).catch((error: unknown) => {
      // A request that the script cannot serve is the test's fault and must be seen by it.
      if (response.headersSent) {
        response.destroy();
        return;
      }
      response.writeHead(400, { 'content-type': 'text/plain' });
      response.end(String(error));
    });
  });
  const websockets = new WebSocketServer({ noServer: true });
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('upgrade', (request, socket, head) => {
    if (new URL(request.url ?? '/', 'http://localhost').pathname !== '/v1/realtime') {
      socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
      return;
    }
    websockets.handleUpgrade(request, socket, head, (websocket) => {
      new RealtimeSession(websocket, {
        script,
        authorization: request.headers.authorization,
        hangoverMs: options.realtimeHangoverMs ?? 200,
        minimumMs: options.realtimeMinimumMs ?? (() => 0),
        thresholdRms: options.realtimeThresholdRms ?? 300,
        interimLagMs: options.realtimeInterimLagMs,
      });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests: script.requests,
    setTranscripts: (transcripts) => script.setTranscripts(transcripts),
    setReply: (reply) => script.setReply(reply),
    setFault: (stage, fault, times) => script.setFault(stage, fault, times),
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function route(
  request: IncomingMessage,
  response: ServerResponse,
  script: EngineScript,
  options: ScriptedEngineServerOptions,
): Promise<void> {
  const body = await readBody(request);
  const common = {
    atMs: unixMs(),
    authorization: request.headers.authorization,
    waitedMs: undefined,
    outcome: 'running',
  } as const;
  switch (new URL(request.url ?? '/', 'http://localhost').pathname) {
    case '/v1/audio/transcriptions': {
      const upload = await readUpload(body, request.headers['content-type'] ?? '');
      const fault = script.takeFault('stt');
      // A failed request uses up no text, so that a second try hears what the first should have heard.
      const text = fault === undefined ? script.transcriptOf(upload.audio) : '';
      const record = script.record({ ...common, ...upload, stage: 'stt', text, fault: fault?.type });
      const { sttMs: firstMs } = script.delays;
      const pieces = [JSON.stringify({ text })];
      return giveAnswer(
        response,
        record,
        { contentType: 'application/json', firstMs, pieceMs: 0, pieces },
        fault,
      );
    }
    case '/v1/chat/completions': {
      const { model, messages, tools } = readChatRequest(body.toString());
      const fault = script.takeFault('llm');
      const isAnswered = fault === undefined || 'afterPieces' in fault;
      const { text: reply = '', toolCalls } = isAnswered
        ? script.replyTo(messages, tools)
        : { toolCalls: [] };
      const asked = { model, messages, tools, reply, toolCalls };
      const record = script.record({ ...common, ...asked, stage: 'llm', fault: fault?.type });
      const firstMs = options.thinkingMs?.(messages) ?? script.delays.llmFirstTokenMs;
      const answer = chatAnswer({ reply, toolCalls }, firstMs, options.tokensPerSecond ?? 60);
      return giveAnswer(response, record, answer, fault);
    }
    case '/v1/audio/speech': {
      const { input: text, ...asked } = speechSchema.parse(JSON.parse(body.toString()));
      const fault = script.takeFault('tts');
      const { model, voice, language, speed } = asked;
      const wanted = { model, voice, language, speed, text };
      const record = script.record({ ...common, ...wanted, stage: 'tts', fault: fault?.type });
      return giveAnswer(response, record, speechAnswer(text, script.delays, options), fault);
    }
    case '/readyz': {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(readiness));
      return;
    }
    default:
      response.writeHead(404, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message: 'no such route', type: 'invalid_request_error' } }));
  }
}

const stageReady = { ready: true, model: 'scripted', message: '' };
const readiness: EnginesReadiness = {
  ready: true,
  stt: stageReady,
  tts: { ...stageReady, voices: [] },
  llm: { ...stageReady, demo: false },
};

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

async function readUpload(body: Buffer, contentType: string) {
  const form = await new Response(new Uint8Array(body), {
    headers: { 'content-type': contentType },
  }).formData();
  const file = form.get('file');
  if (!(file instanceof Blob)) throw new Error('the upload has no file');
  const audio = new SpeechDecoder(sampleRateHz).push(new Uint8Array(await file.arrayBuffer()));
  const text = (name: string) => {
    const value = form.get(name);
    return typeof value === 'string' ? value : undefined;
  };
  return {
    audio: audio ?? { samples: new Int16Array(0), sampleRateHz },
    language: text('language'),
    model: text('model'),
  };
}

function speechAnswer(
  text: string,
  delays: ScriptedDelays,
  options: ScriptedEngineServerOptions,
): TimedAnswer {
  const audio = options.speech?.(text) ?? speechShapedAudio(text.length * 60, sampleRateHz);
  const isWav = options.speechFormat === 'wav';
  const bytes = isWav ? encodeWav(audio) : bytesOfSamples(audio.samples);
  const pieceBytes = Math.round((audio.sampleRateHz * pieceMs) / 1_000) * 2;
  const pieces: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start += pieceBytes)
    pieces.push(bytes.subarray(start, start + pieceBytes));
  return {
    contentType: isWav ? 'audio/wav' : `audio/pcm;rate=${audio.sampleRateHz}`,
    firstMs: delays.ttsFirstByteMs,
    pieceMs: pieceMs / (options.speechPace ?? 10),
    pieces,
  };
}
