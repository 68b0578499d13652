/** Whether words are put to a person in the room, by name. */
import { matchAddress } from './addressing.ts';

/** The name, as given, that the words are put to: its first word or all of it counts. */
export function addressesPerson(text: string, names: readonly string[]): string | undefined {
  return names.find((name) => {
    const first = name.trim().split(/\s+/u)[0] ?? '';
    const { kind } = matchAddress(text, [name, first]);
    return kind === 'addressed' || kind === 'bare-wake';
  });
}
