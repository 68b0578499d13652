/** Recognition while people speak: OpenAI's Realtime transcription protocol over a WebSocket. */
import { ProviderError } from '@sophy/conversation/provider-error';
import type { StreamingSttPort, SttOptions, SttStream, SttStreamEvent } from '@sophy/conversation/stt-port';
import { AsyncQueue } from '../async-queue.ts';
import { bytesOfSamples } from '../audio/pcm-bytes.ts';
import { Deadline } from '../http/deadline.ts';
import { engineFailure, failureOfStatus, failureOfThrown } from '../http/engine-failure.ts';
import { machineName, originOf } from '../http/exchange-with-engine.ts';
import { type EngineSocket, openWebsocket, websocketUrl } from '../http/open-websocket.ts';
import { categoryOfName } from './chat-stream.ts';
import { authorization, endpointLabel, endpointUrl, type OpenAiEndpoint } from './openai-endpoint.ts';
import {
  anyRealtimeEventSchema,
  isOurRealtimeEvent,
  type RealtimeEvent,
  realtimeEventSchema,
  sessionUpdate,
} from './realtime-event.ts';
import { RealtimeTranscripts } from './realtime-transcripts.ts';

export type OpenAiRealtimeSttOptions = OpenAiEndpoint & {
  /** Silence after which the server ends an utterance, ms. */
  readonly endSilenceMs?: number;
};

const sampleRateHz = 24_000;
const defaultModel = 'gpt-4o-mini-transcribe';
/** Audio that may wait for the connection or for a slow network: half a minute in base64. */
const maxWaitingBytes = 2_000_000;
const closeLimitMs = 500;

/**
 * A server that speaks the Realtime transcription protocol and detects the ends of utterances itself.
 * OpenAI's `gpt-live-transcribe` and `gpt-realtime-whisper` do not detect them and refuse such a session.
 */
export function createOpenAiRealtimeStt(options: OpenAiRealtimeSttOptions): StreamingSttPort {
  const configuration = { ...options, model: options.model || defaultModel };
  return {
    kind: 'streaming',
    label: endpointLabel(configuration),
    sampleRateHz,
    open: (sttOptions) => new RealtimeStream(configuration, sttOptions),
  };
}

class RealtimeStream implements SttStream {
  readonly events: AsyncIterable<SttStreamEvent>;
  readonly #queue = new AsyncQueue<SttStreamEvent>();
  readonly #identity: { readonly stage: 'stt'; readonly engine: string };
  readonly #options: OpenAiRealtimeSttOptions & { readonly model: string };
  readonly #origin: string;
  readonly #signal: AbortSignal;
  readonly #deadline = new Deadline();
  readonly #transcripts: RealtimeTranscripts;
  readonly #connection: EngineSocket | undefined;
  readonly #closed = Promise.withResolvers<void>();
  /** Messages that wait until the socket is open. */
  #waiting: string[] = [];
  #waitingBytes = 0;
  #isOver = false;

