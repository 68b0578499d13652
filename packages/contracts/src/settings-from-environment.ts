/** What the environment says about settings: defaults that a row in Postgres overrides. */
import type { Environment } from './environment.ts';
import { type Settings, type SettingsPatch, settingsSchema, type TtsEngine, ttsEngines } from './settings.ts';

/** Settings before any row: schema defaults, then the environment. A base URL alone selects the `openai` engine. */
export function settingsFromEnvironment(environment: Environment): Settings {
  const patch: SettingsPatch = {
    stt_engine: environment.STT_ENGINE ?? (environment.STT_BASE_URL === undefined ? undefined : 'openai'),
    stt_fallbacks: environment.STT_FALLBACKS,
    stt_base_url: environment.STT_BASE_URL,
    stt_api_key: environment.STT_API_KEY,
    stt_model: environment.STT_MODEL,
    whisper_model: environment.WHISPER_MODEL,
    whisper_language: environment.WHISPER_LANGUAGE,
    llm_provider: environment.LLM_ENGINE ?? (environment.LLM_BASE_URL === undefined ? undefined : 'openai'),
    llm_fallbacks: environment.LLM_FALLBACKS,
    llm_base_url: environment.LLM_BASE_URL,
    llm_api_key: environment.LLM_API_KEY,
    llm_model: environment.LLM_MODEL,
    ollama_model: environment.OLLAMA_MODEL,
    openrouter_model: environment.OPENROUTER_MODEL,
    openrouter_api_key: environment.OPENROUTER_API_KEY,
    groq_api_key: environment.GROQ_API_KEY,
    groq_model: environment.GROQ_MODEL,
    cerebras_api_key: environment.CEREBRAS_API_KEY,
    cerebras_model: environment.CEREBRAS_MODEL,
    deepgram_api_key: environment.DEEPGRAM_API_KEY,
    deepgram_model: environment.DEEPGRAM_MODEL,
    cartesia_api_key: environment.CARTESIA_API_KEY,
    elevenlabs_api_key: environment.ELEVENLABS_API_KEY,
    elevenlabs_model: environment.ELEVENLABS_MODEL,
    speech_server_url: environment.TTS_SERVER_URL,
    tts_engine:
      environment.TTS_ENGINE ??
      engineOfOlderName(environment.DEFAULT_TTS) ??
      (environment.TTS_BASE_URL === undefined ? undefined : 'openai'),
    tts_fallbacks: environment.TTS_FALLBACKS,
    tts_voices: voices(environment),
    tts_base_url: environment.TTS_BASE_URL,
    tts_api_key: environment.TTS_API_KEY,
    tts_model: environment.TTS_MODEL,
    tts_voice: environment.TTS_VOICE,
  };
  return settingsSchema.parse(
    Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)),
  );
}

/** Voices by the names that the forerunner gave them. */
function voices({ EDGE_VOICE, KOKORO_VOICE, PIPER_MODEL }: Environment): Settings['tts_voices'] | undefined {
  const local = KOKORO_VOICE ?? PIPER_MODEL;
  const given = { ...(EDGE_VOICE ? { edge: EDGE_VOICE } : {}), ...(local ? { local } : {}) };
  return Object.keys(given).length === 0 ? undefined : given;
}

/** What the forerunner called its voices; a name that nothing here has chooses nothing. */
function engineOfOlderName(name: string | undefined): TtsEngine | undefined {
  switch (name?.toLowerCase()) {
    case 'piper':
    case 'kokoro':
      return 'local';
    case 'coqui':
    case 'vibevoice':
    case 'chatterbox':
      return 'speech-server';
    default:
      return ttsEngines.find((engine) => engine === name?.toLowerCase());
  }
}
