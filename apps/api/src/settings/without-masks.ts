/** What a request really changes: masks of secrets keep what is stored. */
import type { SettingsUpdateRequest } from '@sophy/contracts/http-settings';
import { type SettingsPatch, secretSettings, settingsPatchSchema } from '@sophy/contracts/settings';

export function withoutMasks(update: SettingsUpdateRequest['settings']): SettingsPatch {
  const given = Object.entries(update).filter(
    ([key, value]) => value !== undefined && !(typeof value === 'object' && isSecret(key)),
  );
  return settingsPatchSchema.parse(Object.fromEntries(given));
}

function isSecret(key: string): boolean {
  return secretSettings.some((secret) => secret === key);
}