  constructor(
    options: OpenAiRealtimeSttOptions & { readonly model: string },
    { language, signal }: SttOptions,
  ) {
    this.events = this.#queue;
    this.#options = options;
    this.#identity = { stage: 'stt', engine: options.engine };
    this.#origin = originOf(options.baseUrl);
    this.#signal = signal;
    this.#transcripts = new RealtimeTranscripts(language);
    this.#deadline.signal.addEventListener('abort', () => this.#fail(this.#deadline.signal.reason));
    signal.addEventListener('abort', this.#abort);
    this.#connection = this.#connect();
    this.#send(sessionUpdate({ model: options.model, language, endSilenceMs: options.endSilenceMs ?? 300 }));
    if (signal.aborted) this.#abort();
  }

  push(samples: Int16Array): void {
    if (samples.length === 0) return;
    this.#send({ type: 'input_audio_buffer.append', audio: bytesOfSamples(samples).toString('base64') });
  }

  commit(): void {
    this.#send({ type: 'input_audio_buffer.commit' });
  }

  async close(): Promise<void> {
    this.#finish();
    await this.#closed.promise;
  }

  #connect(): EngineSocket | undefined {
    const { baseUrl, apiKey, headers, timeouts } = this.#options;
    try {
      const connection = openWebsocket({
        url: websocketUrl(endpointUrl(baseUrl, '/realtime?intent=transcription')),
        headers: { ...authorization(apiKey), ...headers },
        connectMs: timeouts.connectMs,
      });
      this.#deadline.expect('open session', timeouts.stallMs);
      connection.socket.addEventListener('open', () => this.#opened(connection));
      connection.socket.addEventListener('message', ({ data }) => this.#received(data));
      connection.socket.addEventListener('error', ({ error }) => this.#dropped(error));
      connection.socket.addEventListener('close', ({ code }) => {
        this.#closed.resolve();
        this.#fail(engineFailure(this.#identity, 'server', `${this.#origin} closed the session (${code})`));
      });
      return connection;
    } catch (error) {
      this.#closed.resolve();
      this.#fail(error);
      return undefined;
    }
  }

  #opened(connection: EngineSocket): void {
    if (this.#isOver) return;
    this.#deadline.clear();
    for (const message of this.#waiting) connection.socket.send(message);
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  #send(message: object): void {
    if (this.#isOver || this.#connection === undefined) return;
    const text = JSON.stringify(message);
    const { socket } = this.#connection;
    if (socket.readyState === socket.OPEN) socket.send(text);
    else {
      this.#waiting.push(text);
      this.#waitingBytes += text.length;
    }
    if (this.#waitingBytes + socket.bufferedAmount > maxWaitingBytes)
      this.#fail(engineFailure(this.#identity, 'connectivity', `${this.#origin} takes audio too slowly`));
  }

  #received(data: unknown): void {
    if (this.#isOver) return;
    const event = parseEvent(data);
    if (event === 'garbage') {
      this.#fail(
        engineFailure(this.#identity, 'bad-response', 'a message is no Realtime event; check the address'),
      );
    } else if (event !== 'unknown') this.#handle(event);
  }

  #handle(event: RealtimeEvent): void {
    for (const transcript of this.#transcripts.accept(event)) this.#queue.push(transcript);
    switch (event.type) {
      case 'input_audio_buffer.speech_stopped':
      case 'input_audio_buffer.committed':
        this.#deadline.expect('transcript after the end of speech', this.#options.timeouts.stallMs);
        return;
      case 'conversation.item.input_audio_transcription.delta':
        if (this.#transcripts.isOwed)
          this.#deadline.expect('further piece of the transcript', this.#options.timeouts.stallMs);
        return;
      case 'input_audio_buffer.speech_started':
        // Somebody went on speaking: no transcript is due before the next pause.
        if (!this.#transcripts.isOwed) this.#deadline.clear();
        return;
      case 'conversation.item.input_audio_transcription.completed':
        if (!this.#transcripts.isOwed) this.#deadline.clear();
        return;
      case 'conversation.item.input_audio_transcription.failed':
        this.#fail(engineFailure(this.#identity, 'server', 'could not transcribe an utterance'));
        return;
      case 'error': {
        const code = machineName(event.error.code) ?? machineName(event.error.type);
        // Nothing was said yet: no harm.
        if (code === 'input_audio_buffer_commit_empty') return;
        const message = `refused${code === undefined ? '' : ` (${code})`}; check model ${this.#options.model}`;
        this.#fail(engineFailure(this.#identity, categoryOfName(code), message));
      }
    }
  }

  /** An error event of the socket: the handshake was refused or the connection broke. */
  #dropped(error: unknown): void {
    const status = this.#connection?.refusedWith();
    this.#fail(status === undefined ? error : failureOfStatus(this.#identity, status));
  }

  #fail(thrown: unknown): void {
    if (this.#isOver) return;
    const failure =
      thrown instanceof ProviderError
        ? thrown
        : failureOfThrown(this.#identity, thrown, this.#origin, this.#signal);
    this.#finish(failure);
  }

  readonly #abort = (): void => this.#finish();

  /** Ends the events and lets go of the connection; the server gets a moment for its goodbye. */
  #finish(failure?: ProviderError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#deadline.clear();
    this.#signal.removeEventListener('abort', this.#abort);
    this.#queue.end(failure);
    const connection = this.#connection;
    if (connection === undefined) return;
    const timer = setTimeout(() => {
      connection.terminate();
      this.#closed.resolve();
    }, closeLimitMs);
    this.#closed.promise.then(
      () => clearTimeout(timer),
      () => clearTimeout(timer),
    );
    connection.socket.close();
  }
}

function parseEvent(data: unknown): RealtimeEvent | 'unknown' | 'garbage' {
  let value: unknown;
  try {
    value = typeof data === 'string' ? JSON.parse(data) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return 'garbage';
    throw error;
  }
  const any = anyRealtimeEventSchema.safeParse(value);
  if (!any.success) return 'garbage';
  if (!isOurRealtimeEvent(any.data.type)) return 'unknown';
  const event = realtimeEventSchema.safeParse(value);
  return event.success ? event.data : 'garbage';
}
