/** What the wrapper tells of its engines, for the journal, metrics and the price of a call. */
import type { EngineUsage } from '@sophy/contracts/engine-usage';
import type { ProviderError, ProviderStage } from '@sophy/conversation/provider-error';

/** Names of engine and model, e.g. `deepgram:nova-3`. */
export type EngineEvents = {
  /** A request failed; another try or another engine may follow without anybody noticing. */
  readonly onFailure: (error: ProviderError) => void;
  /** Another engine than the chosen one serves a request, or goes on with it. */
  readonly onTakeover: (takeover: {
    readonly stage: ProviderStage;
    readonly from: string;
    readonly to: string;
    /** In the middle of an answer, part of which was given. */
    readonly isMidway: boolean;
  }) => void;
  /** An engine has served a request to its end. */
  readonly onServed: (served: {
    readonly stage: ProviderStage;
    readonly engine: string;
    /** Engine, model and account: the same engine with another key is another one. */
    readonly breakerKey: string;
  }) => void;
  /** A breaker opened or closed. */
  readonly onBreaker: (breaker: {
    readonly stage: ProviderStage;
    readonly engine: string;
    readonly isOpen: boolean;
  }) => void;
  /** Once for each request that went to an engine, also for those that lost a race. */
  readonly onUsage: (usage: EngineUsage) => void;
};
