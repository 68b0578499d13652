/** Which voice an engine speaks with. */
import type { Settings, TtsEngine } from '@sophy/contracts/settings';
import type { TtsEntry } from './engine-entry.ts';

/** The voice that is set for the engine in this language, else its default; undefined: the service's own. */
export function voiceOfEngine(
  settings: Settings,
  entry: TtsEntry,
  language: string | undefined,
): string | undefined {
  const forLanguage = settings.tts_voices[`${entry.id}:${language ?? ''}`];
  const chosen: TtsEngine = settings.tts_engine;
  return (
    (entry.id === chosen ? settings.tts_voice : '') ||
    forLanguage ||
    settings.tts_voices[entry.id] ||
    entry.defaultVoice(language)
  );
}
