/**
 * What the person at the terminal sees while things happen: nothing for what is quick, a line for what takes more
 * than a second, rewritten in place on a terminal and printed at the start, every ten seconds and at the end elsewhere.
 */
const showAfterMs = 1_000;
const tickMs = { terminal: 250, file: 10_000 } as const;

export type Output = { readonly isTerminal: boolean; write(text: string): void };

export const standardOutput: Output = {
  isTerminal: process.stdout.isTTY === true,
  write: (text) => {
    process.stdout.write(text);
  },
};

/** Says how far a step is, e.g. `46 of 108 MB`. */
export type ReportDetail = (detail: string) => void;

/** Several steps may run at once; each has its line. */
export class Progress {
  readonly #output: Output;
  readonly #running = new Map<
    symbol,
    { label: string; detail: string; startedAtMs: number; isShown: boolean }
  >();
  #liveLine = '';

  constructor(output: Output = standardOutput) {
    this.#output = output;
  }

  /** A line of its own, above whatever is in progress. */
  say(line: string): void {
    this.#clearLive();
    this.#output.write(`${line}\n`);
    this.#drawLive();
  }

  /** Runs `work` and returns its result. A step that fails is marked so; what it threw is thrown on. */
  async step<T>(label: string, work: (report: ReportDetail) => Promise<T>): Promise<T> {
    const key = Symbol(label);
    const step = { label, detail: '', startedAtMs: performance.now(), isShown: false };
    this.#running.set(key, step);
    const first = setTimeout(() => {
      step.isShown = true;
      if (this.#output.isTerminal) this.#drawLive();
      else this.#output.write(`${label} …\n`);
    }, showAfterMs);
    const ticks = setInterval(
      () => {
        if (!step.isShown) return;
        if (this.#output.isTerminal) this.#drawLive();
        else if (step.detail !== '') this.#output.write(`${label}: ${step.detail}\n`);
      },
      this.#output.isTerminal ? tickMs.terminal : tickMs.file,
    );
    let outcome = 'failed after';
    try {
      const result = await work((detail) => {
        step.detail = detail;
      });
      outcome = 'done in';
      return result;
    } finally {
      clearTimeout(first);
      clearInterval(ticks);
      this.#running.delete(key);
      if (step.isShown) this.say(`${label}: ${outcome} ${secondsSince(step.startedAtMs)}`);
    }
  }

  #drawLive(): void {
    if (!this.#output.isTerminal) return;
    const shown = [...this.#running.values()].filter((step) => step.isShown);
    const line = shown
      .map((step) => [step.label, step.detail, secondsSince(step.startedAtMs)].filter(Boolean).join(' · '))
      .join('   ');
    this.#clearLive();
    const width = process.stdout.columns ?? 100;
    this.#liveLine = line.length > width - 1 ? `${line.slice(0, width - 2)}…` : line;
    this.#output.write(this.#liveLine);
  }

  #clearLive(): void {
    // Return to the first column and erase the line (ECMA-48 EL).
    if (this.#liveLine !== '') this.#output.write('\r\u001b[2K');
    this.#liveLine = '';
  }
}

function secondsSince(startedAtMs: number): string {
  return `${((performance.now() - startedAtMs) / 1000).toFixed(1)} s`;
}
