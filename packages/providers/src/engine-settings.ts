/** Which settings each engine is opened with: what makes it another engine when it changes. */

import type { LlmEngine, SettingKey, Settings, SttEngine, TtsEngine } from '@sophy/contracts/settings';
import type { ProviderStage } from '@sophy/conversation/provider-error';

const sttSettings = {
  local: ['whisper_model'],
  openai: ['stt_base_url', 'stt_api_key', 'stt_model'],
  'openai-realtime': ['stt_base_url', 'stt_api_key', 'stt_model', 'endpointing_min_ms'],
  deepgram: ['deepgram_api_key', 'deepgram_model', 'endpointing_min_ms'],
  cartesia: ['cartesia_api_key', 'cartesia_stt_model', 'endpointing_min_ms'],
} as const satisfies Record<SttEngine, readonly SettingKey[]>;

const llmSettings = {
  local: ['ollama_model'],
  ollama: ['ollama_model'],
  openrouter: ['openrouter_api_key', 'openrouter_model'],
  openai: ['llm_base_url', 'llm_api_key', 'llm_model'],
  groq: ['groq_api_key', 'groq_model'],
  cerebras: ['cerebras_api_key', 'cerebras_model'],
} as const satisfies Record<LlmEngine, readonly SettingKey[]>;

const ttsSettings = {
  local: [],
  'speech-server': ['speech_server_url'],
  edge: [],
  openai: ['tts_base_url', 'tts_api_key', 'tts_model'],
  deepgram: ['deepgram_api_key'],
  cartesia: ['cartesia_api_key', 'cartesia_tts_model'],
  elevenlabs: ['elevenlabs_api_key', 'elevenlabs_model'],
} as const satisfies Record<TtsEngine, readonly SettingKey[]>;

/** The engine that the settings choose for a stage, and those that take over. */
export function chosenEngines(
  settings: Settings,
  stage: ProviderStage,
): { readonly chosen: string; readonly fallbacks: readonly string[] } {
  switch (stage) {
    case 'stt':
      return { chosen: settings.stt_engine, fallbacks: settings.stt_fallbacks };
    case 'llm':
      return { chosen: settings.llm_provider, fallbacks: settings.llm_fallbacks };
    case 'tts':
      return { chosen: settings.tts_engine, fallbacks: settings.tts_fallbacks };
  }
}

/** Keys of the settings of an engine; empty for one that has none or is not known. */
export function settingsOfEngine(stage: ProviderStage, engine: string): readonly SettingKey[] {
  const ofStage: Readonly<Record<string, readonly SettingKey[]>> =
    stage === 'stt' ? sttSettings : stage === 'llm' ? llmSettings : ttsSettings;
  return ofStage[engine] ?? [];
}

/** The settings of an engine with their values, as one text: equal for engines that are the same. */
export function engineFingerprint(settings: Settings, stage: ProviderStage, engine: string): string {
  return JSON.stringify([stage, engine, ...settingsOfEngine(stage, engine).map((key) => settings[key])]);
}
