/** The ordered list of turn rules: the first that decides wins, and its name goes with the decision everywhere. */

import { addressesPerson } from '../addresses-person.ts';
import { matchAddress } from '../addressing.ts';
import { namesCollide } from '../names-collide.ts';
import { addressed } from './addressed.ts';
import { backChannel } from './back-channel.ts';
import { followUp } from './follow-up.ts';
import { forced } from './forced.ts';
import { heardTwice } from './heard-twice.ts';
import { held } from './held.ts';
import { onlyHuman } from './only-human.ts';
import { ownVoice } from './own-voice.ts';
import { raisedHand } from './raised-hand.ts';
import { recordOnly } from './record-only.ts';
import type { JudgedTurn, RuleRoom, RuleVerdict, TurnRule } from './rule.ts';
import { stopWord } from './stop-word.ts';
import { toSomebodyElse } from './to-somebody-else.ts';
import { wakeWindow } from './wake-window.ts';

/** First what is no turn at all, then who must not be answered, then who is. Interruption is judged apart. */
const rules: readonly TurnRule[] = [
  ownVoice,
  heardTwice,
  held,
  backChannel,
  stopWord,
  addressed,
  forced,
  raisedHand,
  toSomebodyElse,
  wakeWindow,
  followUp,
  onlyHuman,
];

/** What the rules make of these words, now. */
export function judgeTurn(words: Omit<JudgedTurn, 'address' | 'addressee'>, room: RuleRoom): RuleVerdict {
  const otherNames = [...room.speakers].flatMap(([speaker, { name }]) =>
    speaker === words.speaker ? [] : [name],
  );
  const turn = {
    ...words,
    address: matchAddress(words.text, agentNames(room, otherNames)),
    addressee: addressesPerson(words.text, otherNames),
  };
  for (const rule of rules) {
    const verdict = rule(turn, room);
    if (verdict !== undefined) return verdict;
  }
  return recordOnly(turn, room);
}

/** The names that mean the agent alone: not those that a person in the room has too. */
function agentNames({ settings }: RuleRoom, otherNames: readonly string[]): readonly string[] {
  return otherNames.reduce((names, name) => namesCollide(name, names), settings.agentNames);
}
