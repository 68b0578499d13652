/** In company, the person whom the agent answers, or answered a moment ago, needs no name to go on. */

import type { SpeakerId } from '@sophy/contracts/ids';
import { countPeople } from '../count-people.ts';
import type { Evidence } from '../turn-command.ts';
import type { RuleRoom, TurnRule } from './rule.ts';

export const followUp: TurnRule = (turn, room) => {
  if (countPeople(room.speakers) < 2 || room.settings.followUpMs === 0) return undefined;
  const evidence = standing(turn.speaker, room);
  return evidence && { rule: 'follow-up', action: 'answer', evidence };
};

/** What makes this speaker the one in conversation with the agent. */
function standing(speaker: SpeakerId, room: RuleRoom): Evidence | undefined {
  if (room.reply?.turn.speaker === speaker) return { during: room.reply.replyId };
  if (room.followUp?.speaker === speaker) return { windowUntilMs: room.followUp.untilMs };
  return undefined;
}
