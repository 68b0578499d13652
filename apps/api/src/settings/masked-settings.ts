/** Settings as they leave the server: secrets only as a mask. */
import type { SecretMask, SettingsResponse } from '@sophy/contracts/http-settings';
import { mapSecretSettings } from '@sophy/contracts/map-secret-settings';
import { isSecretSetting, type SettingKey, type Settings } from '@sophy/contracts/settings';

/** Shorter secrets would be half told by their last four characters. */
const shortestShownLength = 12;

export function maskSecret(secret: string): SecretMask {
  return { set: secret !== '', last4: secret.length >= shortestShownLength ? secret.slice(-4) : '' };
}

export function maskSettings(settings: Settings): SettingsResponse['settings'] {
  return { ...settings, ...mapSecretSettings((key) => maskSecret(settings[key])) };
}

export function maskedValue(settings: Settings, key: SettingKey): unknown {
  return isSecretSetting(key) ? maskSecret(settings[key]) : settings[key];
}
