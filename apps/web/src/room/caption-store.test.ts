import { expect, test } from 'vitest';
import { applyCaptionEvent, type CaptionEvent, noCaptions, type Speaker } from './caption-store.ts';

const anna: Speaker = { speaker: 'anna-1', name: 'Anna', isAgent: false, isLocal: true };
const bruno: Speaker = { speaker: 'bruno-1', name: 'Bruno', isAgent: false, isLocal: false };
const sophy: Speaker = { speaker: 'agent-c-e1', name: 'Sophy', isAgent: true, isLocal: false };

function after(...events: CaptionEvent[]) {
  return events.reduce(applyCaptionEvent, noCaptions).lines;
}
const text = (by: Speaker, segmentId: string, said: string, streamNumber = 1, atMs = 0): CaptionEvent => ({
  type: 'segment-text',
  segmentId,
  by,
  text: said,
  streamNumber,
  atMs,
});
const final = (by: Speaker, segmentId: string): CaptionEvent => ({ type: 'segment-final', segmentId, by });

test('interim text is replaced and becomes one final line', () => {
  const lines = after(
    text(anna, 's1', 'what'),
    text(anna, 's1', 'what time'),
    text(anna, 's1', 'What time is it?'),
    final(anna, 's1'),
  );
  expect(lines.map((line) => [line.name, line.text, line.status])).toEqual([
    ['Anna', 'What time is it?', 'final'],
  ]);
});

test('an interim stream that is read after the final one does not bring its guess back', () => {
  const lines = after(
    text(anna, 's1', 'What time is it?', 3),
    final(anna, 's1'),
    text(anna, 's1', 'what time', 2),
  );
  expect(lines).toMatchObject([{ text: 'What time is it?', status: 'final' }]);
});

test('two people who talk at once keep their own lines and names, in the order in which they began', () => {
  const lines = after(
    text(anna, 's1', 'I think'),
    text(bruno, 's1', 'No'),
    text(bruno, 's1', 'No, wait.'),
    final(bruno, 's1'),
    text(anna, 's1', 'I think so.'),
    final(anna, 's1'),
  );
  expect(lines.map((line) => `${line.name}: ${line.text}`)).toEqual([
    'Anna: I think so.',
    'Bruno: No, wait.',
  ]);
});

test('a segment that turns out to hold no words leaves no line', () => {
  expect(after(text(anna, 's1', ''), final(anna, 's1'))).toEqual([]);
});

test('an interrupted reply shows what was heard, and text that comes later does not bring the rest back', () => {
  const lines = after(
    text(sophy, 'r1', 'The weather today is'),
    { type: 'interrupted', replyId: 'r1', heardText: 'The weather' },
    text(sophy, 'r1', 'The weather today is sunny.'),
    final(sophy, 'r1'),
  );
  expect(lines).toMatchObject([{ text: 'The weather', status: 'final', isInterrupted: true }]);
});

test('an interruption that is announced before the text holds too', () => {
  const lines = after(
    { type: 'interrupted', replyId: 'r1', heardText: 'The' },
    text(sophy, 'r1', 'The weather today'),
  );
  expect(lines).toMatchObject([{ text: 'The', status: 'final', isInterrupted: true }]);
});

test('an interruption touches no line of a person whose segment has the same name', () => {
  const lines = after(text(anna, 'r1', 'Stop'), { type: 'interrupted', replyId: 'r1', heardText: '' });
  expect(lines).toMatchObject([{ text: 'Stop', isInterrupted: false }]);
});

test('an own typed message is sending, then sent or failed', () => {
  const typed = { type: 'typed', id: 't1', by: anna, text: 'ciao', atMs: 0 } as const;
  expect(after(typed)).toMatchObject([{ status: 'sending' }]);
  expect(after(typed, { type: 'typed-status', id: 't1', status: 'final' })).toMatchObject([
    { status: 'final' },
  ]);
  expect(after(typed, { type: 'typed-status', id: 't1', status: 'failed' })).toMatchObject([
    { status: 'failed' },
  ]);
  expect(after({ ...typed, by: bruno })).toMatchObject([{ name: 'Bruno', status: 'final' }]);
});

const decision = (
  turnId: string,
  about: Partial<Omit<Extract<CaptionEvent, { type: 'decision' }>['notice'], 'type'>> = {},
  atMs = 0,
): CaptionEvent => ({
  type: 'decision',
  notice: {
    type: 'decision',
    turnId,
    speaker: 'anna-1',
    rule: 'record-only',
    action: 'silent',
    evidence: {},
    ...about,
  },
  atMs,
});
const decided = (lines: ReturnType<typeof after>) => lines.map((line) => line.decision?.turnId);

