/** The ordered list of rules: the first that decides wins, and its name goes with the decision everywhere. */

import type { SpeakerId } from '@sophy/contracts/ids';
import { matchAddress } from '../addressing.ts';
import { addressed } from './addressed.ts';
import { followUp } from './follow-up.ts';
import { forced } from './forced.ts';
import { held } from './held.ts';
import { onlyHuman } from './only-human.ts';
import { recordOnly } from './record-only.ts';
import type { RuleRoom, RuleVerdict, TurnRule } from './rule.ts';
import { wakeWindow } from './wake-window.ts';

/** Barge-in stands between `held` and `addressed`, but works on voice activity: see `barge-in.ts`. */
const rules: readonly TurnRule[] = [held, addressed, wakeWindow, followUp, forced, onlyHuman];

/** What the rules make of these words, now. */
export function judgeTurn(words: { speaker: SpeakerId; text: string }, room: RuleRoom): RuleVerdict {
  const turn = { ...words, address: matchAddress(words.text, room.settings.agentNames) };
  for (const rule of rules) {
    const verdict = rule(turn, room);
    if (verdict !== undefined) return verdict;
  }
  return recordOnly(turn, room);
}
