/** Replies that are made in silence while a turn is likely, not certainly, over. */
import type { SpeakerId } from '@sophy/contracts/ids';
import { endOfTurnWait, soundsUnfinished } from './end-of-turn-wait.ts';
import { foldWords } from './fold-words.ts';
import {
  endedAtMs,
  hasInterimWords,
  isWaitingForWords,
  pendingAsTurn,
  pendingText,
  pendingWords,
} from './pending-turn.ts';
import { judgeTurn } from './rules/judge-turn.ts';
import { setTimer, type TurnDraft, takeReplyId, takeTurnId, timerId, updateSpeaker } from './turn-draft.ts';
import type { PendingTurn } from './turn-state.ts';

/** Silence before words that are not final are worth a reply, ms: most pauses inside a sentence are shorter. */
const interimPauseMs = 120;
/** How long before the end of a long wait the reply is begun, ms: about what a first sound takes. */
const unfinishedLeadMs = 600;

/** Brings the prepared reply of a speaker's pending turn in line with the words that are there. */
export function prepare(draft: TurnDraft, speaker: SpeakerId, atMs: number): void {
  const known = draft.speakers.get(speaker);
  const pending = known?.pending;
  if (known === undefined || pending === undefined) return;
  const text = pendingText(pending);
  if (pending.prepared !== undefined && sameWords(pending.prepared.turn.text, text)) return;
  discardPrepared(draft, speaker);
  if (!isWorthPreparing(draft, speaker)) return;
  const fromMs = worthFromMs(draft, pending);
  if (atMs < fromMs) {
    setTimer(draft, 'prepare', speaker, fromMs);
    return;
  }
  const turn = pendingAsTurn(speaker, known.name, pending, pending.turnId ?? takeTurnId(draft));
  const replyId = takeReplyId(draft);
  updateSpeaker(draft, speaker, {
    pending: { ...pending, turnId: turn.turnId, prepared: { replyId, turn } },
  });
  draft.commands.push({ type: 'prepare-reply', replyId, turn });
}

/** Throws a prepared reply away: its words changed, or will not be answered. */
export function discardPrepared(draft: TurnDraft, speaker: SpeakerId): void {
  const pending = draft.speakers.get(speaker)?.pending;
  if (pending?.prepared === undefined) return;
  draft.commands.push({ type: 'discard-reply', replyId: pending.prepared.replyId });
  updateSpeaker(draft, speaker, { pending: { ...pending, prepared: undefined } });
}

/** Prepares again for everybody whose turn only waits for silence: the room has changed. */
export function prepareAgain(draft: TurnDraft, atMs: number): void {
  for (const speaker of draft.speakers.keys()) {
    discardPrepared(draft, speaker);
    if (draft.timers.has(timerId('end-of-turn', speaker))) prepare(draft, speaker, atMs);
  }
}

/** Whether two texts ask the same; recognition spells its final words a little differently from the ones before. */
export function sameWords(a: string, b: string): boolean {
  if (a === b) return true;
  const fold = (text: string) =>
    foldWords(text)
      .map((word) => word.text)
      .join(' ');
  return fold(a) === fold(b);
}

/** From when on a reply is likely enough to be wanted. */
function worthFromMs(draft: TurnDraft, pending: PendingTurn): number {
  if (isWaitingForWords(pending)) return endedAtMs(pending) + interimPauseMs;
  const text = pendingText(pending);
  if (!soundsUnfinished(text)) return 0;
  const { waitMs } = endOfTurnWait({ text, probability: pending.endProbability }, draft.settings);
  return endedAtMs(pending) + waitMs - unfinishedLeadMs;
}

function isWorthPreparing(draft: TurnDraft, speaker: SpeakerId): boolean {
  const pending = draft.speakers.get(speaker)?.pending;
  if (pending === undefined || !draft.settings.prepareReplies || draft.reply !== undefined) return false;
  if (isWaitingForWords(pending)) {
    const isPause = hasInterimWords(pending) && pending.lastVoiceMs !== undefined;
    if (!isPause || soundsUnfinished(pendingText(pending))) return false;
  }
  return judgeTurn(pendingWords(speaker, pending), draft).action === 'answer';
}
