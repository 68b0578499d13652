/** Finds the field that a refusal of the service is about. */
import type { SettingKey } from '@sophy/contracts/settings';
import { ApiError } from '../api/api-error.ts';

export type SettingsProblem = {
  /** Null: it is about none of the section's fields. */
  readonly key: SettingKey | null;
  /** The service's own sentence; empty when the service did not answer. */
  readonly detail: string;
};

/** The service names the setting in its detail, e.g. `tts_speed: must be at most 2`. */
export function settingsProblemOf(error: Error, keys: readonly SettingKey[]): SettingsProblem {
  if (!(error instanceof ApiError) || error.kind !== 'refused') return { key: null, detail: '' };
  const named = keys
    .filter((key) => new RegExp(`(^|[^a-z_])${key}([^a-z_]|$)`).test(error.detail))
    .sort((one, other) => error.detail.indexOf(one) - error.detail.indexOf(other));
  return { key: named[0] ?? null, detail: error.detail };
}
