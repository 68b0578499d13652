/** The facts behind a decision as pairs of words and values. */
import type { RoomNotice } from '@sophy/contracts/room-messages';

type Evidence = Extract<RoomNotice, { type: 'decision' }>['evidence'];

const evidenceTexts = {
  address: 'evidence.address',
  allowed: 'evidence.allowed',
  by: 'evidence.by',
  cause: 'evidence.cause',
  confirming: 'evidence.confirming',
  during: 'evidence.during',
  endProbability: 'evidence.endProbability',
  ending: 'evidence.ending',
  humans: 'evidence.humans',
  length: 'evidence.length',
  likeness: 'evidence.likeness',
  matched: 'evidence.matched',
  sinceOnsetMs: 'evidence.sinceOnset',
  sinceVoiceMs: 'evidence.sinceVoice',
  speechMs: 'evidence.speech',
  to: 'evidence.to',
  waitMs: 'evidence.wait',
  waitedMs: 'evidence.waited',
  windowMs: 'evidence.window',
  wordLikeness: 'evidence.wordLikeness',
  words: 'evidence.words',
} as const;

type EvidenceText = (typeof evidenceTexts)[keyof typeof evidenceTexts] | 'evidence.yes' | 'evidence.no';

type EvidencePair = { readonly key: string; readonly label: string; readonly value: string };

/**
 * Pairs in the order in which they came. Empty words are left out, and so are moments (`…UntilMs`), which are on a clock
 * that nobody else reads. A name without a text shows with spaces.
 */
export function evidencePairs(
  evidence: Evidence,
  t: (text: EvidenceText) => string,
  language: string,
): EvidencePair[] {
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
  return Object.entries(evidence)
    .filter(([key, value]) => value !== '' && !key.endsWith('UntilMs'))
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
