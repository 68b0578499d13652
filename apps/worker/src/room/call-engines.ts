/** The engines and the voice of a call as the settings name them now; warm before a turn needs them. */

import type { SttPort } from '@sophy/conversation/stt-port';
import type { Turn } from '@sophy/conversation/turn-event';
import {
  describeBrain,
  type EngineEndpoints,
  llmFromSettings,
  sttFromSettings,
  ttsFromSettings,
} from '@sophy/providers/from-settings';
import { warmEngines } from '@sophy/providers/warm-engines';
import type { Logger } from '@sophy/telemetry/logger';
import type { ReplyOptions } from '../voice/reply.ts';
import { type SpokenLanguage, spokenLanguage } from '../voice/spoken-language.ts';
import type { SettingsSnapshot } from './live-settings.ts';

export type CallEnginesOptions = {
  readonly current: () => SettingsSnapshot;
  readonly endpoints: EngineEndpoints;
  /** The language model has a name to show. */
  readonly onBrain: (label: string) => void;
  readonly logger: Logger;
};

export class CallEngines {
  readonly #options: CallEnginesOptions;
  readonly #closing = new AbortController();
  #preparing: Promise<void> = Promise.resolve();

  constructor(options: CallEnginesOptions) {
    this.#options = options;
  }

  stt(): SttPort {
    return sttFromSettings(this.#options.current().settings, this.#options.endpoints);
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

  /** What a reply to this turn is made with. */
  forReply(turn: Turn): Pick<ReplyOptions, 'llm' | 'tts' | 'voice' | 'settingsVersion'> {
    const { settings, version } = this.#options.current();
    return {
      llm: llmFromSettings(settings, this.#options.endpoints),
      tts: ttsFromSettings(settings, this.#options.endpoints),
      voice: {
        language: this.spokenLanguage(turn.language),
        voice: settings.tts_voice === '' ? undefined : settings.tts_voice,
        speed: settings.tts_speed,
      },
      settingsVersion: version,
    };
  }

  /** Opens the connections of the engines that are set now and finds out what the brain is called. */
  prepare(): void {
    const { logger } = this.#options;
    this.#preparing = this.#preparing
      .then(() => this.#prepare())
      .catch((error: unknown) => logger.warn({ error }, 'engines not made ready'));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#preparing;
  }

  async #prepare(): Promise<void> {
    const { current, endpoints, logger, onBrain } = this.#options;
    const { settings } = current();
    const failures = await warmEngines(settings, endpoints, this.#closing.signal);
    for (const { stage, engine, code } of failures)
      logger.warn({ stage, engine, code }, 'engine could not be warmed up');
    const brain = await describeBrain(settings, endpoints);
    onBrain(brain.label);
  }
}
