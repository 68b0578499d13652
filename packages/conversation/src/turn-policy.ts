/**
 * The turn policy of a room: one event in, the new state and the commands out. Pure, so that every behaviour of
 * turn-taking is a table of events and expected commands.
 */
import type { SpeakerId } from '@sophy/contracts/ids';
import { answerNow } from './answer-now.ts';
import { asksConfirmation, asksQuestion } from './asks-question.ts';
import { commitPendingTurn, commitTypedTurn, settlePendingTurn, stopWaiting } from './commit-turn.ts';
import { countPeople } from './count-people.ts';
import { sayFarewell } from './farewell.ts';
import { greet } from './greet.ts';
import { countFailure, countWordless, countWords, distrust, publishHearing } from './hearing.ts';
import {
  beginOnset,
  endOnset,
  forgetOnsets,
  judgeOnset,
  pauseOnset,
  peekAgain,
  stopActiveReply,
} from './interruption.ts';
import {
  emptyPendingTurn,
  pendingText,
  withFinalWords,
  withInterimWords,
  withoutUtterance,
  withPause,
  withSpeech,
} from './pending-turn.ts';
import { discardPrepared, prepare, prepareAgain } from './prepared-reply.ts';
import { raiseHand } from './raise-hand.ts';
import { takeOver } from './recover-take-over.ts';
import { answerNext, dropQueued, publishQueue } from './reply-queue.ts';
import { ownSoundFrom } from './rules/interruption/own-voice.ts';
import type { TurnCommand } from './turn-command.ts';
import {
  clearTimer,
  closeDraft,
  openDraft,
  publishState,
  setTimer,
  type TurnDraft,
  updateSpeaker,
} from './turn-draft.ts';
import type { TurnEvent } from './turn-event.ts';
import { newSpeaker, type Overlap, type PendingTurn, type TurnState } from './turn-state.ts';
import { closeFollowUp, closeWakeWindow, expireWindow, openFollowUp, republishWindows } from './windows.ts';

export { initialTurnState, type TurnState } from './turn-state.ts';

/** Sound that goes on for so long without a word is asked about, and then is no speech, ms. */
const wordlessMs = { asked: 3_000, settled: 4_500 } as const;
/** Words so soon after the agent's voice still belong over it: an echo, a late nod, ms. */
const behindVoiceMs = 700;
/** What is remembered of the agent's words, characters. */
const rememberedSpeech = 600;

type EventOf<Type extends TurnEvent['type']> = Extract<TurnEvent, { readonly type: Type }>;

/** Takes one event in. Events of people who are not in the room, of replies that are over and of timers that were cleared change nothing. */
export function decide(
  state: TurnState,
  event: TurnEvent,
): { state: TurnState; commands: readonly TurnCommand[] } {
  const draft = openDraft(state);
  apply(draft, event);
  return closeDraft(draft);
}

function apply(draft: TurnDraft, event: TurnEvent): void {
  switch (event.type) {
    case 'speaker-join':
      onJoin(draft, event);
      break;
    case 'speaker-leave':
      onLeave(draft, event);
      break;
    case 'speech-start':
      onSpeechStart(draft, event);
      break;
    case 'speech-end':
      onSpeechEnd(draft, event);
      break;
    case 'transcript-delta':
    case 'transcript-end':
    case 'transcript-failed':
      onWords(draft, event);
      break;
    case 'end-of-turn-estimate':
      changePending(draft, event.speaker, (pending) => ({ ...pending, endProbability: event.probability }));
      settlePendingTurn(draft, event.speaker, event.atMs);
      break;
    case 'echo-estimate':
      onEcho(draft, event);
      break;
    case 'typed-message':
      commitTypedTurn(draft, event);
      break;
    case 'playout-start':
      onPlayoutStart(draft, event);
      break;
    case 'reply-piece':
      onReplyPiece(draft, event);
      break;
    case 'reply-end':
      onReplyEnd(draft, event);
      break;
    case 'greeting':
      greet(draft, event);
      break;
    case 'farewell':
      onDrain(draft);
      draft.farewell = { text: event.text, language: event.language };
      sayFarewell(draft, event.atMs);
      break;
    case 'take-over':
      takeOver(draft, event);
      break;
    case 'stop-request':
      stopActiveReply(draft, event.speaker, 'stop-request', {});
      break;
    case 'hand-raise':
      raiseHand(draft, event.speaker, event.isRaised);
      break;
    case 'answer-request':
      answerNow(draft, event.speaker, event.atMs);
      break;
    case 'timer-fired':
      onTimer(draft, event);
      break;
    case 'settings-change':
      draft.settings = event.settings;
      break;
    case 'drain':
      // The agent that comes next finds the budget spent, too.
      draft.farewell = undefined;
      onDrain(draft);
      break;
    default:
      event satisfies never;
  }
  if ('speaker' in event) publishHearing(draft, event.speaker);
}

function onJoin(draft: TurnDraft, { speaker, name }: EventOf<'speaker-join'>): void {
  const known = draft.speakers.get(speaker);
  draft.speakers.set(speaker, { ...(known ?? newSpeaker(name)), name });
  if (known === undefined) republishBoard(draft);
}

