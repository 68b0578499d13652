/** The brain that needs no key: an Ollama when one answers, otherwise the local engine. */
import type { LlmEvent, LlmPort } from '@sophy/conversation/llm-port';
import { ProviderError } from '@sophy/conversation/provider-error';
import { engineFailure } from '../http/engine-failure.ts';
import { localTimeouts } from '../http/engine-timeouts.ts';
import { listOllamaModels } from '../ollama/list-ollama-models.ts';
import { createOllamaLlm } from '../ollama/ollama-llm.ts';
import { createOpenAiLlm } from '../openai/openai-llm.ts';
import { readEnginesReadiness } from './read-engines-readiness.ts';

export type KeylessBrainOptions = {
  readonly ollamaHost: string;
  /** Empty: the first model that Ollama lists. */
  readonly ollamaModel: string;
  readonly enginesUrl: string | undefined;
  readonly nowMs?: () => number;
};

/** `demo` is true for the tiny model that only shows that the chain works. */
export type BrainDescription = { readonly label: string; readonly demo: boolean };
type Choice = BrainDescription & { readonly port: LlmPort };

const probeLimitMs = 300;
const choiceLifetimeMs = 30_000;

export class KeylessBrain implements LlmPort {
  readonly #options: KeylessBrainOptions;
  readonly #nowMs: () => number;
  #choice: Choice | undefined;
  #chosenAtMs = Number.NEGATIVE_INFINITY;
  #probe: Promise<Choice> | undefined;

  constructor(options: KeylessBrainOptions) {
    this.#options = options;
    this.#nowMs = options.nowMs ?? (() => performance.now());
  }

  /** The brain in use; `local` until the first probe is over. */
  get label(): string {
    return this.#choice?.label ?? 'local';
  }

  /** The local engine's model is too small for tools; an Ollama decides by its model. */
  get takesTools(): boolean {
    return this.#choice?.port.takesTools === true;
  }

  async *stream(
    ...[request, options]: Parameters<LlmPort['stream']>
  ): AsyncGenerator<LlmEvent, void, undefined> {
    const choice = await this.#current();
    let hasEmitted = false;
    try {
      for await (const event of choice.port.stream(request, options)) {
        hasEmitted = true;
        yield event;
      }
    } catch (error) {
      if (hasEmitted || !(error instanceof ProviderError) || error.category !== 'connectivity') throw error;
      // The one chosen earlier is gone: choose again, and answer with what is there now.
      const next = await this.#choose();
      if (next.label === choice.label) throw error;
      yield* next.port.stream(request, options);
    }
  }

  /**
   * Name of the brain that answers now.
   * @throws ProviderError when there is neither an Ollama nor an address of local engines.
   */
  async describe(): Promise<BrainDescription> {
    const { label, demo } = await this.#current();
    return { label, demo };
  }

  /** An old choice still serves while it is checked, so that no turn waits for a probe. */
  async #current(): Promise<Choice> {
    if (this.#choice === undefined) return this.#choose();
    if (this.#nowMs() - this.#chosenAtMs > choiceLifetimeMs) {
      // The choice that serves this turn does not depend on it; its failure shows when it is used.
      this.#choose().catch(() => this.#forget());
    }
    return this.#choice;
  }

  #forget(): void {
    this.#choice = undefined;
  }

  #choose(): Promise<Choice> {
    this.#probe ??= this.#probeBrains().finally(() => {
      this.#probe = undefined;
    });
    return this.#probe;
  }

  async #probeBrains(): Promise<Choice> {
    const choice = (await this.#probeOllama()) ?? (await this.#localEngine());
    this.#choice = choice;
    this.#chosenAtMs = this.#nowMs();
    return choice;
  }

  async #probeOllama(): Promise<Choice | undefined> {
    const { ollamaHost: host, ollamaModel } = this.#options;
    const found = await ifAnswered(listOllamaModels(host, { limitMs: probeLimitMs }));
    const model = ollamaModel || found?.models[0]?.id;
    if (found === undefined || model === undefined) return undefined;
    const port = createOllamaLlm({ host, model, timeouts: localTimeouts.llm });
    return { port, label: port.label, demo: false };
  }

  async #localEngine(): Promise<Choice> {
    const { enginesUrl } = this.#options;
    if (enginesUrl === undefined) {
      const message = `no Ollama answers and there are no local engines; start Ollama, set ENGINES_URL or choose another llm_provider`;
      throw engineFailure({ stage: 'llm', engine: 'local' }, 'connectivity', message);
    }
    const readiness = await ifAnswered(readEnginesReadiness(enginesUrl, { limitMs: probeLimitMs }));
    const port = createOpenAiLlm({
      baseUrl: enginesUrl,
      apiKey: undefined,
      model: undefined,
      engine: 'local',
      timeouts: localTimeouts.llm,
      takesTools: false,
    });
    const model = readiness?.llm.model || undefined;
    const demo = readiness?.llm.demo ?? false;
    const named = model === undefined ? 'local' : `local:${model}`;
    const saysDemo = /demo brain/i.test(named);
    return { port, label: demo && !saysDemo ? `${named} (demo brain)` : named, demo };
  }
}

/** The answer, or undefined when the engine is not there: for a probe that is no failure. */
async function ifAnswered<T>(probe: Promise<T>): Promise<T | undefined> {
  try {
    return await probe;
  } catch (error) {
    if (error instanceof ProviderError) return undefined;
    throw error;
  }
}
