/** One engine in a chain: its port with all that the wrapper must know of it. */
import type { ProviderStage } from '@sophy/conversation/provider-error';
import type { BreakerRules } from './breaker.ts';

export type EngineLink<Port> = {
  readonly stage: ProviderStage;
  /** Engine id, e.g. `deepgram`. */
  readonly engine: string;
  /** Model asked for; empty: the server's default. */
  readonly model: string;
  /** Names the breaker: engine, model, address and account. Holds no secret. */
  readonly breakerKey: string;
  readonly port: Port;
  /** Without a first piece after so long the next engine is asked as well, ms. */
  readonly hedgeMs: number;
  /** Where it is the chosen engine: all tries together may take so long until the first piece, ms. */
  readonly budgetMs: number;
  /** The smallest request that shows that the engine works; made of nothing that anybody said. */
  probe(signal: AbortSignal): Promise<void>;
};

/** Failures in a row that open the breaker: a voice or an ear that fails is heard at once, a brain may stumble. */
export const breakerRules: Readonly<Record<ProviderStage, BreakerRules>> = {
  stt: { consecutiveFailures: 3 },
  llm: { consecutiveFailures: 5 },
  tts: { consecutiveFailures: 3 },
};
