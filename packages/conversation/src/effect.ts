/** One call of a tool that changes something in the world, from the model's wish to what came of it. */
import type { EffectState } from '@sophy/contracts/effect-state';
import type { ReplyId, SpeakerId, TurnId } from '@sophy/contracts/ids';

/**
 * What must happen before an effect may be armed: `started`: its reply is committed; `confirmed`: the speaker says yes
 * in the next turn, after the question was heard; `heard`: its reply (the announcement) was heard to its end.
 */
export type EffectGate = 'started' | 'confirmed' | 'heard';

export type Effect = {
  readonly effectId: string;
  /** The same for the same wish of the same turn, so that a receiver can tell a second request from a second wish. */
  readonly idempotencyKey: string;
  /** Epoch of the agent whose model asked for it. */
  readonly epoch: number;
  readonly turnId: TurnId;
  readonly replyId: ReplyId;
  readonly speaker: SpeakerId;
  readonly tool: string;
  readonly argumentsJson: string;
  readonly gate: EffectGate;
  /** The receiver does it once however often it is asked with the same key. */
  readonly isRepeatable: boolean;
  readonly state: EffectState;
  /** What the receiver answered, or why it was not done. */
  readonly result: string | undefined;
  /** How often this agent has run it. */
  readonly attempts: number;
  /** When the question for confirmation had been heard; undefined before. */
  readonly askedAtMs: number | undefined;
  /** Turn that said yes; it counts once that turn is answered. */
  readonly confirmedBy: TurnId | undefined;
  /** Latest reply whose model was told what came of it. */
  readonly toldIn: ReplyId | undefined;
};

export type EffectProposal = Pick<
  Effect,
  | 'effectId'
  | 'idempotencyKey'
  | 'epoch'
  | 'turnId'
  | 'replyId'
  | 'speaker'
  | 'tool'
  | 'argumentsJson'
  | 'gate'
  | 'isRepeatable'
>;

/** Whether nothing more will happen to it by itself: the model can be told what came of it. */
export function isSettled({ state }: Pick<Effect, 'state'>): boolean {
  return state !== 'proposed' && state !== 'armed' && state !== 'executing';
}
