/** Whatever happens in a room, in whatever order, these things hold. */
import assert from 'node:assert/strict';
import {
  replyIdSchema,
  type SpeakerId,
  speakerIdSchema,
  turnIdSchema,
  utteranceIdSchema,
} from '@sophy/contracts/ids';
import fc from 'fast-check';
import { expect, inject, it } from 'vitest';
import { timelineSettings } from './scripted-timeline.test-support.ts';
import type { TurnCommand } from './turn-command.ts';
import type { Turn, TurnEvent } from './turn-event.ts';
import { decide, initialTurnState } from './turn-policy.ts';

const people = ['anna', 'bruno', 'carla'].map((name) => speakerIdSchema.parse(name));
const utterances = ['u1', 'u2', 'u3', 'u4', 'u5', 'u6', 'u7'].map((id) => utteranceIdSchema.parse(id));
const texts = [
  'What time is it?',
  'Sophy, what time is it?',
  'hey Sophy',
  'and then the',
  'Sophy said so',
  'mm-hm',
  'stop',
  'Bruno, come here please',
  'once upon a time there was a king',
  '',
];

declare module 'vitest' {
  interface ProvidedContext {
    /** Random rooms to try. */
    propertyRuns: number;
  }
}

type Happening = {
  readonly gapMs: number;
  readonly event: (atMs: number, replies: readonly string[]) => TurnEvent;
};

const speaker = fc.constantFrom(...people);
const words = fc.record({
  speaker,
  utteranceId: fc.constantFrom(...utterances),
  text: fc.constantFrom(...texts),
});
const pick = fc.nat(3);

/** What an agent before may have left: its turns have ids of their own. */
const takeOver = fc
  .record({
    reason: fc.constantFrom('crash' as const, 'hand-over' as const),
    absentMs: fc.constantFrom(0, 2_000, 70_000),
    windows: fc.array(
      fc.record({
        window: fc.constantFrom('wake' as const, 'follow-up' as const),
        speaker,
        leftMs: fc.nat(9_000),
      }),
      { maxLength: 3 },
    ),
    raisedHands: fc.array(speaker, { maxLength: 2 }),
    owed: fc.array(speaker, { maxLength: 3 }),
    cut: fc.option(fc.record({ asker: fc.option(speaker), restText: fc.option(fc.constant('and so on')) })),
  })
  .map(({ windows, owed, cut, ...found }) => (atMs: number): TurnEvent => {
    const old = (who: SpeakerId, index: number): Turn => ({
      turnId: turnIdSchema.parse(`old-${index}`),
      speaker: who,
      name: who,
      text: 'When?',
      language: undefined,
      source: 'voice',
      endedAtMs: atMs - found.absentMs,
    });
    return {
      ...found,
      type: 'take-over',
      atMs,
      windows: windows.map(({ leftMs, ...window }) => ({ ...window, untilMs: atMs + leftMs })),
      owed: owed.map(old),
      cut:
        cut === null
          ? undefined
          : {
              replyIds: ['old-r1'],
              heardText: 'It opens',
              restText: cut.restText ?? undefined,
              turn: cut.asker === null ? undefined : old(cut.asker, 9),
            },
      sorry: { text: 'Sorry, go on.', language: 'en' },
    };
  });

