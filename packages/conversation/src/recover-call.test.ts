import type { JournalEvent } from '@sophy/contracts/journal-event';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type JournalReading, recoverCall } from './recover-call.ts';

const turn = (turnId: string, speaker = 'anna', text = `words of ${turnId}`): JournalEvent => ({
  type: 'turn',
  turnId,
  speaker,
  name: speaker,
  text,
  source: 'voice',
  language: 'it',
  settingsVersion: 1,
});
const decision = (turnId: string, action: 'answer' | 'silent' | 'drop' = 'answer'): JournalEvent => ({
  type: 'decision',
  turnId,
  speaker: 'anna',
  rule: 'only-human',
  action,
  evidence: {},
});
const start = (replyId: string, turnId: string, continues?: string): JournalEvent => ({
  type: 'reply-start',
  turnId,
  replyId,
  settingsVersion: 1,
  engines: {},
  ...(continues === undefined ? {} : { continues }),
});
const text = (replyId: string, words: string, isComplete = false): JournalEvent => ({
  type: 'reply-text',
  replyId,
  text: words,
  isComplete,
});
const heard = (replyId: string, words: string): JournalEvent => ({
  type: 'reply-heard',
  replyId,
  heardCharacters: words.length,
});
const end = (
  replyId: string,
  heardText: string,
  outcome: 'complete' | 'interrupted' = 'complete',
): JournalEvent => ({
  type: 'reply-end',
  turnId: 't1',
  replyId,
  outcome,
  generatedText: heardText,
  heardText,
});
const window = (kind: 'wake' | 'follow-up', speaker: string, untilMs: number | null): JournalEvent => ({
  type: 'window',
  window: kind,
  speaker,
  untilMs,
});
const hand = (speaker: string, isRaised: boolean): JournalEvent => ({ type: 'hand', speaker, isRaised });
const begins: JournalEvent = { type: 'call-start', roomName: 'kitchen', agentIdentity: 'agent' };
const leaving = (reason: string): JournalEvent => ({ type: 'agent-leaving', reason });

/** Each event 100 ms after the one before; asked a second after the last. */
function recover(...events: readonly JournalEvent[]) {
  return recoverCall(readings(events), events.length * 100 + 1_000);
}

function readings(events: readonly JournalEvent[]): JournalReading[] {
  return events.map((event, index) => ({ atMs: (index + 1) * 100, event }));
}

const asked = [begins, turn('t1'), decision('t1')];
const answer = ['It opens at nine.', 'It closes at seven.'] as const;
const speaking = [...asked, start('r1', 't1'), text('r1', answer[0]), text('r1', answer[1], true)];

describe('what is owed', () => {
  test.each<[what: string, events: readonly JournalEvent[], owed: readonly string[]]>([
    ['nothing, in an empty journal', [], []],
    ['a turn that was to be answered', asked, ['t1']],
    ['a turn whose answer was begun and of which nothing is known', [...asked, start('r1', 't1')], ['t1']],
    ['a turn whose answer has words that nobody heard, and more were to come', speaking.slice(0, 5), ['t1']],
    ['no turn that was answered', [...speaking, end('r1', answer.join(' '))], []],
    ['no turn whose answer a person cut', [...speaking, end('r1', 'It', 'interrupted')], []],
    ['no turn that was not for the agent', [turn('t1'), decision('t1', 'silent')], []],
    ['no turn that was dropped', [...asked, decision('t1', 'drop')], []],
    [
      'turns that waited behind a reply, in order',
      [...speaking, turn('t2'), decision('t2'), turn('t3'), decision('t3')],
      ['t2', 't3'],
    ],
    [
      'the cut turn before those that waited',
      [...asked, turn('t2'), decision('t2'), start('r1', 't1')],
      ['t1', 't2'],
    ],
    ['a turn that was asked for later', [turn('t1'), decision('t1', 'silent'), decision('t1')], ['t1']],
    ['nothing whose words are not in the journal', [decision('t9'), start('r9', 't9')], []],
    [
      'a turn that the agent dropped since it was leaving',
      [...asked, leaving('room closed'), decision('t1', 'drop')],
      ['t1'],
    ],
    ['nothing twice, after a second crash', [...asked, begins, decision('t1'), start('r2', 't1')], ['t1']],
  ])('%s', (_what, events, owed) => {
    expect(recover(...events).owed.map(({ turnId }) => turnId)).toEqual(owed);
  });
});

describe('a reply that was cut', () => {
  test.each<[what: string, events: readonly JournalEvent[], cut: ReturnType<typeof recover>['cut'] | object]>(
    [
      [
        'goes on behind what was heard',
        [...speaking, heard('r1', 'It opens')],
        { replyIds: ['r1'], heardText: 'It opens', restText: 'at nine. It closes at seven.' },
      ],
      [
        'is said whole where it was finished and nothing was heard',
        speaking,
        { heardText: '', restText: answer.join(' ') },
      ],
      [
        'goes on with the model where that had not finished',
        [...speaking.slice(0, 5), heard('r1', 'It opens')],
        { heardText: 'It opens', restText: undefined },
      ],
      [
        'goes on where the leaving agent cut it itself',
        [...speaking, heard('r1', 'It'), leaving('worker is gone'), end('r1', 'It opens at', 'interrupted')],
        { heardText: 'It opens at', restText: 'nine. It closes at seven.' },
      ],
      [
        'goes on from its second half where that was cut too',
        [
          ...speaking,
          heard('r1', 'It opens at nine.'),
          begins,
          start('r2', 't1', 'r1'),
          text('r2', 'It closes at seven.', true),
          heard('r2', 'It closes'),
        ],
        { replyIds: ['r1', 'r2'], heardText: 'It opens at nine. It closes', restText: 'at seven.' },
      ],
      [
        'is a greeting as well',
        [begins, start('r1', 't1'), text('r1', 'Hello there.', true), heard('r1', 'Hello')],
        { turn: undefined, heardText: 'Hello', restText: 'there.' },
      ],
    ],
  )('%s', (_what, events, cut) => {
    expect(recover(...events).cut).toMatchObject(cut ?? {});
    expect(recover(...events).owed).toEqual([]);
  });

  test.each<[what: string, events: readonly JournalEvent[]]>([
    ['one that was heard to its end', [...speaking, heard('r1', answer.join(' '))]],
    ['a greeting that nobody heard', [begins, start('r1', 't1'), text('r1', 'Hello there.', true)]],
    ['one that a person cut', [...speaking, end('r1', 'It opens', 'interrupted')]],
    [
      'one that the agent since then gave up',
      [...speaking, heard('r1', 'It'), begins, decision('t1', 'drop')],
    ],
    [
      'one behind which another has begun',
      [...speaking, heard('r1', 'It'), start('r2', 't2'), end('r2', 'Yes.')],
    ],
  ])('is not %s', (_what, events) => {
    expect(recover(...events).cut).toBeUndefined();
  });
});

