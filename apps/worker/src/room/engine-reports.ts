/** What the engines of a call do besides their work, told to the log, the journal, the metrics and the people. */
import type { SpeakerId } from '@sophy/contracts/ids';
import type { ProviderError } from '@sophy/conversation/provider-error';
import type { EngineEvents } from '@sophy/providers/resilience/engine-events';
import type { Logger } from '@sophy/telemetry/logger';
import type { CallRecorder } from './call-recorder.ts';

export type EngineReportsOptions = {
  readonly recorder: CallRecorder;
  /** Whether the agent has the call: one that does not writes nothing. */
  readonly hasCall: () => boolean;
  /** What a person is told in writing whose words were lost. */
  readonly recognitionApology: (speaker: SpeakerId) => string;
  readonly logger: Logger;
};

export class EngineReports {
  readonly #options: EngineReportsOptions;

  constructor(options: EngineReportsOptions) {
    this.#options = options;
  }

  /** A request failed; another try or another engine may make it good. */
  stumbled(error: ProviderError): void {
    const { recorder, hasCall, logger } = this.#options;
    const { stage, engine, code } = error;
    logger.warn({ error, stage, engine, code }, 'engine failed');
    if (hasCall()) recorder.engineStumbled(error);
  }

  takenOver(takeover: Parameters<EngineEvents['onTakeover']>[0]): void {
    const { recorder, hasCall, logger } = this.#options;
    logger.warn(takeover, 'another engine serves');
    if (hasCall()) recorder.engineTakenOver(takeover);
  }

  /** No engine could do it: people are told. */
  failed(error: ProviderError, speaker: SpeakerId | null = null): void {
    const { recorder, logger } = this.#options;
    const { stage, engine, code } = error;
    logger.warn({ error, stage, engine, code, speaker }, 'no engine could serve');
    recorder.engineFailed(error, speaker);
  }

  /** The person is told in writing that the words were lost; the lane goes on hearing. */
  recognitionFailed(speaker: SpeakerId, error: ProviderError): void {
    this.failed(error, speaker);
    const { recorder, recognitionApology } = this.#options;
    recorder.written(`apology-${Date.now()}`, recognitionApology(speaker));
  }
}
