/** What the environment says about settings: defaults that a row in Postgres overrides. */
import type { Environment } from './environment.ts';
import { type Settings, type SettingsPatch, settingsSchema } from './settings.ts';

/** Settings before any row: schema defaults, then the environment. A base URL alone selects the `openai` engine. */
export function settingsFromEnvironment(environment: Environment): Settings {
  const patch: SettingsPatch = {
    stt_engine: environment.STT_ENGINE ?? (environment.STT_BASE_URL === undefined ? undefined : 'openai'),
    stt_base_url: environment.STT_BASE_URL,
    stt_api_key: environment.STT_API_KEY,
    stt_model: environment.STT_MODEL,
    whisper_model: environment.WHISPER_MODEL,
    whisper_language: environment.WHISPER_LANGUAGE,
    llm_provider: environment.LLM_ENGINE ?? (environment.LLM_BASE_URL === undefined ? undefined : 'openai'),
    llm_base_url: environment.LLM_BASE_URL,
    llm_api_key: environment.LLM_API_KEY,
    llm_model: environment.LLM_MODEL,
    ollama_model: environment.OLLAMA_MODEL,
    openrouter_model: environment.OPENROUTER_MODEL,
    openrouter_api_key: environment.OPENROUTER_API_KEY,
    tts_engine: environment.TTS_ENGINE ?? (environment.TTS_BASE_URL === undefined ? undefined : 'openai'),
    tts_base_url: environment.TTS_BASE_URL,
    tts_api_key: environment.TTS_API_KEY,
    tts_model: environment.TTS_MODEL,
    tts_voice: environment.TTS_VOICE ?? environment.PIPER_MODEL,
  };
  return settingsSchema.parse(
    Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)),
  );
}
