/** Shape of a rule that judges a turn when it commits. */

import type { SpeakerId } from '@sophy/contracts/ids';
import type { AddressMatch } from '../addressing.ts';
import type { Evidence } from '../turn-command.ts';
import type { TurnState } from '../turn-state.ts';

/** The words under judgement, spoken or typed, and what is known about their author. */
export type JudgedTurn = {
  readonly speaker: SpeakerId;
  readonly text: string;
  readonly address: AddressMatch;
};

/** The room as rules see it. */
export type RuleRoom = Pick<TurnState, 'settings' | 'isDraining' | 'speakers' | 'followUp' | 'reply'>;

/** A rule that decides names itself; `wake` is silent and opens a wake window for the speaker. */
export type RuleVerdict = {
  readonly rule: string;
  readonly action: 'answer' | 'silent';
  readonly evidence: Evidence;
};

/** The verdict of a rule that decides, undefined to pass the turn on to the next rule. */
export type TurnRule = (turn: JudgedTurn, room: RuleRoom) => RuleVerdict | undefined;
