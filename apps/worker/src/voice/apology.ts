/** What the agent says when an engine fails in the middle of a turn. */
import type { SpokenLanguage } from './spoken-language.ts';

const apologies = {
  en: 'Sorry, I cannot think of an answer right now. Please try again in a moment.',
  it: 'Scusa, in questo momento non riesco a rispondere. Riprova tra un attimo.',
} as const;

const notUnderstood = {
  en: 'Sorry, I could not make that out: speech recognition failed. Please say it again.',
  it: 'Scusa, non ho capito: il riconoscimento vocale non ha funzionato. Puoi ripetere?',
} as const;

/** Said when the language model fails. */
export function apology(language: SpokenLanguage): string {
  return apologies[language];
}

/** Written when speech recognition fails. */
export function recognitionApology(language: SpokenLanguage): string {
  return notUnderstood[language];
}
