/** The same words at the same time from another microphone: one person near two devices is one turn. */
import { spokenLikeness } from '../spoken-likeness.ts';
import type { RecentTurn } from '../turn-state.ts';
import type { TurnRule } from './rule.ts';

/** Part of the words that must be the same. */
const sameWordsFrom = 0.75;
/** Part of the shorter speech that must lie within the longer. */
const sameTimeFrom = 0.5;

export const heardTwice: TurnRule = ({ speaker, text, span }, { recentTurns }) => {
  if (span === undefined) return undefined;
  const twin = recentTurns.find(
    (turn) =>
      turn.speaker !== speaker &&
      sharedTime(turn, span) >= sameTimeFrom &&
      spokenLikeness(text, turn.text) >= sameWordsFrom,
  );
  return twin && { rule: 'heard-twice', action: 'ignore', evidence: { by: twin.speaker } };
};

function sharedTime(turn: RecentTurn, span: { readonly fromMs: number; readonly toMs: number }): number {
  const sharedMs = Math.min(turn.toMs, span.toMs) - Math.max(turn.fromMs, span.fromMs);
  const shorterMs = Math.min(turn.toMs - turn.fromMs, span.toMs - span.fromMs);
  return shorterMs <= 0 ? 0 : sharedMs / shorterMs;
}