function happening(): fc.Arbitrary<Happening> {
  const event = fc.oneof(
    {
      weight: 3,
      arbitrary: speaker.map(
        (who) =>
          (atMs: number): TurnEvent => ({ type: 'speaker-join', atMs, speaker: who, name: who }),
      ),
    },
    {
      weight: 1,
      arbitrary: speaker.map(
        (who) =>
          (atMs: number): TurnEvent => ({ type: 'speaker-leave', atMs, speaker: who }),
      ),
    },
    {
      weight: 6,
      arbitrary: fc.tuple(speaker, fc.nat(60)).map(
        ([who, lagMs]) =>
          (atMs: number): TurnEvent => ({ type: 'speech-start', atMs, speaker: who, onsetMs: atMs - lagMs }),
      ),
    },
    {
      weight: 6,
      arbitrary: fc.tuple(speaker, fc.nat(200)).map(
        ([who, lagMs]) =>
          (atMs: number): TurnEvent => ({
            type: 'speech-end',
            atMs,
            speaker: who,
            lastVoiceMs: atMs - lagMs,
          }),
      ),
    },
    {
      weight: 2,
      arbitrary: words.map(
        (said) =>
          (atMs: number): TurnEvent => ({ type: 'transcript-delta', atMs, ...said }),
      ),
    },
    {
      weight: 8,
      arbitrary: words.map(
        (said) =>
          (atMs: number): TurnEvent => ({ type: 'transcript-end', atMs, language: undefined, ...said }),
      ),
    },
    {
      weight: 1,
      arbitrary: words.map(
        ({ speaker: who, utteranceId }) =>
          (atMs: number): TurnEvent => ({ type: 'transcript-failed', atMs, speaker: who, utteranceId }),
      ),
    },
    {
      weight: 2,
      arbitrary: words.map(
        ({ speaker: who, text }) =>
          (atMs: number): TurnEvent => ({ type: 'typed-message', atMs, speaker: who, messageId: 'm', text }),
      ),
    },
    {
      weight: 1,
      arbitrary: speaker.map(
        (who) =>
          (atMs: number): TurnEvent => ({ type: 'stop-request', atMs, speaker: who }),
      ),
    },
    {
      weight: 3,
      arbitrary: pick.map(
        (index) =>
          (atMs: number, replies: readonly string[]): TurnEvent => ({
            type: 'playout-start',
            atMs,
            replyId: chosenReply(replies, index),
          }),
      ),
    },
    {
      weight: 4,
      arbitrary: fc
        .tuple(pick, fc.constantFrom('complete' as const, 'interrupted' as const, 'failed' as const))
        .map(
          ([index, outcome]) =>
            (atMs: number, replies: readonly string[]): TurnEvent => ({
              type: 'reply-end',
              atMs,
              replyId: chosenReply(replies, index),
              outcome,
              heardText: '',
            }),
        ),
    },
    {
      weight: 1,
      arbitrary: fc
        .record({
          bargeIn: fc.constantFrom('everyone' as const, 'addressee' as const, 'nobody' as const),
          forceAgentResponse: fc.boolean(),
          followUpMs: fc.constantFrom(0, 8_000),
          wakeWindowMs: fc.constantFrom(0, 20_000),
          bargeInDuringConfirmations: fc.boolean(),
          prepareReplies: fc.boolean(),
        })
        .map(
          (change) =>
            (atMs: number): TurnEvent => ({
              type: 'settings-change',
              atMs,
              settings: { ...timelineSettings, ...change },
            }),
        ),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(speaker, fc.double({ min: 0, max: 1, noNaN: true })).map(
        ([who, probability]) =>
          (atMs: number): TurnEvent => ({ type: 'end-of-turn-estimate', atMs, speaker: who, probability }),
      ),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(speaker, fc.double({ min: 0, max: 1, noNaN: true })).map(
        ([who, likeness]) =>
          (atMs: number): TurnEvent => ({ type: 'echo-estimate', atMs, speaker: who, likeness }),
      ),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(pick, fc.constantFrom('Once upon a time.', 'Shall I book it?', 'Is that right?'))
        .map(
          ([index, text]) =>
            (atMs: number, replies: readonly string[]): TurnEvent => ({
              type: 'reply-piece',
              atMs,
              replyId: chosenReply(replies, index),
              text,
            }),
        ),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(speaker, fc.boolean()).map(
        ([who, isRaised]) =>
          (atMs: number): TurnEvent => ({ type: 'hand-raise', atMs, speaker: who, isRaised }),
      ),
    },
    {
      weight: 2,
      arbitrary: speaker.map(
        (who) =>
          (atMs: number): TurnEvent => ({ type: 'answer-request', atMs, speaker: who }),
      ),
    },
    {
      weight: 1,
      arbitrary: speaker.map(
        (who) =>
          (atMs: number): TurnEvent => ({
            type: 'typed-message',
            atMs,
            speaker: who,
            messageId: 'p',
            text: 'between us',
            isPrivate: true,
          }),
      ),
    },
    {
      weight: 1,
      arbitrary: fc.constant((atMs: number): TurnEvent => ({ type: 'greeting', atMs, text: 'Hello' })),
    },
    { weight: 1, arbitrary: takeOver },
    {
      weight: 1,
      arbitrary: fc.constantFrom('anna', 'end-of-turn:anna', 'barge-in:bruno').map(
        (timerId) =>
          (atMs: number): TurnEvent => ({ type: 'timer-fired', atMs, timerId }),
      ),
    },
  );
  return fc.record({ gapMs: fc.oneof(fc.nat(150), fc.nat(2_000)), event });
}

