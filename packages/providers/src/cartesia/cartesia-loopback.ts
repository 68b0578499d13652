/** Test support: Cartesia's `/stt/websocket`, `/tts/websocket` and `/voices` on loopback, with faults. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { bytesOfSamples, samplesOfBytes } from '../audio/pcm-bytes.ts';
import type { EngineFault } from '../http/engine-fault.ts';
import type { LoopbackOutcome } from '../http/loopback-answer.ts';
import { EngineFaults, FaultySender, failHandshake, refuseHandshake } from '../http/loopback-faults.ts';
import { hum, LoopbackHearing, type Transcribe } from '../http/loopback-hearing.ts';
import { startLoopbackServer } from '../http/loopback-server.ts';
import { piecesOf } from '../http/loopback-speech.ts';

export type CartesiaStage = 'stt' | 'tts';

export type CartesiaLoopbackRequest = {
  readonly stage: CartesiaStage;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** What was asked to be said, with all its fields; empty for a stream of recognition. */
  readonly generation: Readonly<Record<string, unknown>>;
  /** Commands of a stream of recognition. */
  readonly messages: string[];
  /** Audio that was pushed, s. */
  heardSeconds: number;
  outcome: LoopbackOutcome;
};

export type CartesiaLoopback = {
  /** For `CARTESIA_BASE_URL`. */
  readonly url: string;
  readonly requests: readonly CartesiaLoopbackRequest[];
  setFault(stage: CartesiaStage, fault: EngineFault | undefined): void;
  /** Connections that were opened, and that are open. */
  connections(): { readonly opened: number; readonly open: number };
  close(): Promise<void>;
};

const generationSchema = z.looseObject({
  context_id: z.string(),
  model_id: z.string(),
  transcript: z.string(),
  voice: z.object({ mode: z.literal('id'), id: z.string() }),
  output_format: z.object({
    container: z.literal('raw'),
    encoding: z.literal('pcm_s16le'),
    sample_rate: z.number(),
  }),
  add_timestamps: z.boolean().optional(),
  generation_config: z.object({ speed: z.number().min(0.6).max(1.5) }).optional(),
});
const cancelSchema = z.object({ context_id: z.string(), cancel: z.literal(true) });

const voices = [
  { id: 'f786b574-daa5-4673-aa0c-cbe3e8534c02', name: 'Katie', language: 'en', gender: 'feminine' },
  { id: '0e21713a-5e9a-428a-bed4-90d410b87f13', name: 'Alessandra', language: 'it', gender: 'feminine' },
  { id: '029c3c7a-b6d9-44f0-814b-200d849830ff', name: 'Luca', language: 'it', gender: 'masculine' },
];
/** Fewer than a client asks for, so that it has to turn pages. */
const voicesPerPage = 2;

/** `transcribe` gives the words of audio, `speak` the audio of words at the rate that is asked for. */
export async function startCartesiaLoopback(
  options: {
    readonly transcribe?: Transcribe;
    readonly speak?: (text: string, sampleRateHz: number) => PcmAudio;
  } = {},
): Promise<CartesiaLoopback> {
  const { transcribe = () => '', speak = hum } = options;
  const requests: CartesiaLoopbackRequest[] = [];
  const faults = new EngineFaults<CartesiaStage>();
  const websockets = new WebSocketServer({ noServer: true });

  const server = await startLoopbackServer(
    ({ url, headers }, response) => {
      const { pathname, searchParams } = new URL(url, 'http://loopback');
      const answer = isAuthorized(headers) && pathname === '/voices' ? voicePage(searchParams) : undefined;
      if (answer === undefined) response.writeHead(isAuthorized(headers) ? 404 : 401).end('{}');
      else response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    },
    (incoming, socket, head) => {
      const { pathname } = new URL(incoming.url ?? '', 'http://loopback');
      const stage = /^\/(stt|tts)\/websocket$/.exec(pathname)?.[1];
      socket.on('error', () => socket.destroy());
      if (!isAuthorized(incoming.headers)) refuseHandshake(socket, 401);
      else if (stage !== 'stt' && stage !== 'tts') refuseHandshake(socket, 404);
      else if (incoming.headers['cartesia-version'] === undefined) refuseHandshake(socket, 400);
      else if (!failHandshake(faults.get(stage), socket))
        websockets.handleUpgrade(incoming, socket, head, (websocket) => {
          const session = { socket: websocket, incoming, requests, fault: () => faults.get(stage) };
          if (stage === 'stt') listen(session, transcribe);
          else serveVoice(session, speak);
        });
    },
  );

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

type Session = {
  readonly socket: WebSocket;
  readonly incoming: IncomingMessage;
  readonly requests: CartesiaLoopbackRequest[];
  readonly fault: () => EngineFault | undefined;
};

function record(
  { incoming, requests }: Session,
  stage: CartesiaStage,
  generation: CartesiaLoopbackRequest['generation'] = {},
): CartesiaLoopbackRequest {
  const { searchParams: query } = new URL(incoming.url ?? '', 'http://loopback');
  const { headers } = incoming;
  const asked: CartesiaLoopbackRequest = {
    stage,
    query,
    headers,
    generation,
    messages: [],
    heardSeconds: 0,
    outcome: 'running',
  };
  requests.push(asked);
  return asked;
}

function listen(session: Session, transcribe: Transcribe): void {
  const { socket } = session;
  const asked = record(session, 'stt');
  const sender = new FaultySender(socket, session.fault);
  const language = asked.query.get('language') ?? 'en';
  const hearing = new LoopbackHearing({
    sampleRateHz: Number(asked.query.get('sample_rate')),
    hangoverMs: Number(asked.query.get('max_silence_duration_secs') ?? 1) * 1_000,
    transcribe,
  });
  const give = (text: string, isFinal: boolean): void =>
    sender.send({ type: 'transcript', request_id: 'loopback', text, is_final: isFinal, language });

  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) {
      for (const { type, text } of hearing.hear(samplesOfBytes(data))) give(text, type === 'pause');
      asked.heardSeconds = hearing.totalSeconds;
      return;
    }
    const command = data.toString();
    asked.messages.push(command);
    const rest = hearing.takeFinal();
    if (rest !== '') give(rest, true);
    if (command === 'finalize') sender.send({ type: 'flush_done', request_id: 'loopback' });
    else if (command === 'close' || command === 'done') {
      asked.outcome = 'complete';
      sender.send({ type: 'done', request_id: 'loopback' });
      socket.close(1_000);
    }
  });
  socket.on('ping', () => asked.messages.push('ping'));
  socket.on('close', () => cut(asked));
  if (!asked.query.get('model')?.startsWith('ink-')) {
    sender.send({ ...refusal(400, 'model_not_found'), request_id: 'loopback' });
    socket.close(1_000);
  }
}

