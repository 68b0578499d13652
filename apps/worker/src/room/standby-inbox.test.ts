import { speakerIdSchema, utteranceIdSchema } from '@sophy/contracts/ids';
import type { TurnEvent } from '@sophy/conversation/turn-event';
import { expect, test } from 'vitest';
import { StandbyInbox } from './standby-inbox.ts';

const ada = speakerIdSchema.parse('ada');
const bo = speakerIdSchema.parse('bo');
const utteranceId = utteranceIdSchema.parse('u1');

function released(events: readonly TurnEvent[], taken: Parameters<StandbyInbox['release']>[1] = []) {
  const inbox = new StandbyInbox();
  for (const event of events) inbox.take(event);
  return inbox
    .release(20_000, taken)
    .map(({ type, ...rest }) => `${type} ${'speaker' in rest ? rest.speaker : ''}`);
}

const joins: readonly TurnEvent[] = [
  { type: 'speaker-join', atMs: 0, speaker: ada, name: 'Ada' },
  { type: 'speaker-join', atMs: 0, speaker: bo, name: 'Bo' },
];

test('people who are there are known, those who have left are not', () => {
  expect(released([...joins, { type: 'speaker-leave', atMs: 5, speaker: ada }])).toEqual(['speaker-join bo']);
});

test('speech that goes on is heard from its beginning, speech that has ended was the other agent’s', () => {
  const start: TurnEvent = { type: 'speech-start', atMs: 19_000, speaker: ada, onsetMs: 18_900 };
  const words: TurnEvent = {
    type: 'transcript-delta',
    atMs: 19_500,
    speaker: ada,
    utteranceId,
    text: 'What',
  };
  expect(released([...joins, start, words])).toEqual([
    'speaker-join ada',
    'speaker-join bo',
    'speech-start ada',
    'transcript-delta ada',
  ]);
  const end: TurnEvent = { type: 'speech-end', atMs: 19_600, speaker: ada, lastVoiceMs: 19_500 };
  expect(released([start, words, end])).toEqual([]);
});

test('a typed message is taken once, by the agent before or by this one', () => {
  const typed = (messageId: string, atMs: number, isPrivate = false): TurnEvent => ({
    type: 'typed-message',
    atMs,
    speaker: ada,
    messageId,
    text: 'What time is it?',
    isPrivate,
  });
  const seen = { speaker: 'ada', text: 'What time is it?' };
  expect(released([typed('m1', 19_900)], [seen])).toEqual([]);
  expect(released([typed('m1', 15_000), typed('m2', 19_900)], [seen])).toEqual(['typed-message ada']);
  expect(released([typed('m1', 19_900)], [{ ...seen, speaker: 'bo' }])).toEqual(['typed-message ada']);
  expect(released([typed('m1', 9_000), typed('m2', 19_900, true)])).toEqual([]);
});
