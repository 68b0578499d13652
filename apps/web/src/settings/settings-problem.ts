/** Finds the field that a refusal of the service is about. */
import type { SettingKey } from '@sophy/contracts/settings';
import { ApiError } from '../api/api-error.ts';

export type SettingsProblem = {
  /** Null: it is about none of the section's fields. */
  readonly key: SettingKey | null;
  /** The service's own sentence; empty when the service did not answer. */
  readonly detail: string;
};

/**
 * The service names the setting in its detail, e.g. `settings.tts_speed: must be at most 2`, and joins several
 * problems with `; `. What is shown at a field is the part about it, without the setting's internal name.
 */
export function settingsProblemOf(error: Error, keys: readonly SettingKey[]): SettingsProblem {
  if (!(error instanceof ApiError) || error.kind !== 'refused') return { key: null, detail: '' };
  // A sentence may have a semicolon of its own: only what names a setting begins another problem.
  for (const part of error.detail.split(/; (?=[a-z_.]+: )/)) {
    // What a sentence is about stands before its colon; it may go on to name others.
    const key =
      keys.find((candidate) => new RegExp(`(^|[^a-z_])${candidate}: `).test(part)) ??
      keys.find((candidate) => new RegExp(`(^|[^a-z_])${candidate}([^a-z_]|$)`).test(part));
    if (key !== undefined) {
      const [, ...rest] = part.split(`${key}: `);
      return { key, detail: rest.join('') || part };
    }
  }
  return { key: null, detail: error.detail };
}
