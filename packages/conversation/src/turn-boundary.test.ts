import { speakerIdSchema } from '@sophy/contracts/ids';
import { expect, test } from 'vitest';
import { timelineSettings } from './scripted-timeline.test-support.ts';
import { isTurnBoundary } from './turn-boundary.ts';
import type { TurnEvent } from './turn-event.ts';
import { decide } from './turn-policy.ts';
import { initialTurnState, type TurnState } from './turn-state.ts';

const ada = speakerIdSchema.parse('ada');
const empty = initialTurnState({ settings: timelineSettings, idPrefix: 'e1-' });

function after(state: TurnState, ...events: readonly TurnEvent[]): TurnState {
  return events.reduce((before, event) => decide(before, event).state, state);
}

test('a room in which nothing happens is at a boundary; speech, words on their way and a reply are none', () => {
  const joined = after(empty, { type: 'speaker-join', atMs: 0, speaker: ada, name: 'Ada' });
  expect(isTurnBoundary(joined)).toBe(true);
  const speaking = after(joined, { type: 'speech-start', atMs: 100, speaker: ada, onsetMs: 50 });
  expect(isTurnBoundary(speaking)).toBe(false);
  const ended = after(speaking, { type: 'speech-end', atMs: 1_000, speaker: ada, lastVoiceMs: 900 });
  expect(isTurnBoundary(ended)).toBe(false);
  const typed = after(joined, {
    type: 'typed-message',
    atMs: 100,
    speaker: ada,
    messageId: 'm1',
    text: 'What time is it?',
  });
  expect(typed.reply).toBeDefined();
  expect(isTurnBoundary(typed)).toBe(false);
});
