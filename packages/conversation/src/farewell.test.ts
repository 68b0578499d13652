import { expect, test } from 'vitest';
import {
  drains,
  ends,
  joins,
  leaves,
  playTimeline,
  type ScriptedEvent,
  type ScriptedLine,
  sounds,
  types,
  utters,
} from './scripted-timeline.test-support.ts';

const parts: ScriptedEvent = (atMs) => ({ type: 'farewell', atMs, text: 'Goodbye.', language: 'en' });

/** Anna is being answered from 2.6 s on. */
const answered: readonly ScriptedLine[] = [
  [0, joins('anna')],
  ...utters('anna', 'u1', 'What time is it?', { fromMs: 1_000, toMs: 2_000 }),
  [2_600, sounds('r1')],
];

function ordered(lines: readonly ScriptedLine[]): string[] {
  return playTimeline(lines).commands.flatMap(({ command }) => {
    if (command.type === 'start-reply') return [`start ${command.fixedText ?? 'answer'}`];
    return command.type === 'hang-up' ? ['hang-up'] : [];
  });
}

test('the farewell is said at once into a quiet room, and the agent hangs up when it is over', () => {
  expect(
    ordered([
      [0, joins('anna')],
      [100, parts],
    ]),
  ).toEqual(['start Goodbye.']);
  const heard = [
    [0, joins('anna')],
    [100, parts],
    [300, sounds('r1')],
    [900, ends('r1')],
  ] as const;
  expect(ordered(heard)).toEqual(['start Goodbye.', 'hang-up']);
});

test('a reply under way is said to its end first; questions behind it get no answer', () => {
  expect(
    ordered([
      ...answered,
      [2_700, parts],
      [2_800, types('anna', 'And the date?')],
      [4_000, ends('r1')],
      [4_200, sounds('r2')],
      [5_000, ends('r2')],
    ]),
  ).toEqual(['start answer', 'start Goodbye.', 'hang-up']);
});

test('a farewell that is cut or whose voice fails is over too: nothing more is spent', () => {
  for (const outcome of ['interrupted', 'failed'] as const)
    expect(
      ordered([
        [0, joins('anna')],
        [100, parts],
        [500, ends('r1', outcome)],
      ]),
    ).toEqual(['start Goodbye.', 'hang-up']);
});

test('whoever asks after the farewell has begun is not answered', () => {
  expect(
    ordered([
      [0, joins('anna')],
      [100, parts],
      [200, types('anna', 'Sophy, one more thing?')],
    ]),
  ).toEqual(['start Goodbye.']);
});

test('nobody is there to be told: it is over at once', () => {
  expect(ordered([[0, parts]])).toEqual(['hang-up']);
  expect(
    ordered([
      [0, joins('anna')],
      [10, leaves('anna')],
      [100, parts],
    ]),
  ).toEqual(['hang-up']);
});

test('an agent that leaves before its farewell leaves it to the next', () => {
  expect(ordered([...answered, [2_700, parts], [2_900, drains], [4_000, ends('r1', 'interrupted')]])).toEqual(
    ['start answer'],
  );
});