/** Who comes in sees what the others saw happen: open windows, raised hands, noisy microphones. */
function republishBoard(draft: TurnDraft): void {
  republishWindows(draft);
  for (const [speaker, { isHandRaised, hearing }] of draft.speakers) {
    if (isHandRaised) draft.commands.push({ type: 'publish-hand', speaker, isRaised: true });
    if (hearing !== 'silent') draft.commands.push({ type: 'publish-hearing', speaker, state: hearing });
  }
  if (draft.queue.length > 0) publishQueue(draft);
}

function onLeave(draft: TurnDraft, { speaker }: EventOf<'speaker-leave'>): void {
  if (!draft.speakers.has(speaker)) return;
  stopWaiting(draft, speaker);
  discardPrepared(draft, speaker);
  closeWakeWindow(draft, speaker);
  clearTimer(draft, 'wordless', speaker);
  raiseHand(draft, speaker, false);
  endOnset(draft, speaker);
  draft.speakers.delete(speaker);
  if (draft.followUp?.speaker === speaker || countPeople(draft.speakers) < 2) closeFollowUp(draft);
  dropQueued(draft, 'asker-left', ({ turn }) => turn.speaker === speaker);
  if (draft.unanswered?.speaker === speaker) draft.unanswered = undefined;
  const { reply } = draft;
  if (draft.speakers.size === 0) stopActiveReply(draft, speaker, 'room-empty', {});
  else if (reply?.turn.speaker === speaker && !reply.isAudible && reply.rule !== 'greeting')
    stopActiveReply(draft, speaker, 'asker-left', {});
}

function onSpeechStart(draft: TurnDraft, { speaker, onsetMs, atMs }: EventOf<'speech-start'>): void {
  const known = draft.speakers.get(speaker);
  if (known === undefined || known.speakingSinceMs !== undefined) return;
  stopWaiting(draft, speaker);
  discardPrepared(draft, speaker);
  const overlap = overlapAt(draft, onsetMs);
  const isAlone = countPeople(draft.speakers) === 1;
  changePending(draft, speaker, (pending) => withSpeech(pending, { onsetMs, overlap, isAlone }));
  updateSpeaker(draft, speaker, { speakingSinceMs: onsetMs });
  setTimer(draft, 'wordless', speaker, Math.max(atMs, onsetMs + wordlessMs.asked));
  beginOnset(draft, speaker, onsetMs, atMs);
}

function onSpeechEnd(draft: TurnDraft, event: EventOf<'speech-end'>): void {
  const { speaker, atMs } = event;
  if (draft.speakers.get(speaker)?.speakingSinceMs === undefined) return;
  clearTimer(draft, 'wordless', speaker);
  updateSpeaker(draft, speaker, { speakingSinceMs: undefined });
  changePending(draft, speaker, (pending) => withPause(pending, event));
  pauseOnset(draft, speaker, event.lastVoiceMs, atMs);
  settlePendingTurn(draft, speaker, atMs);
}

function onWords(
  draft: TurnDraft,
  event: EventOf<'transcript-delta'> | EventOf<'transcript-end'> | EventOf<'transcript-failed'>,
): void {
  const known = draft.speakers.get(event.speaker);
  if (known === undefined || known.closedUtterances.includes(event.utteranceId)) return;
  if (event.type === 'transcript-delta' && event.text.trim() === '') return;
  const isSpeaking = known.speakingSinceMs !== undefined;
  changePending(draft, event.speaker, (pending) => {
    switch (event.type) {
      case 'transcript-delta':
        return withInterimWords(pending, event);
      case 'transcript-end':
        return withFinalWords(pending, { ...event, isSpeaking });
      case 'transcript-failed':
        return withoutUtterance(pending, { ...event, isSpeaking });
      default:
        return event satisfies never;
    }
  });
  countHeard(draft, event, known.pending);
  judgeOnset(draft, event.speaker, event.atMs);
  settlePendingTurn(draft, event.speaker, event.atMs);
}

/** Keeps count of what a microphone brings; the agent's own words speak for no microphone. */
function countHeard(
  draft: TurnDraft,
  event: EventOf<'transcript-delta'> | EventOf<'transcript-end'> | EventOf<'transcript-failed'>,
  before: PendingTurn | undefined,
): void {
  if (event.type === 'transcript-failed') countFailure(draft, event.speaker);
  else if (before?.overlap?.isOwnVoice === true) return;
  else if (event.text.trim() !== '') countWords(draft, event.speaker);
  else if (before === undefined || pendingText(before) === '') countWordless(draft, event.speaker);
}

function onEcho(draft: TurnDraft, { speaker, likeness, atMs }: EventOf<'echo-estimate'>): void {
  const { onset, pending } = draft.speakers.get(speaker) ?? {};
  if (onset === undefined) return;
  updateSpeaker(draft, speaker, { onset: { ...onset, likeness } });
  // Taken for the agent at first, and then it sounds like a person after all.
  if (likeness < ownSoundFrom && pending?.overlap?.isOwnVoice)
    updateSpeaker(draft, speaker, {
      pending: { ...pending, overlap: { ...pending.overlap, isOwnVoice: false } },
    });
  judgeOnset(draft, speaker, atMs);
}

