/** Hears what is announced on one channel of Postgres, whatever becomes of the connection. */
import pg from 'pg';

export type ListenOptions = {
  readonly url: string;
  readonly channel: string;
  /** Named in the server's list of connections, e.g. `settings watch`. */
  readonly purpose: string;
  readonly onNews: (payload: string) => void;
  /** After each connection: news may have been missed before it. */
  readonly onConnected: () => void;
  /** A connection failed or broke; the listening goes on by itself. */
  readonly onError: (error: Error) => void;
  readonly signal: AbortSignal;
};

const firstRetryMs = 250;
const longestRetryMs = 5_000;

/** Listens on a connection of its own until the signal aborts; then resolves. Never rejects. */
export async function listen(options: ListenOptions): Promise<void> {
  let retryMs = firstRetryMs;
  while (!options.signal.aborted) {
    try {
      await listenOnce(options, () => {
        retryMs = firstRetryMs;
      });
    } catch (error) {
      options.onError(error instanceof Error ? error : new Error(String(error)));
      await waitUnlessAborted(retryMs, options.signal);
      retryMs = Math.min(retryMs * 2, longestRetryMs);
    }
  }
}

/** Resolves when the signal aborts, rejects when the connection fails or ends. */
async function listenOnce(options: ListenOptions, onListening: () => void): Promise<void> {
  const client = new pg.Client({
    connectionString: options.url,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    application_name: `sophy ${options.purpose}`,
  });
  const ended = new Promise<void>((resolve, reject) => {
    client.on('error', reject);
    client.on('end', () => reject(new Error('The connection that listens for news ended.')));
    options.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  try {
    await Promise.race([client.connect(), ended]);
    if (options.signal.aborted) return;
    client.on('notification', ({ payload }) => options.onNews(payload ?? ''));
    await Promise.race([client.query(`LISTEN ${options.channel}`), ended]);
    if (options.signal.aborted) return;
    onListening();
    options.onConnected();
    await ended;
  } finally {
    ended.catch(() => undefined);
    await client.end().catch(options.onError);
  }
}

function waitUnlessAborted(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, delayMs);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
