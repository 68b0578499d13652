/** Settings as they leave the server: secrets only as a mask. */
import type { SecretMask, SettingsResponse } from '@sophy/contracts/http-settings';
import { isSecretSetting, type SettingKey, type Settings } from '@sophy/contracts/settings';

/** Shorter secrets would be half told by their last four characters. */
const shortestShownLength = 12;

export function maskSecret(secret: string): SecretMask {
  return { set: secret !== '', last4: secret.length >= shortestShownLength ? secret.slice(-4) : '' };
}

export function maskSettings(settings: Settings): SettingsResponse['settings'] {
  return {
    ...settings,
    stt_api_key: maskSecret(settings.stt_api_key),
    llm_api_key: maskSecret(settings.llm_api_key),
    tts_api_key: maskSecret(settings.tts_api_key),
    openrouter_api_key: maskSecret(settings.openrouter_api_key),
  };
}

export function maskedValue(settings: Settings, key: SettingKey): unknown {
  return isSecretSetting(key) ? maskSecret(settings[key]) : settings[key];
}
