/** The voices of the installed models, and what each needs to be loaded. */
import type { ModelLibrary } from '../models/model-library.ts';
import { modelMemoryBytes } from '../models/model-memory.ts';
import type { PoolItem } from '../models/model-pool.ts';
import { kokoroVoices } from './kokoro-voices.ts';
import type { SpeechVoice } from './speech-voice.ts';

/** A voice model in the pool. Kokoro speaks one language at a time, so it is loaded once for each. */
export type VoiceItem = PoolItem & {
  readonly family: 'piper' | 'kokoro' | 'espeak';
  readonly language: string;
  /** Empty for espeak-ng, which comes with the program. */
  readonly modelPath: string;
};

/** espeak-ng and its thread, bytes. */
const espeakBytes = 30_000_000;
export const espeakItem: VoiceItem = {
  key: 'espeak-ng:it',
  title: 'espeak-ng (Italian)',
  bytes: espeakBytes,
  family: 'espeak',
  language: 'it',
  modelPath: '',
};
const espeakVoice: SpeechVoice = {
  id: 'espeak-it',
  name: 'espeak-ng (Italian, robotic)',
  gender: 'unknown',
  locale: 'it_IT',
  language: 'it',
  modelId: 'espeak-ng',
  speakerId: 0,
  engineKey: espeakItem.key,
};

export type VoiceCatalogue = {
  /** In the order in which they are preferred; espeak-ng's Italian is there only when there is no other. */
  readonly voices: readonly SpeechVoice[];
  readonly items: ReadonlyMap<string, VoiceItem>;
};

/** Voices that can be spoken with what is installed; Piper and Kokoro need the phoneme data. */
export function voiceCatalogue(library: ModelLibrary): VoiceCatalogue {
  const voices: SpeechVoice[] = [];
  const items = new Map<string, VoiceItem>();
  const models = library.phonemes === undefined ? [] : library.installed('tts');
  for (const model of models) {
    const item = { title: model.title, bytes: modelMemoryBytes(model, 1), modelPath: library.pathOf(model) };
    const { family } = model;
    switch (family) {
      case 'piper': {
        const { language, locale, gender } = model;
        const voice = { name: model.title, gender, locale, language, modelId: model.id, speakerId: 0 };
        voices.push({ ...voice, id: model.id.replace(/^piper-/, ''), engineKey: model.id });
        items.set(model.id, { ...item, key: model.id, family, language });
        break;
      }
      case 'kokoro':
        for (const voice of kokoroVoices) {
          const key = `${model.id}:${voice.language}`;
          voices.push({ ...voice, modelId: model.id, engineKey: key });
          items.set(key, { ...item, key, family, language: voice.language });
        }
        break;
      default:
        family satisfies never;
    }
  }
  if (!voices.some(({ language }) => language === 'it')) {
    voices.push(espeakVoice);
    items.set(espeakItem.key, espeakItem);
  }
  return { voices, items };
}
