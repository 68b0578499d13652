/**
 * Speech over a reply, in two stages: its first sound holds the voice, then words, length and likeness to the agent's
 * own voice decide whether the reply stops or goes on. Works from the start of a reply, thinking included.
 */
import type { SpeakerId } from '@sophy/contracts/ids';
import { distrust, isTrusted } from './hearing.ts';
import { isWaitingForWords, pendingText } from './pending-turn.ts';
import type { InterruptionFacts } from './rules/interruption/interruption-rule.ts';
import { judgeInterruption } from './rules/interruption/judge-interruption.ts';
import { patienceMs } from './rules/interruption/speaks-first.ts';
import type { Evidence } from './turn-command.ts';
import { clearTimer, setTimer, type TurnDraft, updateSpeaker } from './turn-draft.ts';
import type { ActiveReply, Onset } from './turn-state.ts';

/** When words are first asked for, and how often again while the person speaks, ms. */
const peekAfterMs = 150;
const peekEveryMs = 200;
/** Speech that is over, or only nods, holds the voice no longer than this, ms. */
const overdueMs = 500;
/** A pause shorter than this is inside one and the same speech: what was made of it stands, ms. */
const sameSpeechMs = 1_000;
/** Rules that say what the speech is; silence before words came says only that it was short. */
const lastingRules: ReadonlySet<string> = new Set([
  'own-voice',
  'side-talk',
  'back-channel',
  'may-not-interrupt',
  'patience-over',
]);

/** Somebody begins to speak, or goes on. */
export function beginOnset(draft: TurnDraft, speaker: SpeakerId, onsetMs: number, atMs: number): void {
  const reply = runningReply(draft);
  if (reply === undefined) return;
  if (!mayInterrupt(draft, reply, speaker)) {
    refuseOnset(draft, reply, speaker, onsetMs);
    return;
  }
  const known = draft.speakers.get(speaker)?.onset;
  const isSame = known?.endedMs !== undefined && onsetMs - known.endedMs < sameSpeechMs;
  if (isSame && (known.settledBy === undefined || lastingRules.has(known.settledBy))) {
    updateSpeaker(draft, speaker, { onset: { ...known, endedMs: undefined } });
    watch(draft, speaker, known, atMs);
    return;
  }
  openOnset(draft, speaker, { onsetMs, atMs, isDucking: isTrusted(draft.speakers.get(speaker)) });
}

/** A reply begins while others speak: they are let finish. */
export function holdForSpeech(draft: TurnDraft, atMs: number): void {
  for (const [speaker, known] of draft.speakers) {
    const reply = runningReply(draft);
    if (reply === undefined || known.speakingSinceMs === undefined || !isTrusted(known)) continue;
    if (!mayInterrupt(draft, reply, speaker)) continue;
    openOnset(draft, speaker, { onsetMs: atMs, atMs, isDucking: true });
  }
}

/** Something new is known about a speaker who speaks, or spoke, over the reply. */
export function judgeOnset(draft: TurnDraft, speaker: SpeakerId, atMs: number): void {
  const reply = runningReply(draft);
  const onset = draft.speakers.get(speaker)?.onset;
  if (reply === undefined || onset === undefined || onset.settledBy === 'may-not-interrupt') return;
  if (!mayInterrupt(draft, reply, speaker)) {
    settleOnset(draft, speaker, 'may-not-interrupt', { allowed: draft.settings.bargeIn });
    return;
  }
  const facts = factsOf(draft, speaker, reply, onset, atMs);
  const verdict = judgeInterruption(facts);
  if (verdict.action === 'wait') {
    if (onset.settledBy === undefined && facts.isAudible) armDeadline(draft, speaker, onset, atMs);
    return;
  }
  // Who has talked on for so long is talked over; only an order stops the agent then.
  if (onset.settledBy === 'patience-over' && verdict.action === 'stop' && verdict.rule !== 'stop-word')
    return;
  const evidence = { ...verdict.evidence, sinceOnsetMs: Math.round(atMs - onset.onsetMs) };
  if (verdict.action === 'stop') stopActiveReply(draft, speaker, verdict.rule, evidence);
  else if (onset.settledBy === undefined) settleOnset(draft, speaker, verdict.rule, evidence);
}

