/** A streaming recognizer behind its breaker: while that is open its streams fail at once, without asking the service. */
import { ProviderError } from '@sophy/conversation/provider-error';
import type {
  StreamingSttPort,
  SttOptions,
  SttStream,
  SttStreamEvent,
  UploadSttPort,
} from '@sophy/conversation/stt-port';
import type { EngineEvents } from './engine-events.ts';
import type { EngineGate } from './engine-gate.ts';
import type { EngineLink } from './engine-link.ts';

export function createGuardedStreamingStt(options: {
  readonly link: EngineLink<StreamingSttPort>;
  /** Takes whole utterances while the link fails; undefined: there is none. */
  readonly backup: UploadSttPort | undefined;
  readonly gate: EngineGate;
  readonly events: EngineEvents;
}): StreamingSttPort {
  const { link, backup, gate, events } = options;
  const { port } = link;
  return {
    kind: 'streaming',
    label: port.label,
    sampleRateHz: port.sampleRateHz,
    ...(backup === undefined ? {} : { backup }),
    open(sttOptions) {
      gate.watch(link);
      return gate.admits(link) ? guarded(link, gate, events, sttOptions) : resting(link);
    },
  };
}

/** A stream may last as long as its call: what it used is told every so often, so that a crash loses little of it, ms. */
const toldEveryMs = 15_000;

function guarded(
  link: EngineLink<StreamingSttPort>,
  gate: EngineGate,
  events: EngineEvents,
  options: SttOptions,
): SttStream {
  const leave = gate.enter(link);
  const stream = link.port.open(options);
  let pushedSamples = 0;
  let hasFailed = false;
  let hasHeard = false;
  async function* watched(): AsyncGenerator<SttStreamEvent, void, undefined> {
    try {
      for await (const event of stream.events) {
        // Every interim word would be counted otherwise.
        if (!hasHeard || event.type === 'final') gate.succeeded(link);
        hasHeard = true;
        yield event;
      }
    } catch (error) {
      hasFailed = true;
      if (!options.signal.aborted) {
        gate.failed(link, error);
        if (error instanceof ProviderError) events.onFailure(error);
      }
      throw error;
    }
  }
  function tellUsage(): void {
    if (pushedSamples === 0) return;
    events.onUsage({
      stage: 'stt',
      engine: link.engine,
      model: link.model,
      audioMs: (pushedSamples * 1_000) / link.port.sampleRateHz,
      isEstimated: false,
      outcome: hasFailed ? 'failed' : 'complete',
    });
    pushedSamples = 0;
  }
  return {
    events: watched(),
    push(samples) {
      pushedSamples += samples.length;
      stream.push(samples);
      if (pushedSamples >= (toldEveryMs / 1_000) * link.port.sampleRateHz) tellUsage();
    },
    commit: () => stream.commit(),
    async close() {
      leave();
      await stream.close();
      tellUsage();
    },
  };
}

function resting({ stage, engine }: EngineLink<StreamingSttPort>): SttStream {
  const message = `${engine} ${stage}: failed, and is probed until it is well`;
  const error = new ProviderError({ stage, engine, category: 'connectivity', message, isRetryable: false });
  return {
    events: { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }) },
    push() {
      // Nobody hears it; the recognizer keeps the audio.
    },
    commit() {
      // Nothing was heard.
    },
    close: () => Promise.resolve(),
  };
}
