/** Test support: ElevenLabs on loopback, with its multi-context WebSocket, voices and models. */
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { bytesOfSamples } from '../audio/pcm-bytes.ts';
import type { EngineFault } from '../http/engine-fault.ts';
import { failHandshake, refuseHandshake } from '../http/loopback-faults.ts';
import { startLoopbackServer } from '../http/loopback-server.ts';
import { giveLoopbackSocketAnswer } from '../http/loopback-socket-answer.ts';
import {
  piecesOf,
  type SpeechLoopback,
  type SpeechLoopbackOptions,
  type SpeechLoopbackRequest,
} from '../http/loopback-speech.ts';

const clientMessageSchema = z.object({
  context_id: z.string(),
  text: z.string().optional(),
  voice_settings: z.object({ speed: z.number().min(0.7).max(1.2).optional() }).optional(),
  flush: z.boolean().optional(),
  close_context: z.boolean().optional(),
});

/** The service closes a connection with more contexts than these. */
const mostContexts = 5;
const errorNames: Readonly<Record<number, string>> = {
  401: 'invalid_api_key',
  402: 'quota_exceeded',
  429: 'too_many_concurrent_requests',
  500: 'something_went_wrong',
};

type Context = {
  /** What was not flushed yet. */
  text: string;
  readonly speed: number;
  /** Ends when all that was flushed is spoken. */
  spoken: Promise<void>;
};

type Connection = {
  readonly socket: WebSocket;
  readonly url: URL;
  readonly apiKey: string | undefined;
  readonly contexts: Map<string, Context>;
};

/** Knows the key `k` and no other. Its voices speak 24 kHz. */
export async function startElevenLabsLoopback(
  options: SpeechLoopbackOptions & {
    /** How the times of the characters count: from the beginning of the sound, or of each chunk. */
    readonly alignment?: 'sound' | 'chunk';
  },
): Promise<SpeechLoopback> {
  const requests: SpeechLoopbackRequest[] = [];
  let fault: EngineFault | undefined;
  const websockets = new WebSocketServer({ noServer: true });
  const server = await startLoopbackServer(
    ({ url, headers }, response) => {
      const give = (status: number, value: object) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(value));
      };
      if (headers['xi-api-key'] !== 'k') return give(401, { detail: { status: 'invalid_api_key' } });
      const { pathname, searchParams } = new URL(url, 'http://x');
      if (pathname === '/v1/models') return give(200, models);
      if (pathname === '/v2/voices')
        return give(200, searchParams.has('next_page_token') ? lastVoices : firstVoices);
      return give(404, { detail: 'Not Found' });
    },
    (request, socket, head) => {
      if (failHandshake(fault, socket)) return;
      const url = new URL(request.url ?? '/', 'http://x');
      const apiKey = request.headers['xi-api-key'];
      if (!/^\/v1\/text-to-speech\/[^/]+\/multi-stream-input$/.test(url.pathname))
        return refuseHandshake(socket, 403);
      websockets.handleUpgrade(request, socket, head, (websocket) => {
        const key = typeof apiKey === 'string' ? apiKey : undefined;
        const connection: Connection = { socket: websocket, url, apiKey: key, contexts: new Map() };
        // As the service does: it opens, and then says what it does not like.
        if (key !== 'k') return refuse(websocket, 401);
        if (url.searchParams.get('output_format') !== 'pcm_24000') return refuse(websocket, 400);
        websocket.on('message', (data) => receive(connection, String(data)));
      });
    },
  );

  function receive(connection: Connection, data: string): void {
    const message = clientMessageSchema.parse(JSON.parse(data));
    const { contexts, socket } = connection;
    const id = message.context_id;
    const context = contexts.get(id);
    if (context === undefined) {
      if (message.text !== ' ') refuse(socket, 400);
      else if (contexts.size >= mostContexts) refuse(socket, 429);
      else
        contexts.set(id, { text: '', speed: message.voice_settings?.speed ?? 1, spoken: Promise.resolve() });
      return;
    }
    context.text += message.text ?? '';
    if (message.flush === true && context.text.trim() !== '') {
      const text = context.text.trim();
      context.text = '';
      context.spoken = context.spoken.then(() => speak(connection, id, text, context.speed));
    }
    if (message.close_context === true)
      context.spoken = context.spoken.then(() => {
        contexts.delete(id);
        if (socket.readyState === socket.OPEN) socket.send(JSON.stringify({ contextId: id, isFinal: true }));
      });
  }

  async function speak(
    { socket, url, apiKey }: Connection,
    contextId: string,
    text: string,
    speed: number,
  ): Promise<void> {
    const request: SpeechLoopbackRequest = {
      text,
      voice: decodeURIComponent(url.pathname.split('/')[3] ?? ''),
      language: url.searchParams.get('language_code') ?? undefined,
      speed,
      authorization: apiKey,
      outcome: 'running',
    };
    requests.push(request);
    const sound = options.speak(text);
    const chunks = piecesOf(sound);
    const totalMs = (sound.samples.length / sound.sampleRateHz) * 1_000;
    const characterMs = totalMs / text.length;
    let beginMs = 0;
    const pieces = chunks.map((samples) => {
      const endMs = beginMs + (samples.length / sound.sampleRateHz) * 1_000;
      const [from = 0, to = 0] = [beginMs, endMs].map((atMs) => Math.round(atMs / characterMs));
      const zeroMs = options.alignment === 'chunk' ? beginMs : 0;
      const alignment = {
        chars: [...text.slice(from, to)],
        charStartTimesMs: Array.from({ length: to - from }, (_, at) =>
          Math.max(0, Math.floor((from + at) * characterMs - zeroMs)),
        ),
        charDurationsMs: Array.from({ length: to - from }, () => Math.floor(characterMs)),
      };
      beginMs = endMs;
      const audio = bytesOfSamples(samples).toString('base64');
      return [JSON.stringify({ audio, alignment, normalizedAlignment: alignment, contextId })];
    });
    request.outcome = await giveLoopbackSocketAnswer(
      socket,
      { pieces, pace: options.pace, refuse: (status) => refuse(socket, status) },
      fault,
    );
  }

  return {
    url: server.url,
    requests,
    connections: () => ({ opened: server.connections(), open: server.openConnections() }),
    setFault: (next) => {
      fault = next;
    },
    close: server.close,
  };
}

function refuse(socket: WebSocket, status: number): void {
  const error = errorNames[status] ?? 'invalid_request';
  socket.send(JSON.stringify({ message: 'scripted', error, code: 1_008 }));
  socket.close(1_008, error);
}

const models = [
  { model_id: 'eleven_flash_v2_5', name: 'Eleven Flash v2.5', can_do_text_to_speech: true },
  { model_id: 'eleven_v3', name: 'Eleven v3', can_do_text_to_speech: true },
  { model_id: 'eleven_multilingual_sts_v2', name: 'Speech to speech', can_do_text_to_speech: false },
];
const firstVoices = {
  voices: [{ voice_id: 'a', name: 'Anna', labels: { gender: 'female', language: 'it' } }],
  has_more: true,
  next_page_token: 'next',
};
const lastVoices = { voices: [{ voice_id: 'b', name: 'Bruno', labels: null }], has_more: false };
