import type { RoomNotice } from '@sophy/contracts/room-messages';
import { expect, test } from 'vitest';
import { applyNotice, nothingTold, withoutPerson } from './apply-notice.ts';
import type { PersonView } from './participant-view.ts';
import { initialSnapshot, type RoomSnapshot } from './room-snapshot.ts';

const person = (identity: string, name: string): PersonView => ({
  identity,
  name,
  isLocal: identity === 'anna-1',
  isSpeaking: false,
  audioLevel: 0,
  microphone: 'on',
});
const inRoom: RoomSnapshot = {
  ...initialSnapshot,
  people: [person('anna-1', 'Anna'), person('bo-1', 'Bo')],
};
const after = (...notices: RoomNotice[]) =>
  notices.reduce((snapshot, notice) => applyNotice(snapshot, notice, 0), inRoom);
const hand = (speaker: string, isRaised: boolean): RoomNotice => ({ type: 'hand', speaker, isRaised });

test('hands stand in the order in which they went up, each once, until they are lowered', () => {
  const up = after(hand('bo-1', true), hand('anna-1', true), hand('anna-1', true));
  expect(up.raisedHands).toEqual(['bo-1', 'anna-1']);
  expect(applyNotice(up, hand('bo-1', false), 0).raisedHands).toEqual(['anna-1']);
});

test('who is heard is kept for each person', () => {
  const { hearing } = after(
    { type: 'hearing', speaker: 'anna-1', state: 'hearing' },
    { type: 'hearing', speaker: 'bo-1', state: 'failing' },
    { type: 'hearing', speaker: 'anna-1', state: 'noisy' },
  );
  expect(hearing).toEqual({ 'anna-1': 'noisy', 'bo-1': 'failing' });
});

test('a person waits for one reason at a time, until the wait is over', () => {
  const waits = after(
    { type: 'waiting', speaker: 'anna-1', reason: 'uncertain', untilMs: 10 },
    { type: 'waiting', speaker: 'anna-1', reason: 'unfinished-sentence', untilMs: 20 },
  );
  expect(waits.waiting).toEqual([{ speaker: 'anna-1', reason: 'unfinished-sentence', untilMs: 20 }]);
  const over: RoomNotice = {
    type: 'waiting',
    speaker: 'anna-1',
    reason: 'unfinished-sentence',
    untilMs: null,
  };
  expect(applyNotice(waits, over, 0).waiting).toEqual([]);
});

test('each speaker has one window of a kind, until it closes', () => {
  const open = after(
    { type: 'window', window: 'wake', speaker: 'anna-1', untilMs: 10 },
    { type: 'window', window: 'wake', speaker: 'bo-1', untilMs: 15 },
    { type: 'window', window: 'follow-up', speaker: 'anna-1', untilMs: 20 },
    { type: 'window', window: 'wake', speaker: 'anna-1', untilMs: 30 },
  );
  expect(open.windows.map(({ window, speaker, untilMs }) => [window, speaker, untilMs])).toEqual([
    ['wake', 'bo-1', 15],
    ['follow-up', 'anna-1', 20],
    ['wake', 'anna-1', 30],
  ]);
  const closed: RoomNotice = { type: 'window', window: 'wake', speaker: 'anna-1', untilMs: null };
  expect(applyNotice(open, closed, 0).windows).toHaveLength(2);
});

test('a queue replaces the one before', () => {
  const { queue } = after(
    { type: 'queue', speakers: ['anna-1', 'bo-1'] },
    { type: 'queue', speakers: ['bo-1'] },
  );
  expect(queue).toEqual(['bo-1']);
});

test('the newest decision is kept with its evidence and the name that the person had', () => {
  const decision: RoomNotice = {
    type: 'decision',
    turnId: 't1',
    speaker: 'bo-1',
    rule: 'record-only',
    action: 'silent',
    evidence: { waitMs: 350 },
  };
  const snapshot = after(decision);
  expect(withoutPerson(snapshot, 'bo-1').decision).toMatchObject({ name: 'Bo', evidence: { waitMs: 350 } });
  expect(after({ ...decision, speaker: 'agent-c-e1' }).decision?.name).toBeNull();
});

test('trouble with one person’s words names that person', () => {
  const trouble: RoomNotice = {
    type: 'engine-trouble',
    stage: 'stt',
    code: 'stt.connectivity',
    speaker: 'bo-1',
  };
  expect(after(trouble).trouble).toEqual({ stage: 'stt', name: 'Bo', count: 1 });
  expect(after(trouble, { ...trouble, stage: 'llm', speaker: null }).trouble).toEqual({
    stage: 'llm',
    name: null,
    count: 2,
  });
});

test('a person who goes leaves nothing for their return', () => {
  const told = after(
    hand('bo-1', true),
    { type: 'hearing', speaker: 'bo-1', state: 'noisy' },
    { type: 'queue', speakers: ['bo-1', 'anna-1'] },
    { type: 'waiting', speaker: 'bo-1', reason: 'dictation', untilMs: 10 },
    { type: 'window', window: 'wake', speaker: 'bo-1', untilMs: 10 },
  );
  expect(withoutPerson(told, 'bo-1')).toMatchObject({
    raisedHands: [],
    hearing: {},
    queue: ['anna-1'],
    waiting: [],
    windows: [],
  });
  expect({ ...told, ...nothingTold }).toEqual(inRoom);
});
