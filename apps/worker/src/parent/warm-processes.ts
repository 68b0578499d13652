/** The job processes that have started and wait for a call: the worker counts them, since its framework does not tell. */

const timeoutMs = 2_000;

/** In the job process, when it is ready. Without an answer the worker only takes itself for slower than it is. */
export async function reportWarm(reportUrl: string | undefined): Promise<void> {
  if (reportUrl === undefined) return;
  const response = await fetch(new URL('/warm', reportUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ pid: process.pid }),
    signal: AbortSignal.timeout(timeoutMs),
  }).catch(() => undefined);
  await response?.body?.cancel();
}

/** In the worker. */
export class WarmProcesses {
  readonly #pids = new Set<number>();
  readonly #isAlive: (pid: number) => boolean;

  constructor(options: { readonly isAlive: (pid: number) => boolean } = { isAlive }) {
    this.#isAlive = options.isAlive;
  }

  ready(pid: number): void {
    this.#pids.add(pid);
  }

  /** It has a call now. */
  taken(pid: number): void {
    this.#pids.delete(pid);
  }

  get count(): number {
    for (const pid of this.#pids) if (!this.#isAlive(pid)) this.#pids.delete(pid);
    return this.#pids.size;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // ESRCH: it has ended.
    return false;
  }
}
