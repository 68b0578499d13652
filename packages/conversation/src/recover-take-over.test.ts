import { speakerIdSchema, turnIdSchema } from '@sophy/contracts/ids';
import { expect, test } from 'vitest';
import {
  drains,
  ends,
  joins,
  playTimeline,
  raisesHand,
  type ScriptedEvent,
  type ScriptedLine,
  sounds,
  types,
  utters,
} from './scripted-timeline.test-support.ts';
import type { TakeOver, Turn } from './turn-event.ts';

const turn = (speaker: string, turnId = `e1-${speaker}`): Turn => ({
  turnId: turnIdSchema.parse(turnId),
  speaker: speakerIdSchema.parse(speaker),
  name: speaker,
  text: 'When does it open?',
  language: 'en',
  source: 'voice',
  endedAtMs: -2_000,
});

const takesOver =
  (found: Partial<Omit<TakeOver, 'type' | 'atMs'>> = {}): ScriptedEvent =>
  (atMs) => ({
    type: 'take-over',
    atMs,
    reason: 'crash',
    absentMs: 2_000,
    windows: [],
    raisedHands: [],
    owed: [],
    cut: undefined,
    sorry: { text: 'Sorry, go on.', language: 'en' },
    ...found,
  });

const cut = (restText: string | undefined) => ({
  replyIds: ['e1-r1'],
  heardText: 'It opens at',
  restText,
  turn: turn('anna'),
});
const wakeOf = (speaker: string, untilMs: number) => ({
  window: 'wake' as const,
  speaker: speakerIdSchema.parse(speaker),
  untilMs,
});
const anna: ScriptedLine = [0, joins('anna')];
const bruno: ScriptedLine = [0, joins('bruno')];

function starts(lines: readonly ScriptedLine[]) {
  return playTimeline(lines).commands.flatMap(({ command }) =>
    command.type === 'start-reply'
      ? [{ of: command.turn.turnId, says: command.fixedText, after: command.continues?.heardText }]
      : [],
  );
}

test.each<[what: string, lines: readonly ScriptedLine[], said: readonly object[]]>([
  [
    'says the rest of a reply word for word',
    [anna, [1, takesOver({ cut: cut('nine.') })]],
    [{ of: 'e1-anna', says: 'nine.', after: 'It opens at' }],
  ],
  [
    'has the model go on where it had not finished',
    [anna, [1, takesOver({ cut: cut(undefined) })]],
    [{ of: 'e1-anna', says: undefined, after: 'It opens at' }],
  ],
  [
    'goes on also after a hand-over',
    [anna, [1, takesOver({ reason: 'hand-over', cut: cut('nine.') })]],
    [{ says: 'nine.' }],
  ],
  [
    'goes on for those who stay when the asker has left',
    [bruno, [1, takesOver({ cut: cut('nine.') })]],
    [{ says: 'nine.' }],
  ],
  [
    'goes on with a greeting',
    [anna, [1, takesOver({ cut: { ...cut('there.'), turn: undefined } })]],
    [{ of: 't1', says: 'there.' }],
  ],
  [
    'answers what was owed',
    [anna, [1, takesOver({ owed: [turn('anna')] })]],
    [{ of: 'e1-anna', says: undefined, after: undefined }],
  ],
  [
    'answers one after the other',
    [anna, bruno, [1, takesOver({ owed: [turn('anna'), turn('bruno')] })], [500, ends('r1')]],
    [{ of: 'e1-anna' }, { of: 'e1-bruno' }],
  ],
  [
    'answers after the rest of the reply',
    [anna, bruno, [1, takesOver({ cut: cut('nine.'), owed: [turn('bruno')] })], [500, ends('r1')]],
    [{ says: 'nine.' }, { of: 'e1-bruno' }],
  ],
  [
    'answers nobody who has left',
    [anna, [1, takesOver({ owed: [turn('bruno')] })]],
    [{ says: 'Sorry, go on.' }],
  ],
  [
    'lets go of what is too old, and says that it is back',
    [anna, [1, takesOver({ absentMs: 61_000, cut: cut('nine.'), owed: [turn('anna', 't9')] })]],
    [{ says: 'Sorry, go on.' }],
  ],
  ['says that it is back to one person', [anna, [1, takesOver()]], [{ of: 't1', says: 'Sorry, go on.' }]],
  ['says nothing after a hand-over', [anna, [1, takesOver({ reason: 'hand-over' })]], []],
  ['says nothing to people who talk among themselves', [anna, bruno, [1, takesOver()]], []],
  [
    'says it in company to whoever had the floor',
    [anna, bruno, [1, takesOver({ windows: [wakeOf('bruno', 9_000)] })]],
    [{ says: 'Sorry, go on.' }],
  ],
  [
    'says nothing where that window is over',
    [anna, bruno, [10, takesOver({ windows: [wakeOf('bruno', 9)] })]],
    [],
  ],
  ['says nothing into an empty room', [[1, takesOver({ cut: cut('nine.'), owed: [turn('anna')] })]], []],
  [
    'says nothing as it drains',
    [anna, [0, drains], [1, takesOver({ cut: cut('nine.'), owed: [turn('anna')] })]],
    [],
  ],
  [
    'has moved on where it is asked something meanwhile',
    [anna, [0, types('anna', 'And now?')], [1, takesOver({ cut: cut('nine.') })]],
    [{ of: 't1' }],
  ],
])('an agent that takes over %s', (_what, lines, said) => {
  const started = starts(lines);
  expect(started).toHaveLength(said.length);
  expect(started).toMatchObject(said);
});

