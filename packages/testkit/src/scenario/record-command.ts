/** Writes down what the policy tells the room and the journal, for every runner that sees its commands. */
import type { TurnCommand } from '@sophy/conversation/turn-command';
import type { ScenarioRecord } from './scenario-record.ts';

/** Commands that do something instead of saying it leave the record as it is. */
export function recordCommand(record: ScenarioRecord, atMs: number, command: TurnCommand): void {
  switch (command.type) {
    case 'record-turn': {
      const { turnId, speaker: person, text } = command.turn;
      record.turns.push({ atMs, turnId, person, text });
      return;
    }
    case 'publish-decision': {
      const { turnId, speaker: person, rule, action } = command;
      record.decisions.push({ atMs, turnId, person, rule, action });
      return;
    }
    case 'publish-window': {
      const { window, speaker: person, untilMs } = command;
      record.signs.push({ type: 'window', atMs, window, person, opens: untilMs !== undefined });
      return;
    }
    case 'publish-waiting':
      if (command.untilMs !== undefined)
        record.signs.push({ type: 'waits', atMs, person: command.speaker, reason: command.reason });
      return;
    case 'publish-hand':
      record.signs.push({ type: 'hand', atMs, person: command.speaker, isRaised: command.isRaised });
      return;
    case 'publish-queue':
      record.signs.push({ type: 'queue', atMs, people: command.speakers });
      return;
    case 'publish-hearing':
      record.signs.push({ type: 'hearing', atMs, person: command.speaker, state: command.state });
      return;
    case 'discard-reply':
      record.signs.push({ type: 'reply-discarded', atMs });
      return;
    default:
      return;
  }
}
