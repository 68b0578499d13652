/** The agent takes its leave of a call, since its budget is spent: it says so once, and answers nobody any more. */
import { startReply } from './reply-queue.ts';
import { type TurnDraft, takeTurnId } from './turn-draft.ts';

/** Says the farewell kept in the draft, unless a reply is still under way; with nobody there it is over at once. */
export function sayFarewell(draft: TurnDraft, atMs: number): void {
  const { farewell } = draft;
  if (farewell === undefined || draft.reply !== undefined) return;
  draft.farewell = undefined;
  const [first] = draft.speakers;
  if (first === undefined) {
    draft.commands.push({ type: 'hang-up' });
    return;
  }
  const [speaker, { name }] = first;
  const turn = {
    turnId: takeTurnId(draft),
    speaker,
    name,
    text: '',
    language: farewell.language,
    source: 'typed',
    endedAtMs: atMs,
  } as const;
  startReply(draft, { turn, rule: 'farewell', prepared: undefined, fixedText: farewell.text }, atMs);
}