/** The person falls silent for a moment. */
export function pauseOnset(draft: TurnDraft, speaker: SpeakerId, lastVoiceMs: number, atMs: number): void {
  const onset = draft.speakers.get(speaker)?.onset;
  const reply = runningReply(draft);
  if (onset === undefined || reply === undefined) return;
  clearTimer(draft, 'peek', speaker);
  updateSpeaker(draft, speaker, { onset: { ...onset, endedMs: lastVoiceMs } });
  if (onset.settledBy === undefined && !reply.isAudible && reply.turn.speaker !== speaker) {
    setTimer(draft, 'barge-in', speaker, Math.max(atMs, lastVoiceMs + draft.settings.endpointingMinMs));
  }
  judgeOnset(draft, speaker, atMs);
}

/** The words so far are wanted, again and again while the person speaks. */
export function peekAgain(draft: TurnDraft, speaker: SpeakerId, atMs: number): void {
  const known = draft.speakers.get(speaker);
  if (known?.onset === undefined || known.speakingSinceMs === undefined) return;
  if (atMs - known.onset.onsetMs > patienceMs) return;
  draft.commands.push({ type: 'peek-utterance', speaker });
  setTimer(draft, 'peek', speaker, atMs + peekEveryMs);
}

/** The speaker has gone: nothing more is to be judged. */
export function endOnset(draft: TurnDraft, speaker: SpeakerId): void {
  const onset = draft.speakers.get(speaker)?.onset;
  if (onset === undefined) return;
  if (onset.settledBy === undefined && runningReply(draft) !== undefined)
    settleOnset(draft, speaker, 'left', {});
  closeOnset(draft, speaker);
}

/** Ends all judging: the reply that it was about is over. */
export function forgetOnsets(draft: TurnDraft): void {
  for (const speaker of draft.speakers.keys()) closeOnset(draft, speaker);
}

/** Orders the stop of the reply under way, once, and says why. */
export function stopActiveReply(
  draft: TurnDraft,
  speaker: SpeakerId,
  rule: string,
  evidence: Evidence,
): void {
  const reply = runningReply(draft);
  if (reply === undefined) return;
  forgetOnsets(draft);
  draft.reply = { ...reply, stoppedBy: rule };
  draft.commands.push(
    { type: 'stop-reply', replyId: reply.replyId },
    { type: 'publish-decision', turnId: reply.turn.turnId, speaker, rule, action: 'stop', evidence },
  );
}

function openOnset(
  draft: TurnDraft,
  speaker: SpeakerId,
  onset: { readonly onsetMs: number; readonly atMs: number; readonly isDucking: boolean },
): void {
  const { onsetMs, atMs, isDucking } = onset;
  const opened: Onset = { onsetMs, isDucking, endedMs: undefined, settledBy: undefined, likeness: undefined };
  updateSpeaker(draft, speaker, { onset: opened });
  if (isDucking) duck(draft);
  watch(draft, speaker, opened, atMs);
}

function watch(draft: TurnDraft, speaker: SpeakerId, onset: Onset, atMs: number): void {
  setTimer(draft, 'peek', speaker, atMs + peekAfterMs);
  if (onset.settledBy !== undefined) return;
  armDeadline(draft, speaker, onset, atMs);
  setTimer(draft, 'patience', speaker, Math.max(atMs, onset.onsetMs + patienceMs));
}

/** The next moment at which time alone decides: half a second, then the length that is meant. */
function armDeadline(draft: TurnDraft, speaker: SpeakerId, onset: Onset, atMs: number): void {
  const next = [overdueMs, draft.settings.bargeInMinSpeechMs]
    .map((afterMs) => onset.onsetMs + afterMs)
    .toSorted((a, b) => a - b)
    .find((dueMs) => dueMs > atMs);
  if (next !== undefined) setTimer(draft, 'barge-in', speaker, next);
}

/** Speech of somebody who has no right to interrupt: said once, the voice goes on. */
function refuseOnset(draft: TurnDraft, reply: ActiveReply, speaker: SpeakerId, onsetMs: number): void {
  const known = draft.speakers.get(speaker);
  if (known === undefined) return;
  const isSaid = known.onset?.settledBy === 'may-not-interrupt' && known.pending !== undefined;
  updateSpeaker(draft, speaker, {
    onset: {
      onsetMs,
      isDucking: false,
      endedMs: undefined,
      settledBy: 'may-not-interrupt',
      likeness: undefined,
    },
  });
  if (isSaid) return;
  draft.commands.push({
    type: 'publish-decision',
    turnId: reply.turn.turnId,
    speaker,
    rule: 'may-not-interrupt',
    action: 'ignore',
    evidence: { allowed: draft.settings.bargeIn, confirming: reply.asksConfirmation },
  });
}