/** Speech, its end and its words, each after a while: what a lane usually reports. */
function wholeUtterance(): fc.Arbitrary<Happening[]> {
  return fc
    .record({ said: words, speechMs: fc.nat(1_500), transcriptMs: fc.nat(500) })
    .map(({ said, speechMs, transcriptMs }) => [
      { gapMs: 0, event: (atMs) => ({ type: 'speech-start', atMs, speaker: said.speaker, onsetMs: atMs }) },
      {
        gapMs: speechMs,
        event: (atMs) => ({ type: 'speech-end', atMs, speaker: said.speaker, lastVoiceMs: atMs }),
      },
      {
        gapMs: transcriptMs,
        event: (atMs) => ({ type: 'transcript-end', atMs, language: undefined, ...said }),
      },
    ]);
}

it('holds for every order of events', () => {
  let repliesSeen = 0;
  let stopsSeen = 0;
  fc.assert(
    fc.property(
      fc
        .array(
          fc.oneof(
            { weight: 4, arbitrary: happening().map((one) => [one]) },
            { weight: 1, arbitrary: wholeUtterance() },
          ),
          { minLength: 5, maxLength: 50 },
        )
        .map((parts) => parts.flat()),
      fc.option(fc.nat(60), { freq: 2 }),
      fc.option(fc.nat(60), { freq: 1 }),
      fc.boolean(),
      (happenings, drainAt, partAt, isCrowd) => {
        const room = checkedRoom();
        for (const who of isCrowd ? people : people.slice(0, 1)) {
          room.take({ type: 'speaker-join', atMs: 0, speaker: who, name: who });
        }
        happenings.forEach((next, index) => {
          room.pass(next.gapMs);
          if (index === drainAt) room.take({ type: 'drain', atMs: room.nowMs() });
          if (index === partAt)
            room.take({ type: 'farewell', atMs: room.nowMs(), text: goodbye, language: 'en' });
          room.take(next.event(room.nowMs(), room.replies()));
        });
        for (const who of people) room.take({ type: 'speaker-leave', atMs: room.nowMs(), speaker: who });
        room.checkEmpty();
        room.pass(100_000);
        room.checkEmpty();
        repliesSeen += room.replies().length;
        stopsSeen += room.stops();
      },
    ),
    { numRuns: inject('propertyRuns') },
  );
  // The search reaches what it is about.
  expect(repliesSeen).toBeGreaterThan(1_000);
  expect(stopsSeen).toBeGreaterThan(200);
}, 300_000);

const goodbye = 'Goodbye.';

function isOld(turnId: string): boolean {
  return turnId.startsWith('old-');
}

function chosenReply(replies: readonly string[], index: number) {
  return replyIdSchema.parse(replies.at(-1 - index) ?? 'unknown');
}

