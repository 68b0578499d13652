/** Which names still mean the agent when a person in the room has one of them. */
import { matchAddress } from './addressing.ts';

/** The agent names that do not also name this person. */
export function namesCollide(humanName: string, agentNames: readonly string[]): readonly string[] {
  const words = humanName.trim().split(/\s+/u);
  return agentNames.filter((name) => words.every((word) => matchAddress(word, [name]).kind === 'none'));
}
