/** In company, the person whom the agent answers, or answered a moment ago, needs no name to go on. */
import type { TurnRule } from './rule.ts';

export const followUp: TurnRule = (turn, room) => {
  if (room.speakers.size < 2 || room.settings.followUpMs === 0) return undefined;
  if (room.reply?.turn.speaker === turn.speaker) {
    return { rule: 'follow-up', action: 'answer', evidence: { during: room.reply.replyId } };
  }
  if (room.followUp?.speaker !== turn.speaker) return undefined;
  return { rule: 'follow-up', action: 'answer', evidence: { windowUntilMs: room.followUp.untilMs } };
};