test('windows and hands are open until they close, their person leaves or their time is over', () => {
  const untilMs = 10_000;
  const open = [window('wake', 'anna', untilMs), window('follow-up', 'bruno', untilMs), hand('carla', true)];
  const all = recover(...open);
  expect(all.windows.map((one) => `${one.window} ${one.speaker}`)).toEqual(['wake anna', 'follow-up bruno']);
  expect(all.raisedHands).toEqual(['carla']);
  const closed = [window('wake', 'anna', null), window('follow-up', 'bruno', null), hand('carla', false)];
  expect(recover(...open, ...closed)).toMatchObject({ windows: [], raisedHands: [] });
  // The agent that leaves closes everything; it is not over for those who stay.
  expect(recover(...open, leaving('hand-over'), ...closed)).toMatchObject({
    windows: all.windows,
    raisedHands: ['carla'],
    isHandOver: true,
  });
  const left = ['anna', 'bruno', 'carla'].map((speaker) => ({ type: 'speaker-leave', speaker }) as const);
  expect(recover(...open, ...left)).toMatchObject({ windows: [], raisedHands: [] });
  expect(recover(window('wake', 'anna', 500)).windows).toEqual([]);
});

test('what was said is what people heard, in order, and a crash of a later agent is no hand-over', () => {
  const recovered = recover(
    ...speaking,
    heard('r1', 'It opens'),
    leaving('hand-over'),
    begins,
    turn('t2', 'bruno'),
  );
  expect(recovered.said.map(({ role, content, isInterrupted }) => [role, content, isInterrupted])).toEqual([
    ['user', 'words of t1', false],
    ['assistant', 'It opens', true],
    ['user', 'words of t2', false],
  ]);
  expect(recovered).toMatchObject({ isHandOver: false, language: 'it', lastMs: 1_000 });
});

test('any part of any journal recovers, owes no answer twice and promises no word twice', () => {
  const id = fc.constantFrom('1', '2', '3', '4');
  const speaker = fc.constantFrom('anna', 'bruno');
  const words = fc.constantFrom('', 'one', 'one two', 'one two three', 'ciao, come stai? 👋');
  const event = fc.oneof(
    fc.constant(begins),
    fc.tuple(id, speaker, words).map(([n, who, said]) => turn(`t${n}`, who, said)),
    fc
      .tuple(id, fc.constantFrom('answer', 'silent', 'drop' as const))
      .map(([n, action]) => decision(`t${n}`, action)),
    fc
      .tuple(id, id, fc.option(id, { nil: undefined }))
      .map(([n, t, c]) => start(`r${n}`, `t${t}`, c && `r${c}`)),
    fc.tuple(id, words, fc.boolean()).map(([n, said, isComplete]) => text(`r${n}`, said, isComplete)),
    fc.tuple(id, words).map(([n, said]) => heard(`r${n}`, said)),
    fc
      .tuple(id, words, fc.constantFrom('complete', 'interrupted' as const))
      .map(([n, said, outcome]) => end(`r${n}`, said, outcome)),
    fc
      .tuple(fc.constantFrom('wake', 'follow-up' as const), speaker, fc.option(fc.nat(20_000)))
      .map(([kind, who, untilMs]) => window(kind, who, untilMs)),
    fc.tuple(speaker, fc.boolean()).map(([who, isRaised]) => hand(who, isRaised)),
    fc.constantFrom('hand-over', 'room closed').map(leaving),
    speaker.map((who): JournalEvent => ({ type: 'speaker-leave', speaker: who })),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), fc.nat(20_000), (events, nowMs) => {
      for (let from = 0; from < Math.min(3, events.length + 1); from += 1) {
        const recovered = recoverCall(readings(events.slice(from)), nowMs);
        const owed = recovered.owed.map(({ turnId }) => turnId);
        expect(new Set(owed).size).toBe(owed.length);
        const { cut } = recovered;
        if (cut?.turn !== undefined) expect(owed).not.toContain(cut.turn.turnId);
        if (cut !== undefined) expect(new Set(cut.replyIds).size).toBe(cut.replyIds.length);
        expect(recovered.windows.every(({ untilMs }) => untilMs > nowMs)).toBe(true);
        expect(recovered.windows.filter((one) => one.window === 'follow-up').length).toBeLessThan(2);
        const items = recovered.said.map(({ itemId }) => itemId);
        expect(new Set(items).size).toBe(items.length);
      }
    }),
    { numRuns: 2_000 },
  );
});
