/** What the agent says or shows of its own accord, in each language that it speaks. */
import type { SpokenLanguage } from './spoken-language.ts';

const phrases = {
  /** Said when the language model fails. */
  apology: {
    en: ['Sorry, I cannot think of an answer right now. Please try again in a moment.'],
    it: ['Scusa, in questo momento non riesco a rispondere. Riprova tra un attimo.'],
  },
  /** Written when speech recognition fails. */
  recognitionApology: {
    en: ['Sorry, I could not make that out: speech recognition failed. Please say it again.'],
    it: ['Scusa, non ho capito: il riconoscimento vocale non ha funzionato. Puoi ripetere?'],
  },
  /** Said while an answer takes longer than people wait in silence. */
  filler: {
    en: ['One moment.', 'Let me think.', 'Just a second.', 'Let me see.'],
    it: ['Un attimo.', 'Ci penso un momento.', 'Solo un secondo.', 'Vediamo.'],
  },
  /** Said when a call has spent what it may cost. */
  budgetSpent: {
    en: [
      'I have to stop here: the budget of this call is used up. Thank you for the conversation, and goodbye.',
    ],
    it: ['Devo fermarmi qui: il budget di questa chiamata è finito. Grazie della conversazione, e a presto.'],
  },
  /** Said to go on where an agent before was cut off. */
  goOn: { en: ['Sorry, go on.'], it: ['Scusa, va’ avanti.'] },
} as const satisfies Record<string, Record<SpokenLanguage, readonly [string, ...string[]]>>;

type PhraseName = keyof typeof phrases;

/**
 * The words of a phrase. `index` picks the variant, so that a phrase said often does not always sound the same; it may
 * be any whole number, as of `phraseIndex`.
 */
export function phrase(name: PhraseName, language: SpokenLanguage, index = 0): string {
  const variants: readonly [string, ...string[]] = phrases[name][language];
  return variants[Math.abs(Math.trunc(index)) % variants.length] ?? variants[0];
}

/** All variants of a phrase: what to synthesise ahead of time. */
export function phraseVariants(name: PhraseName, language: SpokenLanguage): readonly string[] {
  return phrases[name][language];
}

/** A whole number that turns of different ids mostly do not share, and the same for the same id (FNV-1a, 32 bits). */
export function phraseIndex(turnId: string): number {
  let hash = 0x811c9dc5;
  for (const character of turnId) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}