function serveVoice(session: Session, speak: (text: string, sampleRateHz: number) => PcmAudio): void {
  const { socket } = session;
  const running = new Map<string, CartesiaLoopbackRequest>();
  socket.on('close', () => {
    for (const asked of running.values()) cut(asked);
  });
  socket.on('message', (data: Buffer) => {
    const message: unknown = JSON.parse(data.toString());
    const cancelled = cancelSchema.safeParse(message);
    if (cancelled.success) {
      cut(running.get(cancelled.data.context_id));
      return;
    }
    const generation = generationSchema.parse(message);
    const asked = record(session, 'tts', generation);
    running.set(generation.context_id, asked);
    const sender = new FaultySender(socket, session.fault);
    const fault = session.fault();
    // A connection that is open already is refused sentence by sentence.
    if (fault?.type === 'status' || !z.uuid().safeParse(generation.voice.id).success) {
      asked.outcome = 'complete';
      const refused =
        fault?.type === 'status' ? refusal(fault.status, null) : refusal(404, 'voice_not_found');
      socket.send(JSON.stringify({ ...refused, context_id: generation.context_id }));
      return;
    }
    void give(sender, asked, generation, speak(generation.transcript, generation.output_format.sample_rate));
  });
}

function cut(asked: CartesiaLoopbackRequest | undefined): void {
  if (asked?.outcome === 'running') asked.outcome = 'cut';
}

function refusal(status_code: number, error_code: string | null) {
  return { type: 'error', done: true, status_code, error_code, title: 'Refused', message: 'Refused.' };
}

async function give(
  sender: FaultySender,
  asked: CartesiaLoopbackRequest,
  { context_id, transcript, add_timestamps }: z.infer<typeof generationSchema>,
  audio: PcmAudio,
): Promise<void> {
  const common = { context_id, status_code: 206, done: false };
  for (const [index, piece] of piecesOf(audio).entries()) {
    // A turn of the event loop between two pieces lets a cancellation in.
    await nextTurn();
    if (asked.outcome !== 'running') return;
    const data = bytesOfSamples(piece).toString('base64');
    sender.send({ ...common, type: 'chunk', data, step_time: 1 });
    if (index === 0 && add_timestamps === true)
      sender.send({ ...common, type: 'timestamps', word_timestamps: wordTimes(transcript, audio) });
  }
  if (asked.outcome !== 'running') return;
  asked.outcome = 'complete';
  sender.send({ ...common, type: 'done', done: true });
}

/** Each character takes as long as any other. */
function wordTimes(text: string, { samples, sampleRateHz }: PcmAudio) {
  const secondsPerCharacter = samples.length / sampleRateHz / text.length;
  const words = [...text.matchAll(/\S+/g)];
  return {
    words: words.map(([word]) => word),
    start: words.map(({ index }) => index * secondsPerCharacter),
    end: words.map(({ index, 0: word }) => (index + word.length) * secondsPerCharacter),
  };
}

function voicePage(query: URLSearchParams) {
  const start = voices.findIndex(({ id }) => id === query.get('starting_after')) + 1;
  const data = voices.slice(start, start + voicesPerPage);
  return { data, has_more: start + voicesPerPage < voices.length };
}

function isAuthorized(headers: IncomingHttpHeaders): boolean {
  return /^Bearer .+/.test(headers.authorization ?? '');
}
