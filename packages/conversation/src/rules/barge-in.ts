/**
 * Interrupting the agent. Speech of somebody who may interrupt ducks the voice at once and stops the reply once it has
 * lasted `bargeInMinSpeechMs`; shorter speech gives the voice back. It works from the start of a reply, thinking included.
 */
import type { SpeakerId } from '@sophy/contracts/ids';
import type { Evidence } from '../turn-command.ts';
import { clearTimer, setTimer, type TurnDraft, timerId } from '../turn-draft.ts';
import type { ActiveReply } from '../turn-state.ts';

/** Somebody begins to speak. */
export function judgeOnset(draft: TurnDraft, speaker: SpeakerId, onsetMs: number, atMs: number): void {
  const reply = interruptibleReply(draft, speaker);
  if (reply === undefined) return;
  if (!reply.isDucked) {
    draft.reply = { ...reply, isDucked: true };
    draft.commands.push({ type: 'duck-voice', replyId: reply.replyId });
  }
  setTimer(draft, 'barge-in', speaker, Math.max(atMs, onsetMs + draft.settings.bargeInMinSpeechMs));
}

/** A reply begins while others speak: they have as long as an interruption needs to fall silent. */
export function judgeSpeechUnderWay(draft: TurnDraft, atMs: number): void {
  for (const [speaker, { speakingSinceMs }] of draft.speakers) {
    const reply = interruptibleReply(draft, speaker);
    if (reply === undefined || speakingSinceMs === undefined || speaker === reply.turn.speaker) continue;
    setTimer(draft, 'barge-in', speaker, atMs + draft.settings.bargeInMinSpeechMs);
  }
}

/** The time an interruption needs is over. */
export function judgeLastingSpeech(draft: TurnDraft, speaker: SpeakerId, atMs: number): void {
  const reply = interruptibleReply(draft, speaker);
  const speakingSinceMs = draft.speakers.get(speaker)?.speakingSinceMs;
  if (reply === undefined || speakingSinceMs === undefined) {
    giveVoiceBack(draft, speaker, 'over');
    return;
  }
  stopActiveReply(draft, speaker, 'barge-in', {
    speechMs: atMs - speakingSinceMs,
    neededMs: draft.settings.bargeInMinSpeechMs,
  });
}

/** Somebody falls silent or leaves before their speech was an interruption. */
export function withdrawOnset(draft: TurnDraft, speaker: SpeakerId, cause: 'short' | 'left'): void {
  if (!draft.timers.has(timerId('barge-in', speaker))) return;
  clearTimer(draft, 'barge-in', speaker);
  giveVoiceBack(draft, speaker, cause);
}

/** Ends all judging: the reply that it was about is over. */
export function forgetOnsets(draft: TurnDraft): void {
  for (const timer of [...draft.timers.values()]) {
    if (timer.purpose === 'barge-in') clearTimer(draft, 'barge-in', timer.speaker);
  }
}

/** Orders the stop of the reply under way, once, and says why. */
export function stopActiveReply(
  draft: TurnDraft,
  speaker: SpeakerId,
  rule: string,
  evidence: Evidence,
): void {
  const reply = draft.reply;
  if (reply === undefined || reply.stoppedBy !== undefined) return;
  forgetOnsets(draft);
  draft.reply = { ...reply, stoppedBy: rule };
  draft.commands.push(
    { type: 'stop-reply', replyId: reply.replyId },
    { type: 'publish-decision', turnId: reply.turn.turnId, speaker, rule, action: 'stop', evidence },
  );
}

function giveVoiceBack(draft: TurnDraft, speaker: SpeakerId, cause: string): void {
  const reply = draft.reply;
  if (reply === undefined || reply.stoppedBy !== undefined || !reply.isDucked) return;
  const isJudging = [...draft.timers.values()].some((timer) => timer.purpose === 'barge-in');
  if (isJudging) return;
  draft.reply = { ...reply, isDucked: false };
  draft.commands.push(
    { type: 'resume-voice', replyId: reply.replyId },
    {
      type: 'publish-decision',
      turnId: reply.turn.turnId,
      speaker,
      rule: 'barge-in',
      action: 'resume',
      evidence: { cause, neededMs: draft.settings.bargeInMinSpeechMs },
    },
  );
}

/** The reply that this speaker may cut now, if there is one. */
function interruptibleReply(draft: TurnDraft, speaker: SpeakerId): ActiveReply | undefined {
  const { reply, settings } = draft;
  if (reply === undefined || reply.stoppedBy !== undefined || settings.bargeIn === 'nobody') return undefined;
  if (settings.bargeIn === 'addressee' && reply.turn.speaker !== speaker) return undefined;
  return reply;
}
