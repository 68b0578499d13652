/** The settings with another engine for a stage. */
import type { EngineStage } from '@sophy/contracts/engine-usage';
import type { Settings, SettingsPatch } from '@sophy/contracts/settings';
import { chosenEngines } from '@sophy/providers/engine-settings';
import { engineKeys } from '../engines/engine-entries.ts';

/** The voice that is set belongs to its engine: another one begins with the default of its own. */
export function chooseEngine(settings: Settings, stage: EngineStage, engine: string): Settings {
  if (chosenEngines(settings, stage).chosen === engine) return settings;
  const voice = stage === 'tts' ? { tts_voice: '' } : {};
  return { ...settings, ...voice, [engineKeys[stage]]: engine };
}

/** The same for a change that a request makes: without a voice of its own the one before is let go. */
export function withVoiceOfEngine(before: Settings, patch: SettingsPatch): SettingsPatch {
  const isOther = patch.tts_engine !== undefined && patch.tts_engine !== before.tts_engine;
  return isOther && patch.tts_voice === undefined ? { ...patch, tts_voice: '' } : patch;
}
