/** The facts behind a decision as pairs of words and values. */
import type { RoomNotice } from '@sophy/contracts/room-messages';

export type Evidence = Extract<RoomNotice, { type: 'decision' }>['evidence'];

export const evidenceTexts = {
  address: 'evidence.address',
  cause: 'evidence.cause',
  humans: 'evidence.humans',
  likeness: 'evidence.likeness',
  matched: 'evidence.matched',
  neededMs: 'evidence.needed',
  probability: 'evidence.probability',
  reason: 'evidence.reason',
  sinceVoiceMs: 'evidence.sinceVoice',
  speechMs: 'evidence.speech',
  waitMs: 'evidence.wait',
  windowMs: 'evidence.window',
  words: 'evidence.words',
} as const;

type EvidenceText = (typeof evidenceTexts)[keyof typeof evidenceTexts] | 'evidence.yes' | 'evidence.no';

export type EvidencePair = { readonly key: string; readonly label: string; readonly value: string };

/** Pairs in the order in which they came; empty words are left out. A name without a text shows with spaces. */
export function evidencePairs(
  evidence: Evidence,
  t: (text: EvidenceText) => string,
  language: string,
): EvidencePair[] {
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
  return Object.entries(evidence)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => {
      const known = Object.entries(evidenceTexts).find(([name]) => name === key)?.[1];
      return { key, label: known ? t(known) : spacedName(key), value: valueInWords(key, value) };
    });

  function valueInWords(key: string, value: string | number | boolean): string {
    if (typeof value === 'boolean') return t(value ? 'evidence.yes' : 'evidence.no');
    if (typeof value === 'string') return value;
    return key.endsWith('Ms') ? `${number.format(Math.round(value))} ms` : number.format(value);
  }
}

/** `lastVoiceMs` → `last voice`. */
function spacedName(key: string): string {
  return key
    .replace(/Ms$/, '')
    .replaceAll(/[-_]/g, ' ')
    .replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .trim();
}
