/** The unsaved changes of one section, and what of them is sent. */
import type { SettingsResponse } from '@sophy/contracts/http-settings';
import type { SettingKey } from '@sophy/contracts/settings';

export type StoredSettings = SettingsResponse['settings'];

/** Changed fields only. A secret's draft is what was typed; absent means that it stays as it is. */
export type SettingsDraft = Partial<Record<SettingKey, unknown>>;

/** `draft` with `key` set, or without it when the value is the stored one again. */
export function withDraft(
  draft: SettingsDraft,
  stored: StoredSettings,
  key: SettingKey,
  value: unknown,
): SettingsDraft {
  const { [key]: _previous, ...rest } = draft;
  return isSame(stored[key], value) ? rest : { ...rest, [key]: value };
}

function isSame(stored: unknown, value: unknown): boolean {
  return JSON.stringify(stored) === JSON.stringify(value);
}

/** The names in a text with one or several on each line. */
export function namesOf(text: string): string[] {
  return text
    .split(/[\n,]/)
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
