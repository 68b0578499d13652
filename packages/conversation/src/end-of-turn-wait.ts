/** How long silence must last before a turn is over, from its words and from how its voice ended. */
import { type EndOfTurnWords, readEndOfTurnWords } from './end-of-turn-words.ts';
import type { PolicySettings } from './policy-settings.ts';

export type EndOfTurnEvidence = {
  /** The words so far; '' when none came yet. */
  readonly text: string;
  /** Of the audio model that the turn is over, 0..1; undefined: not known yet, or no model. */
  readonly probability: number | undefined;
};

export type EndOfTurnWait = {
  /** Silence since the last voice after which the turn is over, ms. */
  readonly waitMs: number;
  readonly reason:
    | 'complete'
    | 'question'
    | 'unfinished-sentence'
    | 'dictation'
    | 'hesitation'
    /** The voice did not sound like an end, or nothing is known. */
    | 'uncertain';
};

type WaitBounds = Pick<PolicySettings, 'endpointingMinMs' | 'endpointingMaxMs'>;

/** Below this probability the voice does not sound like an end, whatever the words. */
const soundsOverFrom = 0.5;

/** The silence that ends a turn, between the two settings. */
export function endOfTurnWait(evidence: EndOfTurnEvidence, settings: WaitBounds): EndOfTurnWait {
  const words = readEndOfTurnWords(evidence.text);
  const { share, reason } = shareOfRange(words, evidence.probability);
  const { endpointingMinMs: min, endpointingMaxMs: max } = settings;
  return { waitMs: Math.round(min + share * Math.max(0, max - min)), reason };
}

/** The silence that ends these words alone, ms. */
export function endOfTurnWaitMs(text: string, settings: WaitBounds): number {
  return endOfTurnWait({ text, probability: undefined }, settings).waitMs;
}

/** Whether a listener who only reads would wait for more. */
export function soundsUnfinished(text: string): boolean {
  const words = readEndOfTurnWords(text);
  return words === 'unfinished-sentence' || words === 'dictation' || words === 'hesitation';
}

/** Where in the range from the shortest (0) to the longest wait (1). */
function shareOfRange(
  words: EndOfTurnWords,
  probability: number | undefined,
): { readonly share: number; readonly reason: EndOfTurnWait['reason'] } {
  switch (words) {
    case 'unfinished-sentence':
    case 'dictation':
    case 'hesitation':
      return { share: 1, reason: words };
    case 'none':
      return { share: 0, reason: 'uncertain' };
    case 'question':
    case 'complete':
      if (probability === undefined || probability >= soundsOverFrom) return { share: 0, reason: words };
      return { share: 1 - probability / soundsOverFrom, reason: 'uncertain' };
    default:
      return words satisfies never;
  }
}
