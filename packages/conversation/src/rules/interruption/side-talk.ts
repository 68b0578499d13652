/** Words put to another person by name are not meant to stop the agent. */
import { addressesPerson } from '../../addresses-person.ts';
import type { InterruptionRule } from './interruption-rule.ts';

export const sideTalk: InterruptionRule = ({ words, otherNames }) => {
  const name = addressesPerson(words, otherNames);
  return name === undefined ? undefined : { action: 'resume', rule: 'side-talk', evidence: { to: name } };
};
