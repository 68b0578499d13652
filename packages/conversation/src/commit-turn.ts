/** From words to a committed turn: waiting, preparing, judging, answering. */
import type { ReplyId, SpeakerId } from '@sophy/contracts/ids';
import { endOfTurnWaitMs } from './end-of-turn-wait.ts';
import { endedAtMs, isWaitingForWords, pendingLanguage, pendingText } from './pending-turn.ts';
import { forgetOnsets, judgeSpeechUnderWay } from './rules/barge-in.ts';
import { judgeTurn } from './rules/judge-turn.ts';
import type { RuleVerdict } from './rules/rule.ts';
import {
  clearTimer,
  publishState,
  setTimer,
  type TurnDraft,
  takeReplyId,
  takeTurnId,
  timerId,
  updateSpeaker,
} from './turn-draft.ts';
import type { Turn } from './turn-event.ts';
import type { PendingTurn, SpeakerState } from './turn-state.ts';
import { closeFollowUp, closeOverdueWindows, closeWakeWindow, openWakeWindow } from './windows.ts';

/**
 * How long words that are there wait for words that are owed, ms. Recognition reports on every stretch of speech, if
 * only to give up, so this ends only a wait that would never end.
 */
export const transcriptPatienceMs = 8_000;

/** Brings timers, preparation and commit of a speaker's pending turn in line with what is known now. */
export function settlePendingTurn(draft: TurnDraft, speaker: SpeakerId, atMs: number): void {
  const known = draft.speakers.get(speaker);
  const pending = known?.pending;
  if (known === undefined || pending === undefined || known.speakingSinceMs !== undefined) return;
  const text = pendingText(pending);
  if (isWaitingForWords(pending)) {
    discardPrepared(draft, speaker);
    clearTimer(draft, 'end-of-turn', speaker);
    if (text !== '') setTimer(draft, 'transcript-wait', speaker, atMs + transcriptPatienceMs);
    return;
  }
  if (text === '') {
    dropPendingTurn(draft, speaker);
    return;
  }
  clearTimer(draft, 'transcript-wait', speaker);
  const dueMs = endedAtMs(pending) + endOfTurnWaitMs(text, draft.settings);
  if (atMs >= dueMs) {
    commitPendingTurn(draft, speaker, atMs);
    return;
  }
  setTimer(draft, 'end-of-turn', speaker, dueMs);
  prepare(draft, speaker);
}

/** Ends a pending turn of which nothing counts; the lane begins a new utterance. */
function dropPendingTurn(draft: TurnDraft, speaker: SpeakerId): void {
  if (draft.speakers.get(speaker)?.pending === undefined) return;
  stopWaiting(draft, speaker);
  discardPrepared(draft, speaker);
  updateSpeaker(draft, speaker, { pending: undefined });
  draft.commands.push({ type: 'close-utterance', speaker });
  closeOverdueWindows(draft, speaker);
}

/** Stops the clocks of a pending turn: the person speaks, or the turn is over. */
export function stopWaiting(draft: TurnDraft, speaker: SpeakerId): void {
  clearTimer(draft, 'end-of-turn', speaker);
  clearTimer(draft, 'transcript-wait', speaker);
}

/** Commits what the speaker has said so far. */
export function commitPendingTurn(draft: TurnDraft, speaker: SpeakerId, atMs: number): void {
  const known = draft.speakers.get(speaker);
  const pending = known?.pending;
  if (known === undefined || pending === undefined) return;
  const turn = pendingAsTurn(draft, speaker, known, pending);
  const verdict = judgeTurn(turn, draft);
  const prepared = pending.prepared?.turn.text === turn.text ? pending.prepared.replyId : undefined;
  if (verdict.action !== 'answer' || prepared === undefined) discardPrepared(draft, speaker);
  stopWaiting(draft, speaker);
  updateSpeaker(draft, speaker, {
    pending: undefined,
    closedUtterances: pending.utterances.map((utterance) => utterance.utteranceId),
  });
  carryOut(draft, turn, {
    verdict: {
      ...verdict,
      evidence: {
        ...verdict.evidence,
        waitMs: endOfTurnWaitMs(turn.text, draft.settings),
        sinceVoiceMs: atMs - turn.endedAtMs,
      },
    },
    prepared,
    atMs,
  });
}

