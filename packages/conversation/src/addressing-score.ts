/** How well the addressing does on labelled utterances. */
import { type AddressMatch, matchAddress } from './addressing.ts';
import type { AddressingExample } from './addressing-set.ts';

/** What the held-out set must reach. A wrong answer disturbs everybody in the room, a missed one is said again. */
export const addressingTargets = { precision: 0.97, recall: 0.95 };

export type AddressingScore = {
  readonly examples: number;
  /** Of the turns taken as spoken to the agent, the share that were. 0 to 1; 1 when none was taken. */
  readonly precision: number;
  /** Of the turns spoken to the agent, the share that were taken so. 0 to 1; 1 when there are none. */
  readonly recall: number;
  readonly f1: number;
  /** Of the turns rightly taken as spoken to the agent, the share whose bareness (a call and nothing else) is right. */
  readonly bareWakeAccuracy: number;
};

/** Addressed and bare-wake count as spoken to the agent, mentioned and none do not. */
export function scoreAddressing(
  examples: readonly AddressingExample[],
  agentNames: readonly string[],
): AddressingScore {
  const judged = examples.map(({ label, text }) => ({ label, found: matchAddress(text, agentNames).kind }));
  const meant = judged.filter(({ label }) => speaksToAgent(label));
  const taken = judged.filter(({ found }) => speaksToAgent(found));
  const right = meant.filter(({ found }) => speaksToAgent(found));
  const bareRight = right.filter(({ label, found }) => label === found);
  const precision = share(right.length, taken.length);
  const recall = share(right.length, meant.length);
  return {
    examples: examples.length,
    precision,
    recall,
    f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall),
    bareWakeAccuracy: share(bareRight.length, right.length),
  };
}

export function speaksToAgent(kind: AddressMatch['kind']): boolean {
  return kind === 'addressed' || kind === 'bare-wake';
}

export function meetsAddressingTargets({ precision, recall }: AddressingScore): boolean {
  return precision >= addressingTargets.precision && recall >= addressingTargets.recall;
}

function share(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}
