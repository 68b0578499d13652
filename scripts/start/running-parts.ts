/** What runs at the moment, and the order in which it stops: who writes goes before who is written to. */

/** In stop order. */
export const partNames = ['worker', 'api', 'engines', 'livekit-server', 'postgres'] as const;
export type PartName = (typeof partNames)[number];

export type Part = {
  /** Closes in order; resolves when it is gone. */
  stop(): Promise<void>;
  /** Ends it at once. */
  kill(): void;
};

export class RunningParts {
  readonly #parts = new Map<PartName, Part>();

  /** A part is added before it starts, so that a stop in the middle of its start finds it. */
  add(name: PartName, part: Part): void {
    this.#parts.set(name, part);
  }

  /** Stops one after the other. A part that fails to stop does not keep the others from stopping; all failures are thrown together. */
  async stopAll(): Promise<void> {
    const failures: unknown[] = [];
    for (const name of partNames) {
      try {
        await this.#parts.get(name)?.stop();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'Some parts did not stop.');
  }

  killAll(): void {
    for (const name of partNames) this.#parts.get(name)?.kill();
  }
}