function onPlayoutStart(draft: TurnDraft, { replyId }: EventOf<'playout-start'>): void {
  if (draft.reply?.replyId !== replyId) return;
  draft.reply = { ...draft.reply, isAudible: true };
  publishState(draft, 'speaking', draft.reply.rule);
}

function onReplyPiece(draft: TurnDraft, { replyId, text }: EventOf<'reply-piece'>): void {
  const { reply } = draft;
  if (reply?.replyId !== replyId) return;
  const asks = reply.asksConfirmation || asksConfirmation(text);
  draft.reply = { ...reply, piece: text, asksConfirmation: asks };
  const before = draft.spoken === undefined ? '' : `${draft.spoken.text} `;
  draft.spoken = { text: `${before}${text}`.slice(-rememberedSpeech), endedMs: undefined };
}

function onReplyEnd(draft: TurnDraft, event: EventOf<'reply-end'>): void {
  const reply = draft.reply;
  if (reply === undefined || reply.replyId !== event.replyId) return;
  forgetOnsets(draft);
  draft.reply = undefined;
  if (draft.spoken !== undefined) draft.spoken = { ...draft.spoken, endedMs: event.atMs };
  publishState(draft, 'listening', reply.stoppedBy ?? `reply-${event.outcome}`);
  const { speaker } = reply.turn;
  const isCompany = countPeople(draft.speakers) > 1 && draft.speakers.has(speaker);
  if (event.outcome !== 'failed' && isCompany && draft.settings.followUpMs > 0 && !draft.isDraining) {
    openFollowUp(draft, speaker, event.atMs);
  }
  if (reply.rule === 'farewell') draft.commands.push({ type: 'hang-up' });
  sayFarewell(draft, event.atMs);
  answerNext(draft, event.atMs);
  prepareAgain(draft, event.atMs);
}

function onTimer(draft: TurnDraft, { timerId, atMs }: EventOf<'timer-fired'>): void {
  const timer = draft.timers.get(timerId);
  if (timer === undefined) return;
  draft.timers.delete(timerId);
  // A firing from before the timer was moved, or one that came a hair early: the moment is still ahead.
  if (atMs < timer.atMs) {
    setTimer(draft, timer.purpose, timer.speaker, timer.atMs);
    return;
  }
  switch (timer.purpose) {
    case 'end-of-turn':
      settlePendingTurn(draft, timer.speaker, atMs);
      break;
    case 'transcript-wait':
      commitPendingTurn(draft, timer.speaker, atMs);
      break;
    case 'prepare':
      prepare(draft, timer.speaker, atMs);
      break;
    case 'barge-in':
    case 'patience':
      judgeOnset(draft, timer.speaker, atMs);
      break;
    case 'peek':
      peekAgain(draft, timer.speaker, atMs);
      break;
    case 'wordless':
      onWordless(draft, timer.speaker, atMs);
      break;
    case 'wake':
    case 'follow-up':
      expireWindow(draft, timer.purpose, timer.speaker);
      break;
    default:
      timer.purpose satisfies never;
  }
  publishHearing(draft, timer.speaker);
}

/** Somebody sounds on and on and no word has come: first ask for words, then stop believing. */
function onWordless(draft: TurnDraft, speaker: SpeakerId, atMs: number): void {
  const known = draft.speakers.get(speaker);
  if (known?.speakingSinceMs === undefined || known.pending === undefined) return;
  if (pendingText(known.pending) !== '') return;
  const settledAtMs = known.speakingSinceMs + wordlessMs.settled;
  if (atMs < settledAtMs) {
    draft.commands.push({ type: 'peek-utterance', speaker });
    setTimer(draft, 'wordless', speaker, settledAtMs);
    return;
  }
  distrust(draft, speaker);
  judgeOnset(draft, speaker, atMs);
}

function onDrain(draft: TurnDraft): void {
  draft.isDraining = true;
  closeFollowUp(draft);
  dropQueued(draft, 'drain', () => true);
  for (const speaker of draft.speakers.keys()) {
    discardPrepared(draft, speaker);
    closeWakeWindow(draft, speaker);
  }
}

/** What speech that begins now begins over; undefined while the agent is silent. */
function overlapAt(draft: TurnDraft, onsetMs: number): Overlap | undefined {
  const { reply, spoken } = draft;
  const isOver = reply !== undefined;
  const isBehind = spoken?.endedMs !== undefined && onsetMs - spoken.endedMs < behindVoiceMs;
  if (!isOver && !isBehind) return undefined;
  return {
    isAudible: !isOver || reply.isAudible,
    afterQuestion: asksQuestion(isOver ? reply.piece : (spoken?.text ?? '')),
    isOwnVoice: false,
  };
}

function changePending(
  draft: TurnDraft,
  speaker: SpeakerId,
  change: (pending: PendingTurn) => PendingTurn,
): void {
  const known = draft.speakers.get(speaker);
  if (known !== undefined)
    updateSpeaker(draft, speaker, { pending: change(known.pending ?? emptyPendingTurn) });
}