test('each turn that is taken up or let go of has a decision with its rule', () => {
  const decisions = (lines: readonly ScriptedLine[]) =>
    playTimeline(lines).log.filter((line) => line.includes('decision'));
  const found = { cut: cut('nine.'), owed: [turn('bruno')] };
  expect(decisions([anna, bruno, [1, takesOver(found)], [500, ends('r1')]])).toEqual([
    '1 decision e1-anna anna resume-reply resume',
    '1 decision e1-bruno bruno owed-answer answer',
  ]);
  expect(decisions([anna, [1, takesOver({ ...found, absentMs: 61_000 })]])).toEqual([
    '1 decision e1-anna anna too-late drop',
    '1 decision e1-bruno bruno asker-left drop',
  ]);
  expect(decisions([anna, [0, types('anna', 'And now?')], [1, takesOver({ cut: cut('nine.') })]])).toContain(
    '1 decision e1-anna anna moved-on drop',
  );
});

test('windows and hands go on with what is left of them', () => {
  const lines: ScriptedLine[] = [
    anna,
    bruno,
    [
      1,
      takesOver({
        reason: 'hand-over',
        windows: [wakeOf('anna', 5_000), { ...wakeOf('bruno', 3_000), window: 'follow-up' }],
        raisedHands: [speakerIdSchema.parse('bruno')],
      }),
    ],
  ];
  const { log } = playTimeline(lines);
  expect(log).toEqual([
    '1 window wake anna until 5000',
    '1 window follow-up bruno until 3000',
    '1 hand bruno raised',
    '3000 window follow-up bruno closes',
    '5000 window wake anna closes',
  ]);
  const answered = playTimeline([
    ...lines,
    [2, raisesHand('bruno', false)],
    ...utters('anna', 'u1', 'what time is it?', { fromMs: 4_000, toMs: 4_900 }),
  ]);
  expect(answered.log.some((line) => line.endsWith('decision t1 anna wake-window answer'))).toBe(true);
});

test('a resumed reply is interrupted as any other', () => {
  const { log } = playTimeline([
    anna,
    [1, takesOver({ cut: cut('nine in the morning.') })],
    [100, sounds('r1')],
    ...utters('anna', 'u1', 'stop it please, that is enough', { fromMs: 1_000, toMs: 2_500 }),
  ]);
  expect(log.some((line) => line.endsWith('stop-reply r1'))).toBe(true);
});
