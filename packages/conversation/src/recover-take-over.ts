/**
 * An agent takes a call over in the middle: what was open stays open, what was owed is answered, a reply that was cut
 * goes on. Only where a crash left nothing to do, and somebody had the floor with the agent, it says that it is back.
 */
import { countPeople } from './count-people.ts';
import { prepareAgain } from './prepared-reply.ts';
import { raiseHand } from './raise-hand.ts';
import { answer, startReply } from './reply-queue.ts';
import { type TurnDraft, takeTurnId } from './turn-draft.ts';
import type { TakeOver, Turn } from './turn-event.ts';
import { openFollowUpUntil, openWakeWindowUntil } from './windows.ts';

/** After a longer absence nobody waits for the rest of a sentence any more, ms. */
const longestAbsenceMs = 60_000;

/** Takes up what the agent before left. Its greeting was said: there is none. */
export function takeOver(draft: TurnDraft, event: TakeOver): void {
  const before = draft.reply;
  restoreWindows(draft, event);
  for (const speaker of event.raisedHands) raiseHand(draft, speaker, true);
  const isResumed = resumeReply(draft, event);
  const isAnswered = answerOwed(draft, event);
  if (!isResumed && !isAnswered) saySorry(draft, event);
  if (draft.reply !== before) prepareAgain(draft, event.atMs);
}

function restoreWindows(draft: TurnDraft, { windows, atMs }: TakeOver): void {
  if (draft.isDraining) return;
  for (const { window, speaker, untilMs } of windows) {
    if (untilMs <= atMs || !draft.speakers.has(speaker)) continue;
    if (window === 'wake') openWakeWindowUntil(draft, speaker, untilMs);
    else if (countPeople(draft.speakers) > 1) openFollowUpUntil(draft, speaker, untilMs);
  }
}

/** Rule `resume-reply`: says what was generated and not heard, or has the model go on from the last word heard. */
function resumeReply(draft: TurnDraft, { cut, absentMs, atMs }: TakeOver): boolean {
  if (cut === undefined) return false;
  const { replyIds, heardText, restText } = cut;
  const turn = cut.turn ?? turnOfNobody(draft, atMs);
  if (turn === undefined) return false;
  const about = { turnId: turn.turnId, speaker: turn.speaker };
  const evidence = { absentMs: Math.round(absentMs), heardCharacters: heardText.length };
  const dropped = draft.reply !== undefined ? 'moved-on' : tooLate(draft, absentMs);
  if (dropped !== undefined || (restText === undefined && cut.turn === undefined)) {
    const rule = dropped ?? 'moved-on';
    // A greeting was nobody's turn.
    if (cut.turn !== undefined)
      draft.commands.push({ type: 'publish-decision', ...about, rule, action: 'drop', evidence });
    return false;
  }
  const rule = 'resume-reply';
  draft.commands.push({ type: 'publish-decision', ...about, rule, action: 'resume', evidence });
  const continues = { replyIds, heardText };
  const order = { turn, rule, prepared: undefined, continues };
  startReply(draft, restText === undefined ? order : { ...order, fixedText: restText }, atMs);
  return true;
}

/** Rule `owed-answer`: answers, in their order, what was to be answered by the agent before. */
function answerOwed(draft: TurnDraft, { owed, absentMs, atMs }: TakeOver): boolean {
  let isAnswered = false;
  for (const turn of owed) {
    const about = {
      turnId: turn.turnId,
      speaker: turn.speaker,
      evidence: { absentMs: Math.round(absentMs) },
    };
    const dropped = draft.speakers.has(turn.speaker) ? tooLate(draft, absentMs) : 'asker-left';
    if (dropped !== undefined) {
      draft.commands.push({ type: 'publish-decision', ...about, rule: dropped, action: 'drop' });
      continue;
    }
    const rule = 'owed-answer';
    draft.commands.push({ type: 'publish-decision', ...about, rule, action: 'answer' });
    answer(draft, { turn, rule, prepared: undefined }, atMs);
    isAnswered = true;
  }
  return isAnswered;
}

/** Rule `sorry-go-on`: after a crash, to one person alone, or in company to whoever needed no name to be answered. */
function saySorry(draft: TurnDraft, { reason, sorry, atMs }: TakeOver): void {
  if (reason !== 'crash' || draft.reply !== undefined || draft.isDraining) return;
  const wakened = [...draft.speakers].find(([, { wakeWindow }]) => wakeWindow !== undefined)?.[0];
  const floor = draft.followUp?.speaker ?? wakened;
  if (countPeople(draft.speakers) > 1 && floor === undefined) return;
  const turn = turnOfNobody(draft, atMs, floor);
  if (turn === undefined) return;
  const rule = 'sorry-go-on';
  startReply(
    draft,
    { turn: { ...turn, language: sorry.language }, rule, prepared: undefined, fixedText: sorry.text },
    atMs,
  );
}

function tooLate({ isDraining, speakers }: TurnDraft, absentMs: number): string | undefined {
  if (isDraining) return 'drain';
  if (speakers.size === 0) return 'room-empty';
  return absentMs > longestAbsenceMs ? 'too-late' : undefined;
}

/** What is said without having been asked, to a person of the room. */
function turnOfNobody(
  draft: TurnDraft,
  atMs: number,
  wanted = [...draft.speakers.keys()][0],
): Turn | undefined {
  const name = wanted === undefined ? undefined : draft.speakers.get(wanted)?.name;
  if (wanted === undefined || name === undefined) return undefined;
  return {
    turnId: takeTurnId(draft),
    speaker: wanted,
    name,
    text: '',
    language: undefined,
    source: 'typed',
    endedAtMs: atMs,
  };
}
