/** How words and voice activity make up a turn that is not committed yet. */
import type { SpeakerId, TurnId, UtteranceId } from '@sophy/contracts/ids';
import type { JudgedTurn } from './rules/rule.ts';
import type { Turn } from './turn-event.ts';
import type { Overlap, PendingTurn, Utterance } from './turn-state.ts';

/** More words than anybody says in one turn: what follows is dropped, so that no text grows without end. */
const longestText = 8_000;

export const emptyPendingTurn: PendingTurn = {
  turnId: undefined,
  utterances: [],
  firstVoiceMs: undefined,
  lastVoiceMs: undefined,
  lastWordsMs: 0,
  awaitsTranscript: false,
  isTranscriptAhead: false,
  finalsInStretch: [],
  endProbability: undefined,
  beganAlone: false,
  overlap: undefined,
  prepared: undefined,
};

/** The person begins to speak, again or for the first time. */
export function withSpeech(
  pending: PendingTurn,
  speech: {
    readonly onsetMs: number;
    readonly overlap: Overlap | undefined;
    readonly isAlone: boolean;
  },
): PendingTurn {
  return {
    ...pending,
    firstVoiceMs: pending.firstVoiceMs ?? speech.onsetMs,
    beganAlone: pending.firstVoiceMs === undefined ? speech.isAlone : pending.beganAlone,
    overlap: pending.overlap ?? speech.overlap,
    endProbability: undefined,
    isTranscriptAhead: false,
    finalsInStretch: [],
  };
}

/** The person pauses: final words of this stretch are owed, unless they came already. */
export function withPause(
  pending: PendingTurn,
  pause: { readonly lastVoiceMs: number; readonly utteranceId?: UtteranceId | undefined },
): PendingTurn {
  const isThere =
    pause.utteranceId === undefined
      ? pending.isTranscriptAhead
      : pending.finalsInStretch.includes(pause.utteranceId);
  return {
    ...pending,
    lastVoiceMs: pause.lastVoiceMs,
    awaitsTranscript: !isThere,
    isTranscriptAhead: false,
    finalsInStretch: [],
  };
}

/** Interim words: the utterance is open again until its final words come. */
export function withInterimWords(
  pending: PendingTurn,
  words: {
    readonly utteranceId: UtteranceId;
    readonly text: string;
    readonly language?: string | undefined;
    readonly atMs: number;
  },
): PendingTurn {
  const known = pending.utterances.find((utterance) => utterance.utteranceId === words.utteranceId);
  return {
    ...pending,
    lastWordsMs: words.atMs,
    isTranscriptAhead: false,
    utterances: replaceUtterance(pending.utterances, {
      utteranceId: words.utteranceId,
      text: words.text,
      isFinal: false,
      language: words.language ?? known?.language,
    }),
  };
}

/**
 * Final words. While the person is silent they answer for the speech that ended. While the person speaks they answer
 * for the stretch before, or, where nothing was owed, for the present one.
 */
export function withFinalWords(
  pending: PendingTurn,
  words: {
    readonly utteranceId: UtteranceId;
    readonly text: string;
    readonly language: string | undefined;
    readonly atMs: number;
    readonly isSpeaking: boolean;
  },
): PendingTurn {
  return {
    ...settleTranscript(pending, words.isSpeaking),
    lastWordsMs: words.atMs,
    finalsInStretch: [...pending.finalsInStretch, words.utteranceId],
    utterances: replaceUtterance(pending.utterances, {
      utteranceId: words.utteranceId,
      text: words.text,
      isFinal: true,
      language: words.language,
    }),
  };
}

/** Recognition gave up on an utterance: nothing of it counts. */
export function withoutUtterance(
  pending: PendingTurn,
  failed: { readonly utteranceId: UtteranceId; readonly isSpeaking: boolean },
): PendingTurn {
  return {
    ...settleTranscript(pending, failed.isSpeaking),
    utterances: pending.utterances.filter((utterance) => utterance.utteranceId !== failed.utteranceId),
  };
}

/** Whether words of this turn are still to come. */
export function isWaitingForWords(pending: PendingTurn): boolean {
  return pending.awaitsTranscript || pending.utterances.some((utterance) => !utterance.isFinal);
}

/** Whether words are there that recognition does not stand by yet. */
export function hasInterimWords(pending: PendingTurn): boolean {
  return pending.utterances.some((utterance) => !utterance.isFinal && utterance.text.trim() !== '');
}

/** The words so far, one blank between utterances. */
export function pendingText(pending: PendingTurn): string {
  return pending.utterances
    .map((utterance) => utterance.text.trim())
    .filter((text) => text !== '')
    .join(' ')
    .slice(0, longestText);
}

/** What the rules judge of it. */
export function pendingWords(
  speaker: SpeakerId,
  pending: PendingTurn,
): Omit<JudgedTurn, 'address' | 'addressee'> {
  const { firstVoiceMs, lastVoiceMs, overlap, beganAlone } = pending;
  const isHeard = firstVoiceMs !== undefined && lastVoiceMs !== undefined;
  return {
    speaker,
    text: pendingText(pending),
    span: isHeard ? { fromMs: firstVoiceMs, toMs: lastVoiceMs } : undefined,
    overlap,
    beganAlone,
  };
}

/** It as a turn, as far as it has come. */
export function pendingAsTurn(speaker: SpeakerId, name: string, pending: PendingTurn, turnId: TurnId): Turn {
  return {
    turnId,
    speaker,
    name,
    text: pendingText(pending),
    language: pendingLanguage(pending),
    source: 'voice',
    endedAtMs: endedAtMs(pending),
  };
}

/** Room clock at which the words ended, as far as is known. */
export function endedAtMs(pending: PendingTurn): number {
  return pending.lastVoiceMs ?? pending.lastWordsMs;
}

/** Language of the latest words that have one. */
export function pendingLanguage(pending: PendingTurn): string | undefined {
  return pending.utterances.findLast(
    (utterance) => utterance.text.trim() !== '' && utterance.language !== undefined,
  )?.language;
}

function settleTranscript(pending: PendingTurn, isSpeaking: boolean): PendingTurn {
  return {
    ...pending,
    awaitsTranscript: false,
    isTranscriptAhead: isSpeaking && !pending.awaitsTranscript,
  };
}

function replaceUtterance(utterances: readonly Utterance[], next: Utterance): readonly Utterance[] {
  const index = utterances.findIndex((utterance) => utterance.utteranceId === next.utteranceId);
  return index === -1 ? [...utterances, next] : utterances.with(index, next);
}
