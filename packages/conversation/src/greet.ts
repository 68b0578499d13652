/** The greeting: the one reply that answers no turn. It may be interrupted like any other. */
import { prepareAgain } from './prepared-reply.ts';
import { startReply } from './reply-queue.ts';
import { type TurnDraft, takeTurnId } from './turn-draft.ts';

/** Greets the person who has been in the room longest; says nothing into an empty room or over a reply. */
export function greet(draft: TurnDraft, greeting: { readonly text: string; readonly atMs: number }): void {
  const [first] = draft.speakers;
  const fixedText = greeting.text.trim();
  if (first === undefined || fixedText === '' || draft.reply !== undefined || draft.isDraining) return;
  const [speaker, { name }] = first;
  const turn = {
    turnId: takeTurnId(draft),
    speaker,
    name,
    text: '',
    language: undefined,
    source: 'typed',
    endedAtMs: greeting.atMs,
  } as const;
  startReply(draft, { turn, rule: 'greeting', prepared: undefined, fixedText }, greeting.atMs);
  prepareAgain(draft, greeting.atMs);
}
