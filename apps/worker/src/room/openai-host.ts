/** Where a request to `openai` went: any server that speaks its language may be set, and each has prices of its own. */
import type { EngineUsage } from '@sophy/contracts/engine-usage';
import type { Settings } from '@sophy/contracts/settings';

/** The usage with the host that the settings name; unchanged where it has one, or its engine has one address only. */
export function withOpenaiHost(usage: EngineUsage, settings: Settings): EngineUsage {
  if (usage.host !== undefined || !usage.engine.startsWith('openai')) return usage;
  const url = settings[`${usage.stage}_base_url`];
  return URL.canParse(url) ? { ...usage, host: new URL(url).host } : usage;
}
