/** Knows for which turn and reply an engine is being asked, however deep in its work that is found out. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { LlmPort } from '@sophy/conversation/llm-port';
import type { TtsPort } from '@sophy/conversation/tts-port';
import type { UsagePurpose } from './call-cost.ts';

export class UsageScope {
  readonly #purposes = new AsyncLocalStorage<UsagePurpose>();

  /** Undefined for what is asked without a reply: recognition, probes. */
  get current(): UsagePurpose | undefined {
    return this.#purposes.getStore();
  }

  /** The same model, asked for this purpose. */
  llm(port: LlmPort, purpose: UsagePurpose): LlmPort {
    return {
      get label() {
        return port.label;
      },
      get takesTools() {
        return port.takesTools === true;
      },
      stream: (request, options) => this.#within(purpose, () => port.stream(request, options)),
    };
  }

  /** The same voice, asked for this purpose. */
  tts(port: TtsPort, purpose: UsagePurpose): TtsPort {
    return {
      get label() {
        return port.label;
      },
      synthesize: (request, options) => this.#within(purpose, () => port.synthesize(request, options)),
    };
  }

  /** A generator runs in the scope of whoever asks it for more, so each question is asked in this one. */
  async *#within<Piece>(purpose: UsagePurpose, open: () => AsyncIterable<Piece>): AsyncGenerator<Piece> {
    const run = <Result>(step: () => Result): Result => this.#purposes.run(purpose, step);
    const pieces = run(() => open()[Symbol.asyncIterator]());
    let isOver = false;
    try {
      while (true) {
        const next = await run(() => pieces.next());
        if (next.done === true) {
          isOver = true;
          return;
        }
        yield next.value;
      }
    } catch (error) {
      isOver = true;
      throw error;
    } finally {
      if (!isOver) await run(() => pieces.return?.());
    }
  }
}