function factsOf(
  draft: TurnDraft,
  speaker: SpeakerId,
  reply: ActiveReply,
  onset: Onset,
  atMs: number,
): InterruptionFacts {
  const known = draft.speakers.get(speaker);
  const { pending } = known ?? {};
  const isSpeaking = known?.speakingSinceMs !== undefined;
  const lastMs = isSpeaking ? atMs : (onset.endedMs ?? atMs);
  return {
    speechMs: Math.max(0, lastMs - onset.onsetMs),
    isSpeaking,
    silenceMs: isSpeaking ? 0 : atMs - lastMs,
    words: pending === undefined ? '' : pendingText(pending),
    areWordsFinal: !isSpeaking && (pending === undefined || !isWaitingForWords(pending)),
    likeness: onset.likeness,
    spokenText: draft.spoken?.text ?? '',
    isAudible: reply.isAudible,
    isAddressee: reply.turn.speaker === speaker,
    afterQuestion: pending?.overlap?.afterQuestion ?? false,
    isOverdue: atMs >= onset.onsetMs + overdueMs,
    isLasting: atMs >= onset.onsetMs + draft.settings.bargeInMinSpeechMs,
    isTrusted: isTrusted(known),
    otherNames: [...draft.speakers].flatMap(([other, { name }]) => (other === speaker ? [] : [name])),
    extraBackChannels: draft.settings.backChannels,
    endpointingMinMs: draft.settings.endpointingMinMs,
  };
}

function settleOnset(draft: TurnDraft, speaker: SpeakerId, rule: string, evidence: Evidence): void {
  const known = draft.speakers.get(speaker);
  const reply = runningReply(draft);
  if (known?.onset === undefined || reply === undefined) return;
  clearTimer(draft, 'barge-in', speaker);
  clearTimer(draft, 'patience', speaker);
  updateSpeaker(draft, speaker, { onset: { ...known.onset, settledBy: rule } });
  if (rule === 'own-voice') markOwnVoice(draft, speaker);
  const isHeld = [...draft.speakers.values()].some(
    ({ onset }) => onset?.isDucking && onset.settledBy === undefined,
  );
  const goesOn = reply.isDucked && !isHeld;
  if (goesOn) {
    draft.reply = { ...reply, isDucked: false };
    draft.commands.push({ type: 'resume-voice', replyId: reply.replyId });
  }
  draft.commands.push({
    type: 'publish-decision',
    turnId: reply.turn.turnId,
    speaker,
    rule,
    action: goesOn ? 'resume' : 'ignore',
    evidence,
  });
}

/** What is heard of the agent's own voice is no turn, and a microphone that hears it holds no voice by sound alone. */
function markOwnVoice(draft: TurnDraft, speaker: SpeakerId): void {
  const pending = draft.speakers.get(speaker)?.pending;
  if (pending?.overlap !== undefined)
    updateSpeaker(draft, speaker, {
      pending: { ...pending, overlap: { ...pending.overlap, isOwnVoice: true } },
    });
  distrust(draft, speaker);
}

function closeOnset(draft: TurnDraft, speaker: SpeakerId): void {
  clearTimer(draft, 'barge-in', speaker);
  clearTimer(draft, 'patience', speaker);
  clearTimer(draft, 'peek', speaker);
  if (draft.speakers.get(speaker)?.onset !== undefined) updateSpeaker(draft, speaker, { onset: undefined });
}

function duck(draft: TurnDraft): void {
  const reply = runningReply(draft);
  if (reply === undefined || reply.isDucked) return;
  draft.reply = { ...reply, isDucked: true };
  draft.commands.push({ type: 'duck-voice', replyId: reply.replyId });
}

function runningReply(draft: TurnDraft): ActiveReply | undefined {
  return draft.reply?.stoppedBy === undefined ? draft.reply : undefined;
}

function mayInterrupt(draft: TurnDraft, reply: ActiveReply, speaker: SpeakerId): boolean {
  const { bargeIn, bargeInDuringConfirmations } = draft.settings;
  if (bargeIn === 'nobody' || (reply.asksConfirmation && !bargeInDuringConfirmations)) return false;
  return bargeIn === 'everyone' || reply.turn.speaker === speaker;
}
