/** How many humans are in a room: one person on two devices counts once. */
import type { SpeakerId } from '@sophy/contracts/ids';
import { foldText } from './fold-words.ts';
import type { SpeakerState } from './turn-state.ts';

/** People of the same name are the same person: names are unique among those who come in by the page. */
export function countPeople(speakers: ReadonlyMap<SpeakerId, Pick<SpeakerState, 'name'>>): number {
  return new Set([...speakers.values()].map(({ name }) => foldText(name.trim()))).size;
}
