/** One WebSocket of streaming recognition: what waits until it is open, what ends it, and its one failure. */
import { ProviderError } from '@sophy/conversation/provider-error';
import type { SttStreamEvent } from '@sophy/conversation/stt-port';
import type { WebSocket } from 'undici';
import { AsyncQueue } from '../async-queue.ts';
import { Deadline } from './deadline.ts';
import { type EngineIdentity, engineFailure, failureOfStatus, failureOfThrown } from './engine-failure.ts';
import type { EngineTimeouts } from './engine-timeouts.ts';
import { originOf } from './exchange-with-engine.ts';
import { type EngineSocket, openWebsocket, websocketUrl } from './open-websocket.ts';

export type RecognitionSessionOptions = {
  readonly identity: EngineIdentity;
  /** `http(s)` address of the session. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeouts: EngineTimeouts;
  readonly signal: AbortSignal;
  /** Reads a text message; what it throws ends the session. */
  readonly receive: (text: string) => void;
  /** Asks the service to end the session; left out: the end of the connection says it. */
  readonly goodbye?: string;
  /** The failure that a close of the service means; undefined: it ended without one. */
  readonly failureOfClose?: (code: number, reason: string) => ProviderError | undefined;
  /** Sent when nothing else was for `everyMs`, to services that close sessions that say nothing. */
  readonly keepAlive?: { readonly everyMs: number; readonly send: (socket: WebSocket) => void };
};

/** Audio that may wait for the connection or for a slow network: half a minute of 16 kHz. */
const maxWaitingBytes = 1_000_000;
const closeLimitMs = 500;

export class RecognitionSession {
  readonly events: AsyncIterable<SttStreamEvent>;
  readonly #queue = new AsyncQueue<SttStreamEvent>();
  readonly #options: RecognitionSessionOptions;
  readonly #origin: string;
  readonly #opening = new Deadline();
  readonly #deadline = new Deadline();
  readonly #connection: EngineSocket | undefined;
  readonly #closed = Promise.withResolvers<void>();
  #keepAlive: NodeJS.Timeout | undefined;
  #isQuiet = false;
  #waiting: (string | Buffer)[] = [];
  #waitingBytes = 0;
  #isOver = false;

  constructor(options: RecognitionSessionOptions) {
    this.events = this.#queue;
    this.#options = options;
    this.#origin = originOf(options.url);
    for (const { signal } of [this.#opening, this.#deadline])
      signal.addEventListener('abort', () => this.#fail(signal.reason));
    options.signal.addEventListener('abort', this.#abort);
    this.#connection = this.#connect();
    if (options.signal.aborted) this.#abort();
  }

  emit(event: SttStreamEvent): void {
    this.#queue.push(event);
  }

  /** Replaces the running deadline: `what` must happen within `limitMs`. */
  expect(what: string, limitMs: number): void {
    if (!this.#isOver) this.#deadline.expect(what, limitMs);
  }

  expectNothing(): void {
    this.#deadline.clear();
  }

  /** Sends text as a text message and bytes as a binary one, as soon as the socket is open. */
  send(message: string | Buffer): void {
    const socket = this.#connection?.socket;
    if (this.#isOver || socket === undefined) return;
    this.#isQuiet = false;
    if (socket.readyState === socket.OPEN) socket.send(message);
    else {
      this.#waiting.push(message);
      this.#waitingBytes += message.length;
    }
    if (this.#waitingBytes + socket.bufferedAmount > maxWaitingBytes)
      this.#fail(
        engineFailure(this.#options.identity, 'connectivity', `${this.#origin} takes audio too slowly`),
      );
  }

  async close(): Promise<void> {
    this.#finish();
    await this.#closed.promise;
  }

  #connect(): EngineSocket | undefined {
    const { url, headers, timeouts } = this.#options;
    try {
      const connection = openWebsocket({
        url: websocketUrl(url),
        headers,
        connectMs: timeouts.connectMs,
      });
      this.#opening.expect('open session', timeouts.connectMs);
      connection.socket.addEventListener('open', () => this.#opened(connection.socket));
      connection.socket.addEventListener('message', ({ data }) => this.#received(data));
      connection.socket.addEventListener('error', ({ error }) => this.#dropped(error));
      connection.socket.addEventListener('close', ({ code, reason }) => this.#ended(code, reason));
      return connection;
    } catch (error) {
      this.#closed.resolve();
      this.#fail(error);
      return undefined;
    }
  }

  #opened(socket: WebSocket): void {
    if (this.#isOver) return;
    this.#opening.clear();
    const { keepAlive } = this.#options;
    if (keepAlive !== undefined)
      this.#keepAlive = setInterval(() => {
        if (this.#isQuiet) keepAlive.send(socket);
        this.#isQuiet = true;
      }, keepAlive.everyMs / 2);
    for (const message of this.#waiting) socket.send(message);
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  #received(data: unknown): void {
    if (this.#isOver) return;
    try {
      if (typeof data !== 'string')
        throw engineFailure(
          this.#options.identity,
          'bad-response',
          'sent bytes instead of text; check the address',
        );
      this.#options.receive(data);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** The handshake was refused or the connection broke. */
  #dropped(error: unknown): void {
    const status = this.#connection?.refusedWith();
    const retryAfterMs = this.#connection?.refusedForMs();
    this.#fail(
      status === undefined ? error : failureOfStatus(this.#options.identity, status, { retryAfterMs }),
    );
  }

  #ended(code: number, reason: string): void {
    this.#closed.resolve();
    const { identity, failureOfClose } = this.#options;
    // 1006: the connection broke without the goodbye of the protocol (RFC 6455 section 7.1.5).
    const category = code === 1006 ? 'connectivity' : 'server';
    this.#fail(
      failureOfClose?.(code, reason) ??
        engineFailure(identity, category, `${this.#origin} ended the session (${code})`),
    );
  }

  #fail(thrown: unknown): void {
    if (this.#isOver) return;
    const { identity, signal } = this.#options;
    this.#finish(
      thrown instanceof ProviderError ? thrown : failureOfThrown(identity, thrown, this.#origin, signal),
    );
  }

  readonly #abort = (): void => this.#finish();

  /** Ends the events and lets go of the connection; the server gets a moment for its goodbye. */
  #finish(failure?: ProviderError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#opening.clear();
    this.#deadline.clear();
    clearInterval(this.#keepAlive);
    this.#options.signal.removeEventListener('abort', this.#abort);
    this.#queue.end(failure);
    const connection = this.#connection;
    if (connection === undefined) return;
    const { socket } = connection;
    const { goodbye } = this.#options;
    if (socket.readyState === socket.OPEN && goodbye !== undefined) socket.send(goodbye);
    socket.close();
    const timer = setTimeout(() => {
      connection.terminate();
      this.#closed.resolve();
    }, closeLimitMs);
    void this.#closed.promise.then(() => clearTimeout(timer));
  }
}