/** A room whose runner checks each command against what may be ordered at that point. */
function checkedRoom() {
  let state = initialTurnState({ settings: timelineSettings, idPrefix: 'c1-' });
  let nowMs = 0;
  let isDraining = false;
  /** It has been told to take its leave. */
  let isParting = false;
  let hangUps = 0;
  let agentState = 'listening';
  let stops = 0;
  const timers = new Map<string, number>();
  const started: string[] = [];
  const active = new Set<string>();
  const stopping = new Set<string>();
  const prepared = new Set<string>();
  const recorded = new Map<string, number>();
  const queued: string[] = [];
  const greetings = new Set<string>();
  let ducked: string | undefined;

  function take(event: TurnEvent): void {
    const before = [...state.speakers.values(), ...state.timers.values()];
    const decided = decide(state, event);
    const after = [...state.speakers.values(), ...state.timers.values()];
    assert.ok(before.length === after.length && before.every((value, index) => value === after[index]));
    state = decided.state;
    if (event.type === 'drain') isDraining = true;
    if (event.type === 'farewell') isParting = true;
    if (event.type === 'reply-end') {
      active.delete(event.replyId);
      stopping.delete(event.replyId);
    }
    for (const command of decided.commands) check(command);
    assert.ok([...recorded.values()].every((decisions) => decisions === 1));
    assert.equal(state.timers.size, timers.size);
    assert.ok([...state.timers].every(([id, timer]) => timers.get(id) === timer.atMs));
  }

  function check(command: TurnCommand): void {
    switch (command.type) {
      case 'set-timer':
        timers.set(command.timerId, command.atMs);
        break;
      case 'clear-timer':
        assert.ok(timers.delete(command.timerId));
        break;
      case 'hang-up':
        hangUps += 1;
        assert.ok(isParting && hangUps === 1);
        break;
      case 'prepare-reply':
        assert.ok(!isDraining && !isParting);
        assert.ok([...active].every((replyId) => stopping.has(replyId)));
        assert.ok(!started.includes(command.replyId));
        prepared.add(command.replyId);
        break;
      case 'discard-reply':
        assert.ok(prepared.delete(command.replyId));
        break;
      case 'start-reply':
        assert.ok(!isDraining);
        assert.ok(!isParting || (command.fixedText === goodbye && hangUps === 0));
        assert.ok([...active].every((replyId) => stopping.has(replyId)));
        if (command.fixedText === undefined)
          assert.ok(recorded.has(command.turn.turnId) || isOld(command.turn.turnId));
        else greetings.add(command.turn.turnId);
        assert.ok(!started.includes(command.replyId));
        ducked = undefined;
        prepared.delete(command.replyId);
        started.push(command.replyId);
        active.add(command.replyId);
        break;
      case 'stop-reply':
        assert.ok(active.has(command.replyId) && !stopping.has(command.replyId));
        stopping.add(command.replyId);
        stops += 1;
        break;
      case 'duck-voice':
        assert.ok(active.has(command.replyId) && !stopping.has(command.replyId));
        assert.notEqual(ducked, command.replyId);
        ducked = command.replyId;
        break;
      case 'resume-voice':
        assert.ok(active.has(command.replyId) && !stopping.has(command.replyId));
        assert.equal(ducked, command.replyId);
        ducked = undefined;
        break;
      case 'record-turn':
        assert.ok(!recorded.has(command.turn.turnId));
        assert.notEqual(command.turn.text.trim(), '');
        recorded.set(command.turn.turnId, 0);
        break;
      case 'publish-decision':
        // A turn of the agent before, or its greeting.
        if (isOld(command.turnId) || command.rule === 'resume-reply') break;
        if (command.rule === 'answer-now' && recorded.get(command.turnId) === 1) break;
        if (command.action === 'answer' || command.action === 'silent') {
          recorded.set(command.turnId, (recorded.get(command.turnId) ?? 0) + 1);
        } else if (command.action !== 'ignore' && !greetings.has(command.turnId)) {
          assert.ok(recorded.has(command.turnId));
        }
        break;
      case 'publish-state':
        assert.notEqual(command.state, agentState);
        agentState = command.state;
        break;
      case 'publish-queue':
        queued.splice(0, queued.length, ...command.speakers);
        break;
      case 'close-utterance':
      case 'publish-window':
      case 'publish-waiting':
      case 'publish-hand':
      case 'publish-hearing':
      case 'peek-utterance':
        break;
      case 'start-private-reply':
        assert.ok(!isDraining && !isParting);
        break;
      default:
        command satisfies never;
    }
  }

  function pass(gapMs: number): void {
    const untilMs = nowMs + gapMs;
    for (;;) {
      const next = [...timers].filter(([, atMs]) => atMs <= untilMs).sort((a, b) => a[1] - b[1])[0];
      if (next === undefined) break;
      nowMs = Math.max(nowMs, next[1]);
      timers.delete(next[0]);
      take({ type: 'timer-fired', atMs: nowMs, timerId: next[0] });
    }
    nowMs = untilMs;
  }

  function checkEmpty(): void {
    assert.deepEqual([...timers.keys()], []);
    assert.deepEqual([...prepared], []);
    assert.ok([...active].every((replyId) => stopping.has(replyId)));
    assert.deepEqual(queued, []);
  }

  return { take, pass, checkEmpty, nowMs: () => nowMs, replies: () => started, stops: () => stops };
}
