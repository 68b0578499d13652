/**
 * The turn policy of a room: one event in, the new state and the commands out. Pure, so that every behaviour of
 * turn-taking is a table of events and expected commands.
 */
import type { SpeakerId } from '@sophy/contracts/ids';
import {
  commitPendingTurn,
  commitTypedTurn,
  discardPrepared,
  prepareAgain,
  settlePendingTurn,
  stopWaiting,
} from './commit-turn.ts';
import { greet } from './greet.ts';
import {
  emptyPendingTurn,
  withFinalWords,
  withInterimWords,
  withoutUtterance,
  withPause,
  withSpeech,
} from './pending-turn.ts';
import {
  forgetOnsets,
  judgeLastingSpeech,
  judgeOnset,
  stopActiveReply,
  withdrawOnset,
} from './rules/barge-in.ts';
import type { TurnCommand } from './turn-command.ts';
import {
  closeDraft,
  openDraft,
  publishState,
  setTimer,
  type TurnDraft,
  updateSpeaker,
} from './turn-draft.ts';
import type { TurnEvent } from './turn-event.ts';
import type { PendingTurn, SpeakerState, TurnState } from './turn-state.ts';
import { closeFollowUp, closeWakeWindow, expireWindow, openFollowUp } from './windows.ts';

export { initialTurnState, type TurnState } from './turn-state.ts';

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
    case 'typed-message':
      commitTypedTurn(draft, event);
      break;
    case 'playout-start':
      if (draft.reply?.replyId === event.replyId) publishState(draft, 'speaking', draft.reply.rule);
      break;
    case 'reply-end':
      onReplyEnd(draft, event);
      break;
    case 'greeting':
      greet(draft, event);
      break;
    case 'stop-request':
      stopActiveReply(draft, event.speaker, 'stop-request', {});
      break;
    case 'timer-fired':
      onTimer(draft, event);
      break;
    case 'settings-change':
      draft.settings = event.settings;
      break;
    case 'drain':
      onDrain(draft);
      break;
    default:
      event satisfies never;
  }
}

function onJoin(draft: TurnDraft, { speaker, name }: EventOf<'speaker-join'>): void {
  const known = draft.speakers.get(speaker);
  const empty: SpeakerState = {
    name,
    speakingSinceMs: undefined,
    pending: undefined,
    closedUtterances: [],
    wakeWindow: undefined,
  };
  draft.speakers.set(speaker, { ...(known ?? empty), name });
}

function onLeave(draft: TurnDraft, { speaker }: EventOf<'speaker-leave'>): void {
  if (!draft.speakers.has(speaker)) return;
  stopWaiting(draft, speaker);
  discardPrepared(draft, speaker);
  closeWakeWindow(draft, speaker);
  draft.speakers.delete(speaker);
  if (draft.followUp?.speaker === speaker || draft.speakers.size < 2) closeFollowUp(draft);
  if (draft.speakers.size === 0) stopActiveReply(draft, speaker, 'room-empty', {});
  withdrawOnset(draft, speaker, 'left');
}

function onSpeechStart(draft: TurnDraft, { speaker, onsetMs, atMs }: EventOf<'speech-start'>): void {
  const known = draft.speakers.get(speaker);
  if (known === undefined || known.speakingSinceMs !== undefined) return;
  stopWaiting(draft, speaker);
  discardPrepared(draft, speaker);
  changePending(draft, speaker, withSpeech);
  updateSpeaker(draft, speaker, { speakingSinceMs: onsetMs });
  judgeOnset(draft, speaker, onsetMs, atMs);
}

function onSpeechEnd(draft: TurnDraft, event: EventOf<'speech-end'>): void {
  const { speaker, atMs } = event;
  if (draft.speakers.get(speaker)?.speakingSinceMs === undefined) return;
  updateSpeaker(draft, speaker, { speakingSinceMs: undefined });
  changePending(draft, speaker, (pending) => withPause(pending, event));
  withdrawOnset(draft, speaker, 'short');
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
  settlePendingTurn(draft, event.speaker, event.atMs);
}

function onReplyEnd(draft: TurnDraft, event: EventOf<'reply-end'>): void {
  const reply = draft.reply;
  if (reply === undefined || reply.replyId !== event.replyId) return;
  forgetOnsets(draft);
  draft.reply = undefined;
  publishState(draft, 'listening', reply.stoppedBy ?? `reply-${event.outcome}`);
  const { speaker } = reply.turn;
  const isCompany = draft.speakers.size > 1 && draft.speakers.has(speaker);
  if (event.outcome !== 'failed' && isCompany && draft.settings.followUpMs > 0 && !draft.isDraining) {
    openFollowUp(draft, speaker, event.atMs);
  }
  prepareAgain(draft);
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
    case 'barge-in':
      judgeLastingSpeech(draft, timer.speaker, atMs);
      break;
    case 'wake':
    case 'follow-up':
      expireWindow(draft, timer.purpose, timer.speaker);
      break;
    default:
      timer.purpose satisfies never;
  }
}

function onDrain(draft: TurnDraft): void {
  draft.isDraining = true;
  closeFollowUp(draft);
  for (const speaker of draft.speakers.keys()) {
    discardPrepared(draft, speaker);
    closeWakeWindow(draft, speaker);
  }
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
