/** From words to a committed turn: waiting, judging, recording, answering. */
import type { ReplyId, SpeakerId } from '@sophy/contracts/ids';
import type { WaitReason } from '@sophy/contracts/room-messages';
import { endOfTurnWait } from './end-of-turn-wait.ts';
import {
  endedAtMs,
  hasInterimWords,
  isWaitingForWords,
  pendingAsTurn,
  pendingText,
  pendingWords,
} from './pending-turn.ts';
import { discardPrepared, prepare, prepareAgain, sameWords } from './prepared-reply.ts';
import { raiseHand } from './raise-hand.ts';
import { answer } from './reply-queue.ts';
import { judgeTurn } from './rules/judge-turn.ts';
import type { RuleVerdict } from './rules/rule.ts';
import {
  clearTimer,
  setTimer,
  type TurnDraft,
  takeReplyId,
  takeTurnId,
  updateSpeaker,
} from './turn-draft.ts';
import type { Turn } from './turn-event.ts';
import type { PendingTurn } from './turn-state.ts';
import { closeFollowUp, closeOverdueWindows, closeWakeWindow, openWakeWindow } from './windows.ts';

/**
 * How long words that are there wait for words that are owed, ms. Recognition reports on every stretch of speech, if
 * only to give up, so this ends only a wait that would never end.
 */
export const transcriptPatienceMs = 8_000;
/** When the audio model has answered for the first time, in silence since the last voice, ms: it is asked at 192. */
const firstAnswerMs = 280;
/** How long a turn is remembered to know the same words from another microphone, ms. */
const recentMs = 5_000;
/** Control characters, which nobody types; line ends and tabs stay. */
const unprintable = /(?![\t\n\r])\p{Cc}/gu;

/** Brings timers, preparation and commit of a speaker's pending turn in line with what is known now. */
export function settlePendingTurn(draft: TurnDraft, speaker: SpeakerId, atMs: number): void {
  const known = draft.speakers.get(speaker);
  const pending = known?.pending;
  if (known === undefined || pending === undefined || known.speakingSinceMs !== undefined) return;
  const text = pendingText(pending);
  if (isWaitingForWords(pending)) {
    clearTimer(draft, 'end-of-turn', speaker);
    if (hasInterimWords(pending)) prepare(draft, speaker, atMs);
    else discardPrepared(draft, speaker);
    if (text !== '') setTimer(draft, 'transcript-wait', speaker, atMs + transcriptPatienceMs);
    return;
  }
  if (text === '') {
    dropPendingTurn(draft, speaker);
    return;
  }
  clearTimer(draft, 'transcript-wait', speaker);
  const { waitMs, reason } = waitOf(draft, pending);
  const dueMs = endedAtMs(pending) + waitMs;
  if (atMs >= dueMs) {
    commitPendingTurn(draft, speaker, atMs);
    return;
  }
  setTimer(draft, 'end-of-turn', speaker, dueMs);
  publishWaiting(draft, speaker, reason, dueMs);
  prepare(draft, speaker, atMs);
}

/** Stops the clocks of a pending turn: the person speaks, or the turn is over. */
export function stopWaiting(draft: TurnDraft, speaker: SpeakerId): void {
  clearTimer(draft, 'end-of-turn', speaker);
  clearTimer(draft, 'transcript-wait', speaker);
  clearTimer(draft, 'prepare', speaker);
  const waiting = draft.speakers.get(speaker)?.waiting;
  if (waiting === undefined) return;
  updateSpeaker(draft, speaker, { waiting: undefined });
  draft.commands.push({ type: 'publish-waiting', speaker, reason: waiting, untilMs: undefined });
}

/** Commits what the speaker has said so far; `asked`: answered whatever the rules say. */
export function commitPendingTurn(
  draft: TurnDraft,
  speaker: SpeakerId,
  atMs: number,
  asked?: RuleVerdict,
): void {
  const known = draft.speakers.get(speaker);
  const pending = known?.pending;
  if (known === undefined || pending === undefined) return;
  const turn = pendingAsTurn(speaker, known.name, pending, pending.turnId ?? takeTurnId(draft));
  const words = pendingWords(speaker, pending);
  const verdict = asked ?? judgeTurn(words, draft);
  if (verdict.action === 'ignore') {
    ignoreTurn(draft, turn, verdict);
    return;
  }
  const prepared = preparedFor(pending, turn);
  if (verdict.action !== 'answer' || prepared === undefined) discardPrepared(draft, speaker);
  stopWaiting(draft, speaker);
  updateSpeaker(draft, speaker, { pending: undefined, closedUtterances: idsOf(pending) });
  remember(draft, turn, words.span, atMs);
  const { waitMs, reason } = waitOf(draft, pending);
  carryOut(draft, turn, {
    verdict: {
      ...verdict,
      evidence: {
        ...verdict.evidence,
        ending: reason,
        waitMs,
        sinceVoiceMs: Math.round(atMs - turn.endedAtMs),
        ...(pending.endProbability === undefined ? {} : { endProbability: pending.endProbability }),
      },
    },
    prepared,
    atMs,
  });
}

