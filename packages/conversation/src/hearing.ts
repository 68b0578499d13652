/** How well somebody is heard: noise without words loses the right to hold the voice by sound alone. */
import type { SpeakerId } from '@sophy/contracts/ids';
import type { HearingState } from '@sophy/contracts/room-messages';
import { type TurnDraft, updateSpeaker } from './turn-draft.ts';
import type { SpeakerState } from './turn-state.ts';

/** So many stretches in a row without a word make a microphone noisy. */
const noisyFrom = 3;
/** So many utterances in a row that recognition fails on are worth saying. */
const failingFrom = 2;

/** Whether sound alone on this microphone may hold the voice. */
export function isTrusted(speaker: SpeakerState | undefined): boolean {
  return speaker !== undefined && speaker.wordlessStretches < noisyFrom;
}

/** A stretch of sound came to nothing. */
export function countWordless(draft: TurnDraft, speaker: SpeakerId): void {
  const known = draft.speakers.get(speaker);
  if (known !== undefined)
    updateSpeaker(draft, speaker, { wordlessStretches: Math.min(noisyFrom, known.wordlessStretches + 1) });
}

/** Sound that never ends and has no words. */
export function distrust(draft: TurnDraft, speaker: SpeakerId): void {
  updateSpeaker(draft, speaker, { wordlessStretches: noisyFrom });
}

/** Words came: the microphone is worth listening to. */
export function countWords(draft: TurnDraft, speaker: SpeakerId): void {
  updateSpeaker(draft, speaker, { wordlessStretches: 0, failures: 0 });
}

export function countFailure(draft: TurnDraft, speaker: SpeakerId): void {
  const known = draft.speakers.get(speaker);
  if (known !== undefined)
    updateSpeaker(draft, speaker, { failures: Math.min(failingFrom, known.failures + 1) });
}

/** Tells the room how somebody is heard, when that changes. */
export function publishHearing(draft: TurnDraft, speaker: SpeakerId): void {
  const known = draft.speakers.get(speaker);
  if (known === undefined) return;
  const state = hearingOf(known);
  if (state === known.hearing) return;
  updateSpeaker(draft, speaker, { hearing: state });
  draft.commands.push({ type: 'publish-hearing', speaker, state });
}

function hearingOf(speaker: SpeakerState): HearingState {
  if (speaker.failures >= failingFrom) return 'failing';
  if (!isTrusted(speaker)) return 'noisy';
  return speaker.pending === undefined ? 'silent' : 'hearing';
}
