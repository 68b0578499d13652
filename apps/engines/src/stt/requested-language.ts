/** The language that a request asks to be recognized in, checked before it reaches native code. */
import { EngineError } from '../engine-error.ts';
import { whisperLanguage } from './whisper-languages.ts';

/**
 * @param asked A code such as `it-IT`; none, empty or `auto`: the model detects it.
 * @param known Codes of the model; empty: every language of multilingual Whisper.
 * @returns A code that the model takes. Throws `EngineError` unsupported_language: an unknown one ends the process.
 */
export function requestedLanguage(
  asked: string | undefined,
  model: { readonly title: string; readonly languages: readonly string[] },
): string | undefined {
  if (asked === undefined || asked === '' || asked === 'auto') return undefined;
  const code = whisperLanguage(asked);
  if (code === undefined) {
    throw new EngineError(
      'unsupported_language',
      `Language "${asked}" is unknown. Send a code such as en or it, or none to have it detected.`,
    );
  }
  if (model.languages.length === 0 || model.languages.includes(code)) return code;
  throw new EngineError(
    'unsupported_language',
    `${model.title} does not know language "${asked}", only ${model.languages.join(', ')}. Choose another model with the field "model".`,
  );
}
