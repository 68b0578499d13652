/** What makes calls use a model of the local engines, and whether they do. */
import type { LocalModel } from '@sophy/contracts/http-engines';
import type { Settings } from '@sophy/contracts/settings';

export type LocalModelSettings = Pick<
  Settings,
  'stt_engine' | 'whisper_model' | 'tts_engine' | 'tts_voice' | 'tts_voices'
>;

/** Kokoro has many voices; these speak when the model is chosen as a whole. */
const kokoroVoices: Readonly<Record<string, string>> = { it: 'if_sara', en: 'af_heart' };

/** Voice of a model by language. The engines name the voices of Piper as their models, without `piper-`. */
function voicesOf(model: LocalModel): readonly (readonly [key: string, voice: string])[] {
  return model.languages.flatMap((language) => {
    const voice = model.id.startsWith('kokoro-') ? kokoroVoices[language] : model.id.replace(/^piper-/, '');
    return voice === undefined ? [] : [[`local:${language}`, voice] as const];
  });
}

/**
 * The settings to change so that calls use the model; null where none does it: the brain is the best one installed, and
 * a recognizer of live streams serves no files.
 */
export function settingsToUse(model: LocalModel, stored: LocalModelSettings): object | null {
  if (model.state !== 'loaded' && model.state !== 'installed') return null;
  switch (model.kind) {
    case 'stt':
      return model.is_streaming === true ? null : { stt_engine: 'local', whisper_model: model.id };
    case 'tts': {
      // One voice for every language would also speak those that it cannot.
      const tts_voices = { ...stored.tts_voices, ...Object.fromEntries(voicesOf(model)) };
      return { tts_engine: 'local', tts_voice: '', tts_voices };
    }
    case 'llm':
      return null;
    default:
      return model.kind satisfies never;
  }
}

/** Whether the settings name the model. */
export function isUsed(model: LocalModel, stored: LocalModelSettings): boolean {
  switch (model.kind) {
    case 'stt': {
      const { stt_engine, whisper_model } = stored;
      return stt_engine === 'local' && [whisper_model, `whisper-${whisper_model}`].includes(model.id);
    }
    case 'tts': {
      if (stored.tts_engine !== 'local') return false;
      const { tts_voice, tts_voices } = stored;
      const isVoice = (key: string, voice: string) =>
        tts_voice === '' ? tts_voices[key] === voice : tts_voice === voice;
      return voicesOf(model).some(([key, voice]) => isVoice(key, voice));
    }
    case 'llm':
      return false;
    default:
      return model.kind satisfies never;
  }
}
