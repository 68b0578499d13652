import { speakerIdSchema } from '@sophy/contracts/ids';
import { expect, it } from 'vitest';
import { joins, playTimeline, utters } from './scripted-timeline.test-support.ts';
import { timerId } from './turn-draft.ts';
import { decide } from './turn-policy.ts';

const anna = speakerIdSchema.parse('anna');
const endOfTurn = timerId('end-of-turn', anna);
const { state } = playTimeline(
  [[0, joins('anna')], ...utters('anna', 'u1', 'What time is it?', { fromMs: 0, toMs: 1_000 })],
  { untilMs: 1_200 },
);

it('asks again for a timer that fires a hair early, so that the turn is not lost', () => {
  const early = decide(state, { type: 'timer-fired', atMs: 1_299.7, timerId: endOfTurn });
  expect(early.commands).toEqual([{ type: 'set-timer', timerId: endOfTurn, atMs: 1_300 }]);
  const due = decide(early.state, { type: 'timer-fired', atMs: 1_300, timerId: endOfTurn });
  expect(due.commands.map((command) => command.type)).toContain('start-reply');
});

it('knows no timer that was cleared or never set', () => {
  const left = decide(state, { type: 'speaker-leave', atMs: 1_250, speaker: anna });
  expect(left.commands).toContainEqual({ type: 'clear-timer', timerId: endOfTurn });
  expect(decide(left.state, { type: 'timer-fired', atMs: 1_300, timerId: endOfTurn }).commands).toEqual([]);
});

it('takes the waits of new settings into account when the old timer fires', () => {
  const settings = { ...state.settings, endpointingMinMs: 500 };
  const changed = decide(state, { type: 'settings-change', atMs: 1_250, settings }).state;
  const fired = decide(changed, { type: 'timer-fired', atMs: 1_300, timerId: endOfTurn });
  expect(fired.commands).toEqual([{ type: 'set-timer', timerId: endOfTurn, atMs: 1_500 }]);
});