test('a decision is shown at the turn it is about, else at the last line of that speaker', () => {
  const said = [text(anna, 's1', 'one'), text(anna, 's2', 'two'), text(bruno, 's3', 'three')];
  expect(decided(after(...said, decision('s1')))).toEqual(['s1', undefined, undefined]);
  expect(decided(after(...said, decision('t9')))).toEqual([undefined, 't9', undefined]);
});

test('a decision that comes before its line waits for it and leaves the line before alone', () => {
  const lines = after(
    text(anna, 's1', 'one'),
    decision('t1'),
    decision('t2', {}, 1_000),
    text(bruno, 's2', 'hm', 1, 1_010),
    text(anna, 's3', 'two', 1, 1_020),
  );
  expect(decided(lines)).toEqual(['t1', undefined, 't2']);
});

test('a decision whose line never comes is not shown at what the person says later', () => {
  const lines = after(
    decision('t1', {}, 1_000),
    text(anna, 's2', 'two', 1, 9_000),
    decision('t2', {}, 9_100),
  );
  expect(decided(lines)).toEqual(['t2']);
});

test('a queued turn that is dropped later says so at its own line', () => {
  const lines = after(
    text(anna, 's1', 'one'),
    decision('t1', { rule: 'addressed', action: 'answer' }),
    text(anna, 's2', 'two'),
    decision('t1', { rule: 'too-late', action: 'drop' }),
  );
  expect(lines.map((line) => line.decision?.rule)).toEqual(['too-late', undefined]);
});

test('a stopped voice is explained at what the agent said, not at the turn that it answered', () => {
  const lines = after(
    text(anna, 's1', 'one'),
    text(sophy, 'r1', 'A long answer'),
    decision('s1', { speaker: 'bruno-1', rule: 'stop-word', action: 'stop' }),
  );
  expect(lines.map((line) => line.decision?.rule)).toEqual([undefined, 'stop-word']);
});

test('nodding along is explained at the reply that went on; an echo is explained at its own line', () => {
  const lines = after(
    text(anna, 's1', 'one'),
    decision('t1', { rule: 'addressed', action: 'answer' }),
    text(sophy, 'r1', 'A long answer'),
    text(bruno, 's2', 'mm-hm'),
    decision('t1', { speaker: 'bruno-1', rule: 'back-channel', action: 'ignore' }),
    text(anna, 's3', 'a long answer'),
    decision('t2', { rule: 'own-voice', action: 'ignore' }),
  );
  expect(lines.map((line) => line.decision?.rule)).toEqual([
    'addressed',
    'back-channel',
    undefined,
    'own-voice',
  ]);
});

test('an answer that was stopped before a word of it leaves the answer before it as it was', () => {
  const lines = after(
    text(sophy, 'r1', 'An earlier answer'),
    text(anna, 's1', 'one'),
    decision('t1', { rule: 'addressed', action: 'answer' }),
    decision('t1', { speaker: 'bruno-1', rule: 'stop-word', action: 'stop' }),
  );
  expect(lines.map((line) => line.decision?.rule)).toEqual([undefined, 'addressed']);
});

test('the timing of an answer stands at the turn that was answered', () => {
  const timing = { turnId: 't1', endOfTurnMs: 300, sttMs: 100, llmMs: 200, ttsMs: 50, totalMs: 650 };
  const lines = after(
    text(anna, 's1', 'one'),
    decision('t1', { rule: 'addressed', action: 'answer' }),
    text(sophy, 'r1', 'Yes'),
    text(anna, 's2', 'two'),
    { type: 'timing', timing },
  );
  expect(lines.map((line) => line.timing?.totalMs)).toEqual([650, undefined, undefined]);
});

test('private words and their answer are marked, and a decision about them touches no other line', () => {
  const lines = after(
    text(anna, 's1', 'out loud'),
    { type: 'typed', id: 'p1', by: anna, text: 'psst', isPrivate: true, atMs: 0 },
    {
      type: 'segment-text',
      segmentId: 'r1',
      by: sophy,
      text: 'Yes?',
      streamNumber: 1,
      isPrivate: true,
      atMs: 0,
    },
    decision('t1', { rule: 'private', action: 'answer' }),
  );
  expect(lines.map((line) => [line.text, line.isPrivate, line.decision?.rule])).toEqual([
    ['out loud', false, undefined],
    ['psst', true, 'private'],
    ['Yes?', true, undefined],
  ]);
  const others = after(decision('t1', { rule: 'private', action: 'answer' }), text(anna, 's2', 'hello'));
  expect(others).toMatchObject([{ text: 'hello', decision: null }]);
});

test('a long call keeps its newest 500 lines', () => {
  const lines = after(...Array.from({ length: 520 }, (_, index) => text(anna, `s${index}`, String(index))));
  expect(lines).toHaveLength(500);
  expect(lines.at(-1)?.text).toBe('519');
});
