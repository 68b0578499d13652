/** One exchange with an engine over a WebSocket, from its deadlines to its failures; open sockets are kept for the next. */
import type { IncomingHttpHeaders } from 'node:http';
import { AsyncQueue } from '../async-queue.ts';
import { closeWithConnections } from './connection-pool.ts';
import { Deadline } from './deadline.ts';
import { type EngineIdentity, engineFailure, failureOfStatus, failureOfThrown } from './engine-failure.ts';
import type { EngineTimeouts } from './engine-timeouts.ts';
import { originOf } from './exchange-with-engine.ts';
import { type EngineSocket, openWebsocket } from './open-websocket.ts';

export type SocketExchange = {
  readonly identity: EngineIdentity;
  /** Address `ws(s)://…` and headers of a new connection; asked only when none is at rest. */
  connect(): { readonly url: string; readonly headers: Readonly<Record<string, string>> };
  /** Exchanges with the same key may use the same connection, one after the other. */
  readonly key: string;
  /** How long a connection may rest, ms: less than what the service allows. */
  readonly restMs: number;
  readonly timeouts: EngineTimeouts;
  /** What the answer deadline waits for, for its message, e.g. `first audio`. */
  readonly awaited: string;
  readonly signal: AbortSignal;
  /** Failure of a goodbye that came in the middle; undefined: the connection broke. */
  failureOfClose?(code: number, reason: string): Error | undefined;
  /** Failure of a refused handshake where its status alone does not tell; undefined: it does. */
  failureOfRefusal?(status: number, headers: IncomingHttpHeaders): Error | undefined;
};

export type SocketAnswer = {
  /** Nothing was said over this connection yet. */
  readonly isFresh: boolean;
  send(text: string): void;
  readonly messages: AsyncIterable<string | Uint8Array>;
  /** Tells that something useful came: from now on only a stall is late. */
  progress(): void;
};

/** A connection between its opening and its end, with at most one exchange at a time. */
type Session = {
  readonly connection: EngineSocket;
  readonly opened: Promise<void>;
  isFresh: boolean;
  isOver: boolean;
  received: AsyncQueue<string | Uint8Array>;
  onClose: (code: number, reason: string) => Error;
};

type Resting = { readonly session: Session; readonly timer: NodeJS.Timeout };

const resting = new Map<string, Resting[]>();
/** More connections of one key than sentences that one call speaks at a time. */
const mostResting = 4;

closeWithConnections(() => {
  for (const { session, timer } of [...resting.values()].flat()) {
    clearTimeout(timer);
    session.connection.terminate();
  }
  resting.clear();
});

/**
 * Talks over a connection of its own with `read`. After its end the connection rests for the next exchange of
 * the key; when the caller stops early, `read` throws or a deadline passes it is dropped, so that the engine
 * stops as well, and where the caller stopped a fresh one is opened at once: the next thing to say comes soon.
 * @throws ProviderError, whatever goes wrong.
 */
