/** The engines and the voice of a call as the settings name them now; warm before a turn needs them. */

import type { EngineUsage } from '@sophy/contracts/engine-usage';
import type { Settings } from '@sophy/contracts/settings';
import type { ProviderError, ProviderStage } from '@sophy/conversation/provider-error';
import { createSentenceCutter } from '@sophy/conversation/sentence-cutter';
import { phraseVariants } from '@sophy/conversation/speech/phrases';
import { type SpokenLanguage, spokenLanguage } from '@sophy/conversation/speech/spoken-language';
import type { SttPort } from '@sophy/conversation/stt-port';
import type { Turn } from '@sophy/conversation/turn-event';
import { ttsCatalog } from '@sophy/providers/engine-catalog';
import type { EngineEndpoints } from '@sophy/providers/engine-endpoints';
import { chosenEngines, engineFingerprint } from '@sophy/providers/engine-settings';
import { Engines } from '@sophy/providers/engines';
import { PhraseCache } from '@sophy/providers/phrase-cache';
import type { BreakerStore } from '@sophy/providers/resilience/breaker-store';
import type { EngineEvents } from '@sophy/providers/resilience/engine-events';
import type { Logger } from '@sophy/telemetry/logger';
import type { ReplyOptions } from '../voice/reply.ts';
import type { SettingsSnapshot } from './live-settings.ts';

export type CallEnginesOptions = {
  readonly current: () => SettingsSnapshot;
  readonly endpoints: EngineEndpoints;
  readonly breakers: BreakerStore;
  /** Where the sound of phrases is kept. */
  readonly phraseDirectory: string;
  /** The language model has a name to show. */
  readonly onBrain: (label: string) => void;
  /** A request failed; the call may go on without anybody noticing. */
  readonly onFailure: (error: ProviderError) => void;
  readonly onTakeover: EngineEvents['onTakeover'];
  readonly onBreaker: EngineEvents['onBreaker'];
  readonly onUsage: (usage: EngineUsage) => void;
  readonly logger: Logger;
};

const stages = ['stt', 'llm', 'tts'] as const satisfies readonly ProviderStage[];
const fixedPhrases = ['apology', 'filler', 'budgetSpent', 'goOn'] as const;
/** Those that are needed when there is no time to make them, or no voice. */
const aheadPhrases = ['apology', 'filler'] as const;

export class CallEngines {
  readonly #options: CallEnginesOptions;
  readonly #engines: Engines;
  readonly #closing = new AbortController();
  #phrases: ReadonlySet<string> = new Set();
  #settings: Settings;
  /** Settings of an engine that worked before the one that is set now, until that has worked too. */
  readonly #lastGood = new Map<ProviderStage, Settings>();
  #preparing: Promise<void> = Promise.resolve();

  constructor(options: CallEnginesOptions) {
    this.#options = options;
    const { endpoints, breakers, phraseDirectory, logger } = options;
    this.#settings = options.current().settings;
    this.#engines = new Engines({
      endpoints,
      breakers,
      phrases: new PhraseCache({
        directory: phraseDirectory,
        isPhrase: (text) => this.#phrases.has(text),
        onTrouble: (error) => logger.warn({ error }, 'phrase not kept'),
      }),
      events: {
        onFailure: options.onFailure,
        onTakeover: options.onTakeover,
        onBreaker: options.onBreaker,
        onUsage: options.onUsage,
        onServed: ({ stage, breakerKey }) => {
          if (breakerKey === this.#engines.breakerKey(stage, this.#settings)) this.#lastGood.delete(stage);
        },
      },
    });
  }

  stt(): SttPort {
    return this.#engines.stt(this.#settings, this.#lastGood.get('stt'));
  }

  /** Language that people speak; undefined: recognition finds out. */
  recognitionLanguage(): string | undefined {
    const { whisper_language } = this.#options.current().settings;
    return whisper_language === 'auto' ? undefined : whisper_language;
  }

  /** Language to answer somebody in who speaks `heard`. */
  spokenLanguage(heard: string | undefined): SpokenLanguage {
    const { settings } = this.#options.current();
    return spokenLanguage(settings.tts_language, heard ?? this.recognitionLanguage(), settings.ui_language);
  }

  /** Whether the voice that is set understands speech marks; one that takes over from it gets them as words. */
  get takesSpeechMarks(): boolean {
    return ttsCatalog[this.#settings.tts_engine].capabilities.markup !== 'none';
  }

  /** What a reply to this turn is made with. */
  forReply(turn: Turn): Pick<ReplyOptions, 'llm' | 'tts' | 'voice' | 'fillerAfterMs' | 'settingsVersion'> {
    const { version } = this.#options.current();
    const settings = this.#settings;
    return {
      llm: this.#engines.llm(settings, this.#lastGood.get('llm')),
      tts: this.#engines.tts(settings, this.#lastGood.get('tts')),
      // Which voice speaks is the engine's matter: each has its own.
      voice: { language: this.spokenLanguage(turn.language), voice: undefined, speed: settings.tts_speed },
      fillerAfterMs: settings.filler_after_ms === 0 ? undefined : settings.filler_after_ms,
      settingsVersion: version,
    };
  }

  /** Takes up the settings as they are now: opens connections, says the phrases once, finds out the brain's name. */
  prepare(): void {
    const { logger, current } = this.#options;
    const { settings } = current();
    for (const stage of stages) {
      const before = engineFingerprint(this.#settings, stage, chosenEngines(this.#settings, stage).chosen);
      const now = engineFingerprint(settings, stage, chosenEngines(settings, stage).chosen);
      // The settings before may never have worked either.
      if (before !== now && !this.#lastGood.has(stage)) this.#lastGood.set(stage, this.#settings);
    }
    this.#settings = settings;
    this.#preparing = this.#preparing
      .then(() => this.#prepare(settings))
      .catch((error: unknown) => {
        if (!this.#closing.signal.aborted) logger.warn({ error }, 'engines not made ready');
      });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#preparing;
    await this.#engines.close();
  }

  async #prepare(settings: Settings): Promise<void> {
    const { logger, onBrain } = this.#options;
    const { signal } = this.#closing;
    this.#phrases = new Set(phrasesOf(settings));
    const failures = await this.#engines.warm(settings, signal);
    for (const { stage, engine, code } of failures)
      logger.warn({ stage, engine, code }, 'engine could not be warmed up');
    const brain = await this.#engines.describeBrain(settings);
    onBrain(brain.label);
    await this.#sayPhrases(settings);
  }

  /** Has the voice say each phrase once, unheard, so that it is there when it is needed. */
  async #sayPhrases(settings: Settings): Promise<void> {
    const { signal } = this.#closing;
    const language = this.spokenLanguage(undefined);
    const tts = this.#engines.tts(settings);
    for (const name of aheadPhrases) {
      for (const text of phraseVariants(name, language)) {
        const request = { text, language, voice: undefined, speed: settings.tts_speed };
        for await (const _audio of tts.synthesize(request, { signal })) if (signal.aborted) return;
      }
    }
  }
}

/** What is said again and again, in the pieces in which it reaches the voice. */
function phrasesOf({ greeting }: Settings): string[] {
  const cutter = createSentenceCutter();
  const fixed = fixedPhrases.flatMap((name) => [
    ...phraseVariants(name, 'en'),
    ...phraseVariants(name, 'it'),
  ]);
  return [...fixed, ...cutter.push(greeting), ...cutter.flush()];
}
