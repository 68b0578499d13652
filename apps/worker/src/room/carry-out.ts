/** The hands of the policy: what each command of it does in the room. Commands are carried out in order, at once. */
import type { TurnCommand } from '@sophy/conversation/turn-command';
import type { CallTools } from '../tools/call-tools.ts';
import type { Speaker } from '../voice/speaker.ts';
import type { AgentPresence } from './agent-presence.ts';
import type { CallRecorder } from './call-recorder.ts';
import type { People } from './people.ts';
import type { PrivateReplies } from './private-replies.ts';
import type { Timers } from './timers.ts';

export type Effects = {
  readonly timers: Timers;
  readonly speaker: Speaker;
  readonly recorder: CallRecorder;
  readonly tools: CallTools;
  readonly people: People;
  readonly presence: AgentPresence;
  readonly privateReplies: PrivateReplies;
  /** Version of the settings that a turn is recorded with. */
  readonly settingsVersion: () => number;
  /** Spends nothing more on this call. */
  readonly hangUp: () => void;
};

export function carryOut(effects: Effects, command: TurnCommand): void {
  const { timers, speaker, recorder, tools, people, presence, privateReplies, settingsVersion } = effects;
  switch (command.type) {
    case 'set-timer':
      timers.set(command.timerId, command.atMs);
      return;
    case 'clear-timer':
      timers.clear(command.timerId);
      return;
    case 'prepare-reply':
      speaker.prepare(command.replyId, command.turn);
      return;
    case 'start-reply':
      recorder.replyStarted(speaker.start(command.replyId, command.turn, command));
      tools.replyStarted(command.replyId, command.turn);
      return;
    case 'hang-up':
      effects.hangUp();
      return;
    case 'discard-reply':
    case 'stop-reply':
      speaker.stop(command.replyId);
      return;
    case 'start-private-reply':
      privateReplies.answer(command);
      return;
    case 'peek-utterance':
      people.peek(command.speaker);
      return;
    case 'duck-voice':
      speaker.hold(command.replyId);
      return;
    case 'resume-voice':
      speaker.resume(command.replyId);
      return;
    case 'record-turn':
      recorder.turn(command.turn, settingsVersion());
      tools.turn(command.turn);
      return;
    case 'close-utterance':
      people.closeUtterance(command.speaker);
      recorder.utteranceClosed(command.speaker);
      return;
    case 'publish-decision':
      recorder.decision(command);
      return;
    case 'publish-state':
      presence.state(command.state, command.reason);
      return;
    case 'publish-window':
      recorder.window(command);
      return;
    case 'publish-waiting':
      recorder.waiting(command);
      return;
    case 'publish-hand':
      recorder.hand(command);
      return;
    case 'publish-queue':
      recorder.queue(command);
      return;
    case 'publish-hearing':
      recorder.hearing(command);
      return;
    default:
      command satisfies never;
  }
}