export async function* exchangeOverWebsocket<T>(
  options: SocketExchange,
  read: (answer: SocketAnswer) => AsyncIterable<T>,
): AsyncGenerator<T, void, undefined> {
  const { identity, signal, timeouts } = options;
  const deadline = new Deadline();
  const stop = AbortSignal.any([signal, deadline.signal]);
  let session: Session | undefined;
  let origin = 'the service';
  let isRead = false;
  let hasFailed = false;
  const progress = () => deadline.expect('further piece of the answer', timeouts.stallMs);
  try {
    signal.throwIfAborted();
    deadline.expect(options.awaited, timeouts.answerMs);
    session = takeResting(options.key);
    const { url, headers } = options.connect();
    origin = originOf(url);
    session ??= openSession(options, url, headers);
    const { connection, received } = session;
    session.onClose = (code, reason) =>
      options.failureOfClose?.(code, reason) ??
      engineFailure(identity, 'connectivity', `${origin} closed the connection (${code})`);
    const stopped = session;
    // At once, not when the caller looks again: it may never do.
    const drop = () => {
      received.end(new Error('stopped'));
      stopped.isOver = true;
      connection.terminate();
    };
    stop.addEventListener('abort', drop, { once: true });
    await Promise.race([session.opened, rejected(stop)]);
    const { isFresh } = session;
    session.isFresh = false;
    const pieces = read({
      isFresh,
      send: (text) => connection.socket.send(text),
      messages: until(stop, received),
      progress,
    });
    for await (const piece of pieces) {
      // While the caller is busy nothing is late.
      deadline.clear();
      yield piece;
      progress();
    }
    stop.removeEventListener('abort', drop);
    isRead = true;
  } catch (thrown) {
    hasFailed = !signal.aborted;
    const reason: unknown = deadline.signal.aborted ? deadline.signal.reason : thrown;
    throw failureOfThrown(identity, reason, origin, signal);
  } finally {
    deadline.clear();
    if (session !== undefined && isRead) rest(session, options);
    else if (session !== undefined) {
      session.isOver = true;
      session.connection.terminate();
      if (!hasFailed) openSpare(options);
    }
  }
}

function openSession(
  { identity, timeouts, failureOfRefusal }: SocketExchange,
  url: string,
  headers: Readonly<Record<string, string>>,
): Session {
  const opening = Promise.withResolvers<void>();
  const connection = openWebsocket({ url, headers, connectMs: timeouts.connectMs });
  const session: Session = {
    connection,
    opened: opening.promise,
    isFresh: true,
    isOver: false,
    received: new AsyncQueue(),
    onClose: () => new Error('closed'),
  };
  // Whoever awaits it gets the failure; a spare connection that nobody awaits just is not there.
  opening.promise.catch(() => undefined);
  const fail = (error: Error) => {
    session.isOver = true;
    opening.reject(error);
    session.received.end(error);
  };
  const { socket } = connection;
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('open', () => opening.resolve());
  socket.addEventListener('message', ({ data }) => {
    session.received.push(data instanceof ArrayBuffer ? new Uint8Array(data) : String(data));
  });
  socket.addEventListener('error', ({ error }) => {
    const status = connection.refusedWith();
    if (status === undefined) {
      fail(error instanceof Error ? error : new Error('the WebSocket failed'));
      return;
    }
    fail(
      failureOfRefusal?.(status, connection.refusalHeaders()) ??
        failureOfStatus(identity, status, { retryAfterMs: connection.refusedForMs() }),
    );
  });
  socket.addEventListener('close', ({ code, reason }) => fail(session.onClose(code, reason)));
  return session;
}

function takeResting(key: string): Session | undefined {
  const sessions = resting.get(key) ?? [];
  for (let next = sessions.pop(); next !== undefined; next = sessions.pop()) {
    clearTimeout(next.timer);
    if (next.session.isOver) continue;
    next.session.received = new AsyncQueue();
    next.session.connection.holdProcess(true);
    return next.session;
  }
  return undefined;
}

function rest(session: Session, { key, restMs }: SocketExchange): void {
  const sessions = resting.get(key) ?? [];
  if (session.isOver || sessions.length >= mostResting) {
    session.connection.terminate();
    return;
  }
  const timer = setTimeout(() => {
    session.isOver = true;
    session.connection.socket.close();
  }, restMs);
  timer.unref();
  // What still comes of the last exchange belongs to nobody.
  session.received = new AsyncQueue();
  session.received.end();
  session.connection.holdProcess(false);
  resting.set(key, [...sessions.filter((other) => !other.session.isOver), { session, timer }]);
}

function openSpare(options: SocketExchange): void {
  if ((resting.get(options.key)?.length ?? 0) > 0) return;
  const { url, headers } = options.connect();
  rest(openSession(options, url, headers), options);
}

async function* until<T>(stop: AbortSignal, items: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  for await (const item of items) {
    stop.throwIfAborted();
    yield item;
  }
}

async function rejected(signal: AbortSignal): Promise<never> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  throw signal.reason;
}