/** Commits a typed message at once. */
export function commitTypedTurn(
  draft: TurnDraft,
  message: { readonly speaker: SpeakerId; readonly text: string; readonly atMs: number },
): void {
  const known = draft.speakers.get(message.speaker);
  const text = message.text.trim();
  if (known === undefined || text === '') return;
  const turn: Turn = {
    turnId: takeTurnId(draft),
    speaker: message.speaker,
    name: known.name,
    text,
    language: undefined,
    source: 'typed',
    endedAtMs: message.atMs,
  };
  carryOut(draft, turn, { verdict: judgeTurn(turn, draft), prepared: undefined, atMs: message.atMs });
}

/** Throws a prepared reply away: its words changed, or will not be answered. */
export function discardPrepared(draft: TurnDraft, speaker: SpeakerId): void {
  const pending = draft.speakers.get(speaker)?.pending;
  if (pending?.prepared === undefined) return;
  draft.commands.push({ type: 'discard-reply', replyId: pending.prepared.replyId });
  updateSpeaker(draft, speaker, { pending: { ...pending, prepared: undefined } });
}

/** Prepares again for everybody whose turn only waits for silence: the room has changed. */
export function prepareAgain(draft: TurnDraft): void {
  for (const speaker of draft.speakers.keys()) {
    discardPrepared(draft, speaker);
    if (draft.timers.has(timerId('end-of-turn', speaker))) prepare(draft, speaker);
  }
}

function carryOut(
  draft: TurnDraft,
  turn: Turn,
  decided: { readonly verdict: RuleVerdict; readonly prepared: ReplyId | undefined; readonly atMs: number },
): void {
  const { verdict, atMs } = decided;
  const isAnswered = verdict.action === 'answer';
  draft.commands.push({ type: 'record-turn', turn });
  if (turn.source === 'voice') draft.commands.push({ type: 'close-utterance', speaker: turn.speaker });
  draft.commands.push({ type: 'publish-decision', turnId: turn.turnId, speaker: turn.speaker, ...verdict });
  if (isAnswered || draft.followUp?.speaker !== turn.speaker) closeFollowUp(draft);
  if (isAnswered) closeWakeWindow(draft, turn.speaker);
  closeOverdueWindows(draft, turn.speaker);
  if (verdict.rule === 'wake') openWakeWindow(draft, turn.speaker, atMs);
  if (isAnswered) startReply(draft, turn, { replyId: decided.prepared, rule: verdict.rule, atMs });
  prepareAgain(draft);
}

/** The newest answered turn wins: a reply under way stops for it. */
function startReply(
  draft: TurnDraft,
  turn: Turn,
  order: { readonly replyId: ReplyId | undefined; readonly rule: string; readonly atMs: number },
): void {
  if (draft.reply !== undefined && draft.reply.stoppedBy === undefined) {
    draft.commands.push({ type: 'stop-reply', replyId: draft.reply.replyId });
  }
  forgetOnsets(draft);
  const replyId = order.replyId ?? takeReplyId(draft);
  draft.reply = { replyId, turn, rule: order.rule, isDucked: false, stoppedBy: undefined };
  draft.commands.push({ type: 'start-reply', replyId, turn });
  publishState(draft, 'thinking', order.rule);
  judgeSpeechUnderWay(draft, order.atMs);
}

function prepare(draft: TurnDraft, speaker: SpeakerId): void {
  const known = draft.speakers.get(speaker);
  const pending = known?.pending;
  if (known === undefined || pending === undefined) return;
  const text = pendingText(pending);
  const isWanted = draft.reply === undefined && judgeTurn({ speaker, text }, draft).action === 'answer';
  if (isWanted && pending.prepared?.turn.text === text) return;
  discardPrepared(draft, speaker);
  if (!isWanted) return;
  const turn = pendingAsTurn(draft, speaker, known, pending);
  const replyId = takeReplyId(draft);
  updateSpeaker(draft, speaker, {
    pending: { ...pending, turnId: turn.turnId, prepared: { replyId, turn } },
  });
  draft.commands.push({ type: 'prepare-reply', replyId, turn });
}

function pendingAsTurn(
  draft: TurnDraft,
  speaker: SpeakerId,
  known: SpeakerState,
  pending: PendingTurn,
): Turn {
  return {
    turnId: pending.turnId ?? takeTurnId(draft),
    speaker,
    name: known.name,
    text: pendingText(pending),
    language: pendingLanguage(pending),
    source: 'voice',
    endedAtMs: endedAtMs(pending),
  };
}
