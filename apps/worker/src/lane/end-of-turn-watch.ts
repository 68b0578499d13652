/** Asks the audio model again and again while a pause lasts, and says what its answers make together. */
import { endOfTurnProbability } from '@sophy/conversation/end-of-turn-probability';
import type { EndOfTurnModel } from './end-of-turn-model.ts';

/**
 * Silence after which the model is asked, ms: it needs some to hear that the voice has ended, and one answer alone
 * jumps about. The same moments as in `npm run bench:end-of-turn`.
 */
const askedAfterMs = [192, 288, 384, 480, 576, 800, 1_024, 1_280] as const;

export type EndOfTurnWatchOptions = {
  /** The model, or undefined while it has no say. */
  readonly model: () => EndOfTurnModel | undefined;
  /** The latest audio, silence included. */
  readonly audio: () => Int16Array;
  readonly onEstimate: (probability: number) => void;
};

export class EndOfTurnWatch {
  readonly #options: EndOfTurnWatchOptions;
  readonly #asking = new Set<Promise<void>>();
  /** The pause that is watched; answers about an earlier one are no longer wanted. */
  #pause: { asked: number; readonly answers: number[] } = { asked: 0, answers: [] };

  constructor(options: EndOfTurnWatchOptions) {
    this.#options = options;
  }

  /** The person speaks, or the turn is over: what comes next is another pause. */
  reset(): void {
    if (this.#pause.asked > 0) this.#pause = { asked: 0, answers: [] };
  }

  /** The pause has lasted for so long. */
  silent(silenceMs: number): void {
    const dueMs = askedAfterMs[this.#pause.asked];
    const model = this.#options.model();
    if (dueMs === undefined || silenceMs < dueMs || model === undefined) return;
    this.#pause.asked += 1;
    const asking = this.#ask(model).finally(() => this.#asking.delete(asking));
    this.#asking.add(asking);
  }

  async close(): Promise<void> {
    this.reset();
    await Promise.all(this.#asking);
  }

  async #ask(model: EndOfTurnModel): Promise<void> {
    const pause = this.#pause;
    const answer = await model.predict(this.#options.audio());
    if (answer === undefined || pause !== this.#pause) return;
    pause.answers.push(answer);
    const probability = endOfTurnProbability(pause.answers);
    if (probability !== undefined) this.#options.onEstimate(probability);
  }
}
