/** Which voice answers a request. */
import { EngineError } from '../engine-error.ts';
import type { SpeechVoice } from './speech-voice.ts';

/**
 * A named voice wins. Without one the first voice of the language speaks, without a language the first of all.
 * Throws `EngineError` unknown_voice or unsupported_language, with what there is.
 */
export function selectVoice(
  voices: readonly SpeechVoice[],
  request: { readonly voice?: string | undefined; readonly language?: string | undefined },
): SpeechVoice {
  if (request.voice !== undefined && request.voice !== '') {
    const named = voices.find((voice) => voice.id === request.voice);
    if (named !== undefined) return named;
    throw new EngineError(
      'unknown_voice',
      `There is no voice "${request.voice}". Voices: ${voices.map((voice) => voice.id).join(', ')}.`,
    );
  }
  const language = request.language?.trim().toLowerCase().split(/[-_]/)[0];
  const [first] = voices;
  if (first === undefined) throw new EngineError('not_ready', 'No voice is loaded yet.');
  if (language === undefined || language === '') return first;
  const fitting = voices.find((voice) => voice.language === language);
  if (fitting !== undefined) return fitting;
  throw new EngineError(
    'unsupported_language',
    `There is no voice for language "${request.language}". Languages: ${[...new Set(voices.map((voice) => voice.language))].join(', ')}.`,
  );
}
