/** Ctrl-C, SIGTERM and a closed terminal, told apart from their echoes. */

/** A terminal and npm both deliver the same Ctrl-C; what comes within this time of the last one is the same wish. */
const echoMs = 500;

export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** Calls `first` on the first signal and `again` on each later one that is not an echo. */
export function onStopSignal(handlers: { first(signal: StopSignal): void; again(): void }): void {
  let lastAtMs: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      const now = performance.now();
      const isFirst = lastAtMs === undefined;
      const isEcho = lastAtMs !== undefined && now - lastAtMs < echoMs;
      lastAtMs = now;
      if (isFirst) handlers.first(signal);
      else if (!isEcho) handlers.again();
    });
  }
}
