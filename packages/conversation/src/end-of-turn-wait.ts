/** How long silence must last before a turn is over, from its words and from how its voice ended. */
import { type EndOfTurnWords, readEndOfTurnWords } from './end-of-turn-words.ts';
import type { PolicySettings } from './policy-settings.ts';

export type EndOfTurnEvidence = {
  /** The words so far; '' when none came yet. */
  readonly text: string;
  /** Of the audio model that the turn is over, from all its answers in this pause (`endOfTurnProbability`), 0..1; undefined: not known (yet, or no model). */
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

/** Pieces that are read out come in a rhythm: the pauses between them are shorter than those of somebody who thinks. */
const dictationShare = 0.85;

type WaitBounds = Pick<PolicySettings, 'endpointingMinMs' | 'endpointingMaxMs'>;

/** Between the two the wait shrinks evenly. */
export type VoiceThresholds = {
  /** Up to this probability a voice does not sound like an end at all. */
  readonly unlikelyUpTo: number;
  /** From this probability it does. */
  readonly likelyFrom: number;
};

/**
 * For words that could be the end. The makers of the model call an end unlikely under 0.36 in English and 0.23 in
 * Italian; the tuning half of `npm run bench:end-of-turn` cuts no more turns than with stricter ones
 * (docs/end-of-turn.md).
 */
const usualThresholds: VoiceThresholds = { unlikelyUpTo: 0.3, likelyFrom: 0.6 };
/** A whole question wants its answer: only a voice that clearly goes on holds it up. */
const questionThresholds: VoiceThresholds = { unlikelyUpTo: 0.2, likelyFrom: 0.45 };

/** The silence that ends a turn, between the two settings. */
export function endOfTurnWait(evidence: EndOfTurnEvidence, settings: WaitBounds): EndOfTurnWait {
  return waitAfter(readEndOfTurnWords(evidence.text), evidence.probability, settings);
}

/** The same for words that are read already; `thresholds` stand in for all that the product uses. */
export function waitAfter(
  words: EndOfTurnWords,
  probability: number | undefined,
  settings: WaitBounds,
  thresholds?: VoiceThresholds,
): EndOfTurnWait {
  const { share, reason } = shareOfRange(words, probability, thresholds);
  const { endpointingMinMs: min, endpointingMaxMs: max } = settings;
  return { waitMs: Math.round(min + share * Math.max(0, max - min)), reason };
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
  thresholds: VoiceThresholds | undefined,
): { readonly share: number; readonly reason: EndOfTurnWait['reason'] } {
  switch (words) {
    case 'unfinished-sentence':
    case 'hesitation':
      return { share: 1, reason: words };
    case 'dictation':
      return { share: dictationShare, reason: words };
    case 'none':
      return { share: 0, reason: 'uncertain' };
    case 'question':
      return complete(words, probability, thresholds ?? questionThresholds);
    case 'complete':
      return complete(words, probability, thresholds ?? usualThresholds);
    default:
      return words satisfies never;
  }
}

/** Words that could be the end: the voice decides, where it is known. */
function complete(
  words: 'complete' | 'question',
  probability: number | undefined,
  thresholds: VoiceThresholds,
): { readonly share: number; readonly reason: EndOfTurnWait['reason'] } {
  const { unlikelyUpTo, likelyFrom } = thresholds;
  if (probability === undefined || probability >= likelyFrom) return { share: 0, reason: words };
  const share = Math.min(1, (likelyFrom - probability) / (likelyFrom - unlikelyUpTo));
  return { share, reason: share > 0.5 ? 'uncertain' : words };
}
