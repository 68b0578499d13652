/** The button "answer now": somebody wants an answer, addressed or not. */
import type { SpeakerId } from '@sophy/contracts/ids';
import { commitPendingTurn } from './commit-turn.ts';
import { pendingText } from './pending-turn.ts';
import { raiseHand } from './raise-hand.ts';
import { answer } from './reply-queue.ts';
import type { TurnDraft } from './turn-draft.ts';

/** What was said longer ago is not what anybody means by "now", ms. */
const meantMs = 60_000;

/**
 * Answers what the person is saying, else what was said last and left unanswered by anybody. Where there is neither,
 * their next turn is answered.
 */
export function answerNow(draft: TurnDraft, speaker: SpeakerId, atMs: number): void {
  const known = draft.speakers.get(speaker);
  if (known === undefined || draft.isDraining) return;
  const verdict = { rule: 'answer-now', action: 'answer', evidence: { by: speaker } } as const;
  const isSpeaking = known.speakingSinceMs !== undefined;
  if (!isSpeaking && known.pending !== undefined && pendingText(known.pending) !== '') {
    commitPendingTurn(draft, speaker, atMs, verdict);
    return;
  }
  const turn = draft.unanswered;
  if (isSpeaking || turn === undefined || atMs - turn.endedAtMs > meantMs) {
    raiseHand(draft, speaker, true);
    return;
  }
  draft.unanswered = undefined;
  draft.commands.push({ type: 'publish-decision', turnId: turn.turnId, speaker: turn.speaker, ...verdict });
  answer(draft, { turn, rule: verdict.rule, prepared: undefined }, atMs);
}
