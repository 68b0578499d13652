/** Reads the settings in force and changes them with all checks. */
import { type SettingsUpdateRequest, settingsUpdateRequestSchema } from '@sophy/contracts/http-settings';
import { isSettingKey, type SettingKey } from '@sophy/contracts/settings';
import { readSettings, type StoredSettings, writeSettings } from '@sophy/db/settings';
import type { AppDependencies } from '../app-dependencies.ts';
import { HttpProblem } from '../http/http-problem.ts';
import { withVoiceOfEngine } from './choose-engine.ts';
import { settingsConflicts } from './settings-conflicts.ts';
import { withoutMasks } from './without-masks.ts';
import { requireWorkingEngines } from './working-engines.ts';

export type SettingsDependencies = Pick<
  AppDependencies,
  'database' | 'baseSettings' | 'secretsKey' | 'logger'
>;

type ChangeDependencies = SettingsDependencies & Pick<AppDependencies, 'configuration' | 'engines'>;

export type SettingsChange = {
  /** Whether an engine that is chosen is tried before it is stored. */
  readonly check: boolean;
};

/** So that a row that does not count is logged once, not with every reading. */
const lastIgnored = new WeakMap<AppDependencies['database'], string>();

export async function currentSettings(dependencies: SettingsDependencies): Promise<StoredSettings> {
  const { database, baseSettings, secretsKey, logger } = dependencies;
  const stored = await readSettings(database, baseSettings, secretsKey);
  const ignored = stored.ignored.join(', ');
  if (ignored !== (lastIgnored.get(database) ?? '')) {
    lastIgnored.set(database, ignored);
    logger.warn(
      { settings: stored.ignored },
      'stored settings that do not count have changed; enter them again',
    );
  }
  return stored;
}

/**
 * Changes what the request names. Masks of secrets keep what is stored. Throws 422 naming the field that does not fit,
 * or the engine that was chosen and does not work.
 */
export async function changeSettings(
  dependencies: ChangeDependencies,
  update: SettingsUpdateRequest['settings'],
  { check }: SettingsChange = { check: true },
): Promise<SettingKey[]> {
  const { settings } = await currentSettings(dependencies);
  const patch = withVoiceOfEngine(settings, withoutMasks(update));
  const changed = { ...settings, ...patch };
  const conflicts = settingsConflicts(changed);
  if (conflicts.length > 0) throw new HttpProblem(422, conflicts.join('; '));
  await requireWorkingEngines(dependencies, { before: settings, after: changed, check });
  const { updated } = await writeSettings(dependencies.database, patch, dependencies.secretsKey);
  return updated;
}

/** Changes one setting to a value that is not checked yet. Throws 422 naming the key. */
export async function changeSetting(
  dependencies: ChangeDependencies,
  key: string,
  value: unknown,
  change: SettingsChange = { check: true },
): Promise<SettingKey[]> {
  const known = requireSettingKey(key);
  const parsed = settingsUpdateRequestSchema.shape.settings.safeParse({ [known]: value });
  if (!parsed.success) {
    const reasons = parsed.error.issues.map(({ message }) => message);
    throw new HttpProblem(422, `${known}: ${reasons.join('; ')}`);
  }
  return changeSettings(dependencies, parsed.data, change);
}

/** Throws 422 naming a key that is no setting. */
export function requireSettingKey(key: string): SettingKey {
  if (isSettingKey(key)) return key;
  throw new HttpProblem(422, `${key.slice(0, 100)}: there is no such setting`);
}
