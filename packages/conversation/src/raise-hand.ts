/** A raised hand: the next turn of that person is for the agent, with no name and no hurry. */
import type { SpeakerId } from '@sophy/contracts/ids';
import { type TurnDraft, updateSpeaker } from './turn-draft.ts';

/** Raises or lowers the hand, and tells the room when that changes. */
export function raiseHand(draft: TurnDraft, speaker: SpeakerId, isRaised: boolean): void {
  const known = draft.speakers.get(speaker);
  if (known === undefined || known.isHandRaised === isRaised) return;
  updateSpeaker(draft, speaker, { isHandRaised: isRaised });
  draft.commands.push({ type: 'publish-hand', speaker, isRaised });
}
