/** The same thing made for every secret setting, for instance its mask. */
import type { SecretSettingKey } from './settings.ts';

export function mapSecretSettings<Value>(
  make: (key: SecretSettingKey) => Value,
): Readonly<Record<SecretSettingKey, Value>> {
  return {
    stt_api_key: make('stt_api_key'),
    llm_api_key: make('llm_api_key'),
    tts_api_key: make('tts_api_key'),
    openrouter_api_key: make('openrouter_api_key'),
    groq_api_key: make('groq_api_key'),
    cerebras_api_key: make('cerebras_api_key'),
    deepgram_api_key: make('deepgram_api_key'),
    cartesia_api_key: make('cartesia_api_key'),
    elevenlabs_api_key: make('elevenlabs_api_key'),
  };
}
