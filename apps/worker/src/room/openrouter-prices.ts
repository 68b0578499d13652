/** Prices of OpenRouter as its own list of models has them: asked for once, when a call first needs one. */
import type { Price } from '@sophy/contracts/price-table';
import { listOpenrouterModels } from '@sophy/providers/openrouter/list-openrouter-models';
import type { Logger } from '@sophy/telemetry/logger';

export type OpenrouterPricesOptions = {
  readonly baseUrl: string;
  readonly logger: Logger;
};

/** Dollars per token in the list, dollars per million here. */
const million = 1_000_000;

export class OpenrouterPrices {
  readonly #options: OpenrouterPricesOptions;
  readonly #closing = new AbortController();
  #list: Promise<readonly Price[]> | undefined;

  constructor(options: OpenrouterPricesOptions) {
    this.#options = options;
  }

  /** Empty where the list could not be had. Never rejects. */
  prices(): Promise<readonly Price[]> {
    this.#list ??= this.#read();
    return this.#list;
  }

  /** Whoever waits is told that there is none. */
  close(): void {
    this.#closing.abort();
  }

  async #read(): Promise<readonly Price[]> {
    const { baseUrl, logger } = this.#options;
    const asOf = new Date().toISOString().slice(0, 10);
    try {
      // The list is public: no key goes with the question.
      const { models } = await listOpenrouterModels(
        { baseUrl, apiKey: '' },
        { sort_by: 'name' },
        this.#closing.signal,
      );
      return models.flatMap(({ id, prompt_cost, completion_cost }) =>
        prompt_cost === null || completion_cost === null
          ? []
          : {
              stage: 'llm',
              engine: 'openrouter',
              model: id,
              unit: 'million-tokens',
              promptUsd: prompt_cost * million,
              completionUsd: completion_cost * million,
              source: `${baseUrl}/models`,
              asOf,
            },
      );
    } catch (error) {
      if (!this.#closing.signal.aborted)
        logger.warn({ error }, 'prices of OpenRouter not read: what it costs in this call is unknown');
      return [];
    }
  }
}
