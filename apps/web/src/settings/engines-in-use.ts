/** Which engines of a stage the settings of a form use, and the fields that each is set up with. */
import type { SettingField } from './setting-sections.ts';

type WithSettings = { readonly id: string; readonly settings: readonly string[] };

/**
 * The chosen engine first, then those that take over, each once and with its own fields. A field that several engines
 * share stands with the first of them.
 */
export function enginesInUse<Engine extends WithSettings>(
  engines: readonly Engine[],
  use: { readonly chosen: unknown; readonly fallbacks: unknown },
  fields: readonly SettingField[],
): readonly { readonly engine: Engine; readonly fields: readonly SettingField[] }[] {
  const ids = new Set([use.chosen, ...(Array.isArray(use.fallbacks) ? use.fallbacks : [])]);
  const shown = new Set<string>();
  return [...ids].flatMap((id) => {
    const engine = engines.find((candidate) => candidate.id === id);
    if (engine === undefined) return [];
    const own = fields.filter(({ key }) => engine.settings.includes(key) && !shown.has(key));
    for (const { key } of own) shown.add(key);
    return [{ engine, fields: own }];
  });
}
