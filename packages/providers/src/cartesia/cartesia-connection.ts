/** The WebSocket to Cartesia's voices that all sentences of a process share, each as a context of its own. */
import { ProviderError } from '@sophy/conversation/provider-error';
import { closeWithConnections } from '../http/connection-pool.ts';
import { Deadline } from '../http/deadline.ts';
import {
  type EngineIdentity,
  engineFailure,
  failureOfStatus,
  failureOfThrown,
} from '../http/engine-failure.ts';
import { originOf } from '../http/exchange-with-engine.ts';
import { type EngineSocket, openWebsocket, websocketUrl } from '../http/open-websocket.ts';
import { parseAnswer } from '../http/parse-answer.ts';
import { serviceUrl } from '../http/service-url.ts';
import { type CartesiaEndpoint, cartesiaHeaders } from './cartesia-endpoint.ts';
import {
  anyMessageSchema,
  failureOfMessage,
  isReadType,
  type SpeakingMessage,
  speakingMessageSchema,
} from './cartesia-message.ts';

/** Who wants the messages of a context. */
export type SpeechListener = {
  receive(message: Exclude<SpeakingMessage, { type: 'error' }>): void;
  fail(failure: ProviderError): void;
};

const identity: EngineIdentity = { stage: 'tts', engine: 'cartesia' };
/** Rest after which a connection is closed, ms: the service does it after five minutes. */
const restMs = 240_000;

const connections = new Map<string, CartesiaConnection>();

closeWithConnections(() => {
  for (const connection of connections.values()) connection.terminate();
});

/** The open connection of an account, or a new one that begins to open. */
export function cartesiaConnection(endpoint: CartesiaEndpoint): CartesiaConnection {
  const key = JSON.stringify([endpoint.baseUrl, endpoint.apiKey]);
  const known = connections.get(key);
  if (known !== undefined) return known;
  const connection = new CartesiaConnection(endpoint, () => {
    if (connections.get(key) === connection) connections.delete(key);
  });
  connections.set(key, connection);
  return connection;
}

export class CartesiaConnection {
  readonly #connection: EngineSocket;
  readonly #listeners = new Map<string, SpeechListener>();
  readonly #opening = new Deadline();
  readonly #origin: string;
  /** No further sentence may begin here. */
  readonly #leave: () => void;
  /** Requests that wait until the socket is open. */
  #waiting: string[] = [];
  #rest: NodeJS.Timeout | undefined;
  #isRetired = false;
  #isOver = false;

  constructor({ baseUrl, apiKey, timeouts }: CartesiaEndpoint, leave: () => void) {
    this.#origin = originOf(baseUrl);
    this.#leave = leave;
    this.#connection = openWebsocket({
      url: websocketUrl(serviceUrl(baseUrl, '/tts/websocket')),
      headers: cartesiaHeaders(apiKey),
      connectMs: timeouts.connectMs,
    });
    const { socket } = this.#connection;
    this.#opening.expect('open connection', timeouts.connectMs);
    this.#opening.signal.addEventListener('abort', () => this.#fail(this.#opening.signal.reason));
    socket.addEventListener('open', () => this.#opened());
    socket.addEventListener('message', ({ data }) => this.#received(data));
    socket.addEventListener('error', ({ error }) => this.#dropped(error));
    socket.addEventListener('close', ({ code }) =>
      this.#fail(engineFailure(identity, 'connectivity', `${this.#origin} closed the connection (${code})`)),
    );
  }

  /** Begins a context; its messages go to `listener` until it is done, has failed or is cancelled. */
  begin(contextId: string, request: object, listener: SpeechListener): void {
    clearTimeout(this.#rest);
    this.#connection.holdProcess(true);
    this.#listeners.set(contextId, listener);
    this.#send(JSON.stringify({ ...request, context_id: contextId }));
  }

  /** The service stops working on a context that is still running. */
  cancel(contextId: string): void {
    if (this.#listeners.has(contextId)) this.#send(JSON.stringify({ context_id: contextId, cancel: true }));
    this.#end(contextId);
  }

  /** The connection looks dead: what comes next gets another one. */
  retire(): void {
    this.#isRetired = true;
    this.#leave();
    if (this.#listeners.size === 0) this.terminate();
  }

  terminate(): void {
    this.#fail(engineFailure(identity, 'connectivity', `the connection to ${this.#origin} was closed`));
  }

  #opened(): void {
    this.#opening.clear();
    for (const text of this.#waiting) this.#connection.socket.send(text);
    this.#waiting = [];
  }

  #send(text: string): void {
    const { socket } = this.#connection;
    if (socket.readyState === socket.OPEN) socket.send(text);
    else this.#waiting.push(text);
  }

  #received(data: unknown): void {
    if (this.#isOver) return;
    try {
      const text = typeof data === 'string' ? data : '';
      const { type } = parseAnswer(identity, text, anyMessageSchema, 'Cartesia message');
      if (!isReadType(type)) return;
      this.#deliver(parseAnswer(identity, text, speakingMessageSchema, 'speech'));
    } catch (error) {
      this.#fail(error);
    }
  }

  #deliver(message: SpeakingMessage): void {
    if (message.type === 'error') {
      const failure = failureOfMessage(identity, message);
      if (typeof message.context_id !== 'string') throw failure;
      this.#listeners.get(message.context_id)?.fail(failure);
      this.#end(message.context_id);
      return;
    }
    // What still comes of a cancelled context belongs to nobody.
    this.#listeners.get(message.context_id)?.receive(message);
    if (message.type === 'done') this.#end(message.context_id);
  }

  #end(contextId: string): void {
    this.#listeners.delete(contextId);
    if (this.#listeners.size > 0 || this.#isOver) return;
    if (this.#isRetired) {
      this.terminate();
      return;
    }
    this.#connection.holdProcess(false);
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.terminate(), restMs);
    this.#rest.unref();
  }

  /** The handshake was refused or the connection broke. */
  #dropped(error: unknown): void {
    const status = this.#connection.refusedWith();
    const retryAfterMs = this.#connection.refusedForMs();
    this.#fail(status === undefined ? error : failureOfStatus(identity, status, { retryAfterMs }));
  }

  #fail(thrown: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#leave();
    this.#opening.clear();
    clearTimeout(this.#rest);
    this.#connection.terminate();
    const failure =
      thrown instanceof ProviderError
        ? thrown
        : failureOfThrown(identity, thrown, this.#origin, new AbortController().signal);
    const listeners = [...this.#listeners.values()];
    this.#listeners.clear();
    for (const listener of listeners) listener.fail(failure);
  }
}
