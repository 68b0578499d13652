/** Rules between settings that no single field can check. */
import type { Settings } from '@sophy/contracts/settings';

const stages = [
  { engineKey: 'stt_engine', urlKey: 'stt_base_url' },
  { engineKey: 'llm_provider', urlKey: 'llm_base_url' },
  { engineKey: 'tts_engine', urlKey: 'tts_base_url' },
] as const;

const urlKeys = [...stages.map(({ urlKey }) => urlKey), 'speech_server_url'] as const;

/** What does not fit together in the settings as they would become; each names its field. */
export function settingsConflicts(settings: Settings): string[] {
  const conflicts: string[] = [];
  for (const { engineKey, urlKey } of stages) {
    const url = settings[urlKey];
    if (settings[engineKey].startsWith('openai') && url === '') {
      conflicts.push(`${urlKey}: is required when ${engineKey} is ${settings[engineKey]}`);
    }
  }
  for (const urlKey of urlKeys) {
    const url = settings[urlKey];
    if (url !== '' && !/^https?:$/.test(new URL(url).protocol)) {
      conflicts.push(`${urlKey}: must begin with http:// or https://`);
    }
  }
  // The chosen engine may stand there: it is asked once, and stands by again when another one is chosen.
  for (const key of ['stt_fallbacks', 'llm_fallbacks', 'tts_fallbacks'] as const) {
    const repeated = settings[key].find((engine, index, all) => all.indexOf(engine) !== index);
    if (repeated !== undefined) conflicts.push(`${key}: names ${repeated} twice`);
  }
  if (settings.endpointing_min_ms > settings.endpointing_max_ms) {
    conflicts.push(
      `endpointing_min_ms: must not be above endpointing_max_ms (${settings.endpointing_max_ms})`,
    );
  }
  return conflicts;
}