/** Commits a typed message at once. */
export function commitTypedTurn(
  draft: TurnDraft,
  message: {
    readonly speaker: SpeakerId;
    readonly text: string;
    readonly atMs: number;
    readonly language?: string | undefined;
    readonly isPrivate?: boolean;
  },
): void {
  const known = draft.speakers.get(message.speaker);
  const text = message.text.replace(unprintable, '').trim();
  if (known === undefined || text === '') return;
  const turn: Turn = {
    turnId: takeTurnId(draft),
    speaker: message.speaker,
    name: known.name,
    text,
    language: message.language,
    source: 'typed',
    endedAtMs: message.atMs,
  };
  if (message.isPrivate === true) {
    if (!draft.isDraining)
      draft.commands.push({ type: 'start-private-reply', replyId: takeReplyId(draft), turn });
    return;
  }
  const words = {
    speaker: message.speaker,
    text,
    span: undefined,
    overlap: undefined,
    beganAlone: false,
  };
  carryOut(draft, turn, { verdict: judgeTurn(words, draft), prepared: undefined, atMs: message.atMs });
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

/** Words that are no person's turn: said so, not recorded. */
function ignoreTurn(draft: TurnDraft, turn: Turn, { rule, evidence }: RuleVerdict): void {
  const { speaker, turnId } = turn;
  const pending = draft.speakers.get(speaker)?.pending;
  dropPendingTurn(draft, speaker);
  if (pending !== undefined) updateSpeaker(draft, speaker, { closedUtterances: idsOf(pending) });
  draft.commands.push({ type: 'publish-decision', turnId, speaker, rule, action: 'ignore', evidence });
}

function carryOut(
  draft: TurnDraft,
  turn: Turn,
  decided: { readonly verdict: RuleVerdict; readonly prepared: ReplyId | undefined; readonly atMs: number },
): void {
  const { verdict, prepared, atMs } = decided;
  const { rule } = verdict;
  const isAnswered = verdict.action === 'answer';
  draft.commands.push({ type: 'record-turn', turn });
  if (turn.source === 'voice') draft.commands.push({ type: 'close-utterance', speaker: turn.speaker });
  draft.commands.push({ type: 'publish-decision', turnId: turn.turnId, speaker: turn.speaker, ...verdict });
  moveWindows(draft, turn, verdict);
  if (rule === 'wake') openWakeWindow(draft, turn.speaker, atMs);
  if (isAnswered) answer(draft, { turn, rule, prepared }, atMs);
  else if (rule !== 'back-channel' && rule !== 'stop-word' && rule !== 'wake') draft.unanswered = turn;
  prepareAgain(draft, atMs);
}

/** A nod moves nothing; an answer takes the window; talk to or by somebody else closes it. */
function moveWindows(draft: TurnDraft, { speaker }: Turn, { rule, action }: RuleVerdict): void {
  const isAnswered = action === 'answer';
  if (rule !== 'back-channel') {
    if (isAnswered || rule === 'to-somebody-else' || draft.followUp?.speaker !== speaker)
      closeFollowUp(draft);
    if (isAnswered) closeWakeWindow(draft, speaker);
    if (isAnswered) raiseHand(draft, speaker, false);
  }
  closeOverdueWindows(draft, speaker);
}

function publishWaiting(draft: TurnDraft, speaker: SpeakerId, reason: WaitReason, untilMs: number): void {
  const isPlain = reason === 'complete' || reason === 'question';
  const shown = isPlain ? undefined : reason;
  const known = draft.speakers.get(speaker);
  if (known === undefined || known.waiting === shown) return;
  updateSpeaker(draft, speaker, { waiting: shown });
  draft.commands.push({ type: 'publish-waiting', speaker, reason, untilMs: isPlain ? undefined : untilMs });
}

/** How long silence must last. The first answer of the audio model is waited for, since it could say "not yet". */
function waitOf({ settings }: TurnDraft, pending: PendingTurn) {
  const probability = pending.endProbability;
  const wait = endOfTurnWait({ text: pendingText(pending), probability }, settings);
  const isAsked =
    settings.hasEndOfTurnModel && probability === undefined && pending.lastVoiceMs !== undefined;
  return isAsked ? { ...wait, waitMs: Math.max(wait.waitMs, firstAnswerMs) } : wait;
}

function preparedFor(pending: PendingTurn, turn: Turn): ReplyId | undefined {
  const { prepared } = pending;
  return prepared !== undefined && sameWords(prepared.turn.text, turn.text) ? prepared.replyId : undefined;
}

function remember(
  draft: TurnDraft,
  { speaker, text }: Turn,
  span: { readonly fromMs: number; readonly toMs: number } | undefined,
  atMs: number,
): void {
  const recent = draft.recentTurns.filter((turn) => atMs - turn.toMs < recentMs);
  draft.recentTurns = span === undefined ? recent : [...recent, { speaker, text, ...span }];
}

function idsOf(pending: PendingTurn) {
  return pending.utterances.map((utterance) => utterance.utteranceId);
}
