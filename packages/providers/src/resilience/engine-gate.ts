/**
 * Decides which engines a caller's request may go to, counts how those requests end, and probes the engines that are
 * left out until they are well again.
 */
import { ProviderError } from '@sophy/conversation/provider-error';
import { afterFailure, afterProbe, afterSuccess, type BreakerFailure, isOpen } from './breaker.ts';
import type { BreakerStore } from './breaker-store.ts';
import type { EngineClock } from './engine-clock.ts';
import { breakerRules, type EngineLink } from './engine-link.ts';

/** A probe may take so long, ms. */
const probeLimitMs = 3_000;
/** Requests at once to one engine from one process: a room has a few speakers, and a stampede helps nobody. */
const mostAtOnce = 16;

type AnyLink = EngineLink<unknown>;

export type EngineGateOptions = {
  readonly store: BreakerStore;
  readonly clock: EngineClock;
  /** A request was served to its end. */
  readonly onSuccess?: (link: AnyLink) => void;
  /** A breaker opened or closed, as this process sees it. */
  readonly onBreaker?: (link: AnyLink, isOpen: boolean) => void;
};

export class EngineGate {
  readonly clock: EngineClock;
  readonly #store: BreakerStore;
  readonly #onBreaker: EngineGateOptions['onBreaker'];
  readonly #onSuccess: EngineGateOptions['onSuccess'];
  readonly #links = new Map<string, AnyLink>();
  readonly #running = new Map<string, number>();
  readonly #wasOpen = new Set<string>();
  readonly #probing = new Map<string, Promise<void>>();
  readonly #closing = new AbortController();
  readonly #stopListening: () => void;

  constructor({ store, clock, onSuccess, onBreaker }: EngineGateOptions) {
    this.clock = clock;
    this.#store = store;
    this.#onSuccess = onSuccess;
    this.#onBreaker = onBreaker;
    this.#stopListening = store.onChange((key) => this.#changed(key));
  }

  /** An engine that is about to be used: while its breaker is open it is probed from here. */
  watch(link: AnyLink): void {
    this.#links.set(link.breakerKey, link);
    this.#changed(link.breakerKey);
  }

  /** Whether a caller's request may go there now. */
  admits({ breakerKey }: AnyLink): boolean {
    return !isOpen(this.#store.read(breakerKey)) && (this.#running.get(breakerKey) ?? 0) < mostAtOnce;
  }

  /** A request begins; call what is returned when it is over. */
  enter({ breakerKey }: AnyLink): () => void {
    this.#running.set(breakerKey, (this.#running.get(breakerKey) ?? 0) + 1);
    let isInside = true;
    return () => {
      if (!isInside) return;
      isInside = false;
      this.#running.set(breakerKey, (this.#running.get(breakerKey) ?? 1) - 1);
    };
  }

  succeeded(link: AnyLink): void {
    const { breakerKey } = link;
    this.#onSuccess?.(link);
    const state = this.#store.read(breakerKey);
    // Success is the usual case: it costs nothing as long as there was no failure to forget.
    if (state.consecutiveFailures === 0 && state.outcomes.length === 0) return;
    this.#store.update(breakerKey, (before) => afterSuccess(before, this.clock.unixMs()));
  }

  failed({ breakerKey, stage }: AnyLink, error: unknown): void {
    const failure = breakerFailure(error);
    if (failure === undefined) return;
    this.#store.update(breakerKey, (before) =>
      afterFailure(before, failure, this.clock.unixMs(), breakerRules[stage]),
    );
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#stopListening();
    await Promise.all(this.#probing.values());
  }

  #changed(key: string): void {
    const link = this.#links.get(key);
    if (link === undefined || this.#closing.signal.aborted) return;
    const isNowOpen = isOpen(this.#store.read(key));
    if (isNowOpen !== this.#wasOpen.has(key)) {
      if (isNowOpen) this.#wasOpen.add(key);
      else this.#wasOpen.delete(key);
      this.#onBreaker?.(link, isNowOpen);
    }
    if (!isNowOpen || this.#probing.has(key)) return;
    const probing = this.#probeUntilClosed(link).finally(() => {
      this.#probing.delete(key);
      // It may have opened again since the last look.
      if (isOpen(this.#store.read(key))) this.#changed(key);
    });
    this.#probing.set(key, probing);
  }

  async #probeUntilClosed(link: AnyLink): Promise<void> {
    const { signal } = this.#closing;
    for (;;) {
      const { probeAtMs } = this.#store.read(link.breakerKey);
      if (probeAtMs === undefined || signal.aborted) return;
      try {
        await this.clock.sleep(Math.max(0, probeAtMs - this.clock.unixMs()), signal);
        // Somebody else may have probed meanwhile.
        if (this.#store.read(link.breakerKey).probeAtMs !== probeAtMs) continue;
        if (await this.#store.claimProbe(link.breakerKey, probeLimitMs)) await this.#probe(link);
        // Another process probes: its result comes as a change.
        else await this.clock.sleep(probeLimitMs, signal);
      } catch (error) {
        if (signal.aborted) return;
        throw error;
      }
    }
  }

  async #probe(link: AnyLink): Promise<void> {
    const startedMs = this.clock.unixMs();
    const limit = new AbortController();
    const closing = this.#closing.signal;
    const signal = AbortSignal.any([limit.signal, closing]);
    const probe = link.probe(signal).then(
      () => true,
      () => false,
    );
    const late = this.clock.sleep(probeLimitMs, signal).then(
      () => false,
      () => false,
    );
    const isWell = await Promise.race([probe, late]);
    limit.abort();
    // A probe that was cut short says nothing of the engine, and others go by what this one says.
    if (closing.aborted) return;
    this.#store.update(link.breakerKey, (before) => afterProbe(before, isWell, startedMs));
  }
}

/** What a failure says of the engine; undefined: nothing, the request or the caller was the reason. */
function breakerFailure(error: unknown): BreakerFailure | undefined {
  if (!(error instanceof ProviderError)) return 'outage';
  switch (error.category) {
    case 'cancelled':
      return undefined;
    case 'authentication':
    case 'quota':
      return 'refused';
    case 'invalid-request':
      // An address, a model or a voice that is not there fails for everybody; any other refusal may be this one text.
      return error.status === 404 ? 'refused' : undefined;
    case 'rate-limit':
    case 'connectivity':
    case 'timeout':
    case 'server':
    case 'bad-response':
      return 'outage';
  }
}
