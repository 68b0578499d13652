/** Shape of a rule that judges a turn when it commits. */

import type { SpeakerId } from '@sophy/contracts/ids';
import type { AddressMatch } from '../addressing.ts';
import type { Evidence } from '../turn-command.ts';
import type { Overlap, TurnState } from '../turn-state.ts';

/** The words under judgement, spoken or typed, and what is known about their author. */
export type JudgedTurn = {
  readonly speaker: SpeakerId;
  readonly text: string;
  readonly address: AddressMatch;
  /** Name of another person that the words are put to. */
  readonly addressee: string | undefined;
  /** Room clock of its first and last voiced sample, where it was spoken. */
  readonly span: { readonly fromMs: number; readonly toMs: number } | undefined;
  readonly overlap: Overlap | undefined;
  /** Nobody else was in the room when it began. */
  readonly beganAlone: boolean;
};

/** The room as rules see it. */
export type RuleRoom = Pick<
  TurnState,
  'settings' | 'isDraining' | 'speakers' | 'followUp' | 'reply' | 'spoken' | 'recentTurns'
>;

/**
 * A rule that decides names itself; `wake` is silent and opens a wake window for the speaker. `ignore`: these are not
 * the words of a person, nothing is recorded.
 */
export type RuleVerdict = {
  readonly rule: string;
  readonly action: 'answer' | 'silent' | 'ignore';
  readonly evidence: Evidence;
};

/** The verdict of a rule that decides, undefined to pass the turn on to the next rule. */
export type TurnRule = (turn: JudgedTurn, room: RuleRoom) => RuleVerdict | undefined;
