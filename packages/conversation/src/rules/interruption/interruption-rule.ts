/** Shape of a rule that judges speech over a reply. */
import type { Evidence } from '../../turn-command.ts';

/** What is known about the speech, and about the reply it sounds over, at one moment. Times in ms. */
export type InterruptionFacts = {
  /** Length of the speech so far, short pauses included. */
  readonly speechMs: number;
  readonly isSpeaking: boolean;
  /** Silence since its last voiced sample; 0 while it sounds. */
  readonly silenceMs: number;
  /** Its words as far as known, interim or final; empty where there are none yet. */
  readonly words: string;
  /** No more words are owed for what was said. */
  readonly areWordsFinal: boolean;
  /** How much it sounds like the agent's own voice, 0 to 1; undefined: not known. */
  readonly likeness: number | undefined;
  /** What the agent said last, the piece that sounds now included. */
  readonly spokenText: string;
  /** The reply has begun to sound. */
  readonly isAudible: boolean;
  /** The speaker is the one who is answered. */
  readonly isAddressee: boolean;
  /** The agent had just asked something when the speech began. */
  readonly afterQuestion: boolean;
  /** Half a second is over: speech that has ended, or only nods, holds the voice no longer. */
  readonly isOverdue: boolean;
  /** It began `barge_in_min_speech_ms` ago: speech that still goes on is meant, whatever its words. */
  readonly isLasting: boolean;
  /** Sound alone holds the voice on this microphone; on a noisy one only words count. */
  readonly isTrusted: boolean;
  /** Names of the other people in the room. */
  readonly otherNames: readonly string[];
  readonly extraBackChannels: readonly string[];
  /** Silence that ends a complete turn. */
  readonly endpointingMinMs: number;
};

/** `wait` ends the judging for now: a later event or timer brings it up again. */
export type InterruptionVerdict =
  | { readonly action: 'stop' | 'resume'; readonly rule: string; readonly evidence?: Evidence }
  | { readonly action: 'wait' };

/** The verdict of a rule that decides, undefined to pass on to the next rule. */
export type InterruptionRule = (facts: InterruptionFacts) => InterruptionVerdict | undefined;
