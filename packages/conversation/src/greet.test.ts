import { expect, test } from 'vitest';
import {
  ends,
  greets,
  joins,
  playTimeline,
  sounds,
  speaks,
  utters,
} from './scripted-timeline.test-support.ts';

test('the greeting is said word for word, without a turn in journal or chat', () => {
  const played = playTimeline([
    [0, joins('anna')],
    [100, greets('Hello, I am Sophy.')],
    [300, sounds('r1')],
    [1500, ends('r1')],
  ]);
  expect(played.commands.map(({ command }) => command)).toContainEqual(
    expect.objectContaining({ type: 'start-reply', replyId: 'r1', fixedText: 'Hello, I am Sophy.' }),
  );
  expect(played.log).toEqual([
    '100 start-reply r1 for t1',
    '100 state thinking greeting',
    '300 state speaking greeting',
    '1500 state listening reply-complete',
  ]);
});

test('a person who speaks stops the greeting as any reply', () => {
  const played = playTimeline([
    [0, joins('anna')],
    [100, greets('Hello.')],
    [300, sounds('r1')],
    [500, speaks('anna')],
  ]);
  expect(played.log).toContain('500 duck-voice r1');
  expect(played.log).toContain('1000 stop-reply r1');
});

test('nobody is greeted in an empty room, with an empty greeting, or over a reply', () => {
  expect(playTimeline([[0, greets('Hello.')]]).commands).toEqual([]);
  expect(
    playTimeline([
      [0, joins('anna')],
      [1, greets('  ')],
    ]).commands,
  ).toEqual([]);
  const busy = playTimeline([
    [0, joins('anna')],
    ...utters('anna', 'u1', 'What time is it?', { fromMs: 1000, toMs: 2000 }),
    [2500, greets('Hello.')],
  ]);
  expect(busy.commands.filter(({ command }) => command.type === 'start-reply')).toHaveLength(1);
});
