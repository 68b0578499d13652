/** The state of a call as the page draws it. Immutable: a change makes a new one. */
import type { HearingState, WaitReason } from '@sophy/contracts/room-messages';
import type { JoinProblem } from '../join/join-problem.ts';
import type { MicrophoneProblem } from '../join/microphone-problem.ts';
import { type Captions, type DecisionNotice, noCaptions, type TurnTiming } from './caption-store.ts';
import type { AgentView, PersonView } from './participant-view.ts';

export type EndCause =
  /** The connection broke and could not be mended; the page tries to come back by itself. */
  | { readonly type: 'lost' }
  /** The seat was refused or the service could not give one. */
  | { readonly type: 'refused'; readonly problem: JoinProblem }
  /** The same person came in from another tab or device. */
  | { readonly type: 'elsewhere' }
  /** Somebody removed this person, or closed the room. */
  | { readonly type: 'removed' };

export type Connection =
  | { readonly phase: 'connecting' }
  | { readonly phase: 'connected'; readonly wasInterrupted: boolean }
  | { readonly phase: 'reconnecting' }
  | { readonly phase: 'ended'; readonly cause: EndCause };

export type ListeningWindow = {
  readonly window: 'wake' | 'follow-up';
  readonly speaker: string;
  readonly untilMs: number;
};

/** Somebody whose turn is not taken for over yet, and why. */
export type TurnWait = {
  readonly speaker: string;
  readonly reason: WaitReason;
  readonly untilMs: number;
};

export type RoomSnapshot = {
  readonly connection: Connection;
  readonly people: readonly PersonView[];
  readonly agent: AgentView | null;
  /** There is no agent since all are in calls; one comes when it is free. */
  readonly isQueued: boolean;
  readonly captions: Captions;
  readonly microphone: {
    readonly isOn: boolean;
    /** Whether a microphone is in use in this call, muted or not. */
    readonly isPublished: boolean;
    readonly isChanging: boolean;
    readonly problem: MicrophoneProblem | null;
  };
  /** The browser waits for a tap before it plays sound. */
  readonly isAudioBlocked: boolean;
  /** The person speaks while muted. */
  readonly isSpeakingMuted: boolean;
  readonly windows: readonly ListeningWindow[];
  /** The newest decision; `name` is the person's as it was then, null when it was nobody in the room. */
  readonly decision: (DecisionNotice & { readonly name: string | null }) | null;
  readonly waiting: readonly TurnWait[];
  /** Identities, in the order in which the hands went up. */
  readonly raisedHands: readonly string[];
  /** Identities of those who wait for an answer, in order. */
  readonly queue: readonly string[];
  /** By identity; whoever is not there is not heard just now. */
  readonly hearing: Readonly<Record<string, HearingState>>;
  readonly timing: TurnTiming | null;
  /** Newest engine failure: `name` of the person whose words it was about; `count` tells two alike apart. */
  readonly trouble: {
    readonly stage: 'stt' | 'llm' | 'tts';
    readonly name: string | null;
    readonly count: number;
  } | null;
};

export const initialSnapshot: RoomSnapshot = {
  connection: { phase: 'connecting' },
  people: [],
  agent: null,
  isQueued: false,
  captions: noCaptions,
  microphone: { isOn: false, isPublished: false, isChanging: false, problem: null },
  isAudioBlocked: false,
  isSpeakingMuted: false,
  windows: [],
  decision: null,
  waiting: [],
  raisedHands: [],
  queue: [],
  hearing: {},
  timing: null,
  trouble: null,
};
