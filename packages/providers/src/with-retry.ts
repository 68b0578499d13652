/** One second try for a request that failed before anything of its answer was heard. */
import { setTimeout as delay } from 'node:timers/promises';
import type { LlmPort } from '@sophy/conversation/llm-port';
import { ProviderError } from '@sophy/conversation/provider-error';
import type { UploadSttPort } from '@sophy/conversation/stt-port';
import type { TtsPort } from '@sophy/conversation/tts-port';

/** Time and chance, so that tests decide about both. */
export type RetryClock = {
  readonly nowMs: () => number;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Rejects when the signal aborts. */
  readonly sleep: (waitMs: number, signal: AbortSignal) => Promise<unknown>;
};

const systemClock: RetryClock = {
  nowMs: () => performance.now(),
  random: Math.random,
  sleep: (waitMs, signal) => delay(waitMs, undefined, { signal }),
};

/** Jitter keeps a fleet that failed together from returning together. */
const minWaitMs = 100;
const maxWaitMs = 300;
/** A service that asks for more patience than this is given up: a caller is waiting. */
const maxRetryAfterMs = 1_000;
/** A failure that took longer than this has used up the caller's patience; both tries of a turn stay below 8 s. */
const maxFirstTryMs = 3_000;

export function withSttRetry(port: UploadSttPort, clock: RetryClock = systemClock): UploadSttPort {
  return {
    ...port,
    async transcribe(audio, options) {
      const startedMs = clock.nowMs();
      try {
        return await port.transcribe(audio, options);
      } catch (error) {
        await waitForSecondTry(error, startedMs, options.signal, clock);
        return port.transcribe(audio, options);
      }
    },
  };
}

export function withLlmRetry(port: LlmPort, clock: RetryClock = systemClock): LlmPort {
  return {
    label: port.label,
    get takesTools() {
      return port.takesTools === true;
    },
    stream: (request, options) => streamTwice(() => port.stream(request, options), options.signal, clock),
  };
}

export function withTtsRetry(port: TtsPort, clock: RetryClock = systemClock): TtsPort {
  return {
    label: port.label,
    synthesize: (request, options) =>
      streamTwice(() => port.synthesize(request, options), options.signal, clock),
  };
}

async function* streamTwice<T>(
  open: () => AsyncIterable<T>,
  signal: AbortSignal,
  clock: RetryClock,
): AsyncGenerator<T, void, undefined> {
  const startedMs = clock.nowMs();
  let hasEmitted = false;
  try {
    for await (const item of open()) {
      hasEmitted = true;
      yield item;
    }
    return;
  } catch (error) {
    // What was given cannot be taken back: a second answer would be heard twice.
    if (hasEmitted) throw error;
    await waitForSecondTry(error, startedMs, signal, clock);
  }
  yield* open();
}

/** Resolves when a second try may begin; throws the first failure when there is to be none. */
async function waitForSecondTry(
  error: unknown,
  startedMs: number,
  signal: AbortSignal,
  clock: RetryClock,
): Promise<void> {
  if (!(error instanceof ProviderError) || !error.isRetryable || signal.aborted) throw error;
  const retryAfterMs = error.retryAfterMs ?? 0;
  if (retryAfterMs > maxRetryAfterMs || clock.nowMs() - startedMs > maxFirstTryMs) throw error;
  const jitterMs = minWaitMs + clock.random() * (maxWaitMs - minWaitMs);
  try {
    await clock.sleep(Math.max(jitterMs, retryAfterMs), signal);
  } catch {
    // The sleep ends early only because the caller left.
    const { stage, engine } = error;
    const message = `${engine} ${stage}: the caller cancelled the request`;
    throw new ProviderError({ stage, engine, category: 'cancelled', message, isRetryable: false });
  }
}
