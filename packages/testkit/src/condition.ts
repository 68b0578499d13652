/** Waiting for something to become true in a test: on notification, never by sleeping. */

export type Condition = {
  /** Something may have changed: every waiting check runs again. */
  notify(): void;
  /**
   * Resolves with the first value of `check` that is not undefined. After `timeoutMs` it rejects with `describe()`,
   * which should say what was awaited and what was there instead.
   */
  until<T>(check: () => T | undefined, timeoutMs: number, describe: () => string): Promise<T>;
};

export function createCondition(): Condition {
  const waiting = new Set<() => void>();
  return {
    notify() {
      for (const attempt of [...waiting]) attempt();
    },
    until<T>(check: () => T | undefined, timeoutMs: number, describe: () => string): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(attempt);
          reject(new Error(`waited ${timeoutMs} ms: ${describe()}`));
        }, timeoutMs);
        const settle = (finish: () => void): void => {
          clearTimeout(timer);
          waiting.delete(attempt);
          finish();
        };
        function attempt(): void {
          try {
            const value = check();
            if (value !== undefined) settle(() => resolve(value));
          } catch (error) {
            settle(() => reject(error));
          }
        }
        waiting.add(attempt);
        attempt();
      });
    },
  };
}
