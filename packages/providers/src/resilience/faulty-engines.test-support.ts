/** Engines on virtual time that fail as a schedule says, with the deadlines of real adapters. */
import type { EngineUsage } from '@sophy/contracts/engine-usage';
import type { LlmEvent, LlmPort } from '@sophy/conversation/llm-port';
import {
  ProviderError,
  type ProviderErrorCategory,
  type ProviderStage,
} from '@sophy/conversation/provider-error';
import type { TtsAudio, TtsPort } from '@sophy/conversation/tts-port';
import { isOpen } from './breaker.ts';
import type { BreakerStore } from './breaker-store.ts';
import type { EngineLink } from './engine-link.ts';
import { probeLlm, probeTts } from './probes.ts';
import type { VirtualClock } from './virtual-clock.test-support.ts';

export const faults = [
  'refused',
  '401',
  '429',
  '429 for long',
  '500',
  'hang',
  'stall',
  'garbage',
  'disconnect',
] as const;
export type Fault = (typeof faults)[number];

/** The engine has the fault of the last phase that has begun; undefined: it works. */
export type FaultSchedule = readonly {
  readonly fromMs: number;
  readonly fault: Fault | undefined;
  /** Where in an answer it stalls or disconnects, 0 to 1. */
  readonly share: number;
}[];

export type FaultyWorld = {
  readonly clock: VirtualClock;
  readonly store: BreakerStore;
  /** What went against a promise, as sentences. */
  readonly broken: string[];
  readonly usages: EngineUsage[];
};

/** Time from a request to its first piece, ms. */
const latencyMs = 300;
const limits = {
  llm: { answerMs: 5_000, stallMs: 3_000 },
  tts: { answerMs: 2_000, stallMs: 1_500 },
} as const;

const working = { fault: undefined, share: 1 };

/** One sample is a millisecond of loud sound. */
const sampleRateHz = 1_000;
const loudness = 9_000;

class FaultyEngine {
  readonly #world: FaultyWorld;
  readonly #stage: 'llm' | 'tts';
  readonly #name: string;
  readonly #schedule: FaultSchedule;

  constructor(world: FaultyWorld, stage: 'llm' | 'tts', name: string, schedule: FaultSchedule) {
    this.#world = world;
    this.#stage = stage;
    this.#name = name;
    this.#schedule = schedule;
  }

  /** Yields the pieces, or fails on the way as the schedule says. */
  async *give<Piece>(
    pieces: readonly Piece[],
    pieceMs: number,
    isProbe: boolean,
    signal: AbortSignal,
  ): AsyncGenerator<Piece, void, undefined> {
    const { clock, store, broken } = this.#world;
    const { answerMs, stallMs } = limits[this.#stage];
    if (!isProbe && isOpen(store.read(this.key)))
      broken.push(`${this.#name} was asked at ${clock.nowMs()} while its breaker was open`);
    const { fault, share } = this.#schedule.findLast(({ fromMs }) => fromMs <= clock.nowMs()) ?? working;
    if (fault === 'hang') {
      await this.#wait(answerMs, signal);
      throw this.#error('timeout', true);
    }
    await this.#wait(fault === 'refused' ? 1 : latencyMs, signal);
    switch (fault) {
      case 'refused':
        throw this.#error('connectivity', true);
      case '401':
        throw this.#error('authentication', false);
      case '429':
        throw this.#error('rate-limit', true, 400);
      case '429 for long':
        throw this.#error('rate-limit', true, 20_000);
      case '500':
        throw this.#error('server', true);
      case 'garbage':
        throw this.#error('bad-response', false);
      default:
    }
    const given =
      fault === 'stall' || fault === 'disconnect' ? Math.ceil(pieces.length * share) : pieces.length;
    for (const piece of pieces.slice(0, given)) {
      yield piece;
      await this.#wait(pieceMs, signal);
    }
    if (fault === 'stall') {
      await this.#wait(stallMs, signal);
      throw this.#error('timeout', true);
    }
    if (fault === 'disconnect') throw this.#error('connectivity', true);
  }

  get key(): string {
    return `${this.#stage}:${this.#name}`;
  }

  async #wait(waitMs: number, signal: AbortSignal): Promise<void> {
    try {
      await this.#world.clock.sleep(waitMs, signal);
    } catch {
      throw this.#error('cancelled', false);
    }
  }

  #error(category: ProviderErrorCategory, isRetryable: boolean, retryAfterMs?: number): ProviderError {
    return new ProviderError({
      stage: this.#stage,
      engine: this.#name,
      category,
      message: category,
      isRetryable,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }
}

export function faultyLlm(
  world: FaultyWorld,
  name: string,
  schedule: FaultSchedule,
  answer: (messages: readonly { readonly role: string; readonly content: string }[]) => string,
): EngineLink<LlmPort> {
  const engine = new FaultyEngine(world, 'llm', name, schedule);
  const port: LlmPort = {
    label: name,
    stream({ messages }, { signal }) {
      const isProbe = messages.length === 1 && messages[0]?.content === 'ok';
      const words = answer(messages).match(/\s*\S+/g) ?? [];
      return engine.give(
        words.map((text): LlmEvent => ({ type: 'text', text })),
        20,
        isProbe,
        signal,
      );
    },
  };
  return link('llm', name, engine.key, port, (signal) => probeLlm(port, signal));
}

/** A piece of speech that knows who said it. */
export type SpokenWord = TtsAudio & { readonly engine: string; readonly word: string };

/** @param msPerCharacter how fast this voice speaks. */
export function faultyTts(
  world: FaultyWorld,
  name: string,
  schedule: FaultSchedule,
  msPerCharacter: number,
): EngineLink<TtsPort> {
  const engine = new FaultyEngine(world, 'tts', name, schedule);
  const port: TtsPort = {
    label: name,
    synthesize({ text }, { signal }) {
      const spoken = (text.match(/\s*\S+/g) ?? []).map((word): SpokenWord => {
        const samples = new Int16Array(Math.round(word.length * msPerCharacter)).fill(loudness);
        return { samples, sampleRateHz, engine: name, word: word.trim() };
      });
      return engine.give<TtsAudio>(spoken, 5, text === 'ok', signal);
    },
  };
  const voice = { language: 'en', voice: undefined };
  return link('tts', name, engine.key, port, (signal) => probeTts(port, voice, signal));
}

function link<Port>(
  stage: ProviderStage & ('llm' | 'tts'),
  engine: string,
  breakerKey: string,
  port: Port,
  probe: (signal: AbortSignal) => Promise<void>,
): EngineLink<Port> {
  const patience = { llm: { hedgeMs: 2_500, budgetMs: 5_000 }, tts: { hedgeMs: 1_500, budgetMs: 3_000 } };
  return { stage, engine, model: '', breakerKey, port, ...patience[stage], probe };
}
