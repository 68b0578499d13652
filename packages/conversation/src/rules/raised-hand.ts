/** Somebody raised a hand: the next thing they say is for the agent. */
import type { TurnRule } from './rule.ts';

export const raisedHand: TurnRule = ({ speaker }, { speakers }) =>
  speakers.get(speaker)?.isHandRaised ? { rule: 'raised-hand', action: 'answer', evidence: {} } : undefined;
