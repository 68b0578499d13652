/** What was said and done, and what the ledger lets happen. */
import { replyIdSchema, speakerIdSchema, turnIdSchema } from '@sophy/contracts/ids';
import { describe, expect, test } from 'vitest';
import type { Effect, EffectProposal } from './effect.ts';
import {
  confirmWithinMs,
  decideEffects,
  type EffectCommand,
  type EffectEvent,
  type EffectLedger,
  emptyLedger,
  mostAttempts,
} from './effect-ledger.ts';

const anna = speakerIdSchema.parse('anna');
const bruno = speakerIdSchema.parse('bruno');
const [t1, t2, t3] = ['t1', 't2', 't3'].map((id) => turnIdSchema.parse(id)) as [
  Effect['turnId'],
  Effect['turnId'],
  Effect['turnId'],
];
const [r1, r2] = ['r1', 'r2'].map((id) => replyIdSchema.parse(id)) as [Effect['replyId'], Effect['replyId']];

function proposal(overrides: Partial<EffectProposal> = {}): EffectProposal {
  return {
    effectId: 'e1',
    idempotencyKey: 'k1',
    epoch: 1,
    turnId: t1,
    replyId: r1,
    speaker: anna,
    tool: 'book',
    argumentsJson: '{}',
    gate: 'started',
    isRepeatable: false,
    ...overrides,
  };
}

const proposed = (overrides: Partial<EffectProposal> = {}): EffectEvent => ({
  type: 'proposed',
  proposal: proposal(overrides),
});
const started = (replyId = r1, turnId = t1): EffectEvent => ({ type: 'reply-started', replyId, turnId });
const ended = (wasHeard: boolean, atMs = 0, replyId = r1): EffectEvent => ({
  type: 'reply-ended',
  replyId,
  wasHeard,
  atMs,
});
const turn = (
  confirmation: 'yes' | 'no' | 'other',
  { speaker = anna, turnId = t2, atMs = 1_000 } = {},
): EffectEvent => ({ type: 'turn-committed', turnId, speaker, confirmation, atMs });
const stored = (...types: readonly ('armed-stored' | 'executing-stored')[]): EffectEvent[] =>
  types.map((type) => ({ type, effectId: 'e1' }));
const ran = (outcome: 'done' | 'failed' | 'unknown'): EffectEvent => ({
  type: 'ran',
  effectId: 'e1',
  outcome,
  result: 'r',
});
const left = (state: Effect['state'], overrides: Partial<Effect> = {}): EffectEvent => ({
  type: 'recovered',
  effects: [
    {
      ...proposal(),
      state,
      result: undefined,
      attempts: 4,
      askedAtMs: undefined,
      confirmedBy: undefined,
      toldIn: undefined,
      ...overrides,
    },
  ],
});

function play(...events: readonly EffectEvent[]) {
  let ledger: EffectLedger = emptyLedger;
  const commands: EffectCommand[] = [];
  for (const event of events) {
    const decision = decideEffects(ledger, event);
    ledger = decision.ledger;
    commands.push(...decision.commands);
  }
  return {
    state: ledger.effects.get('e1')?.state,
    commands: commands.filter(({ type }) => type !== 'note').map(({ type }) => type),
    notes: commands.flatMap(({ type, effect }) => (type === 'note' ? [effect.state] : [])),
  };
}

const confirmed = { gate: 'confirmed' } as const;
const farewell = { gate: 'heard' } as const;

describe('an effect', () => {
  test('goes from the model to the person: armed and begun in the database first', () => {
    const told: EffectEvent = { type: 'told', effectId: 'e1', replyId: r1 };
    expect(
      play(
        started(),
        proposed(),
        ...stored('armed-stored', 'executing-stored'),
        ran('done'),
        told,
        ended(true),
      ),
    ).toEqual({
      state: 'delivered',
      commands: ['store-armed', 'store-executing', 'run', 'store-outcome', 'store-outcome'],
      notes: ['proposed', 'armed', 'executing', 'executed', 'delivered'],
    });
  });

  test.each<[string, readonly EffectEvent[], Effect['state'], readonly EffectCommand['type'][]]>([
    ['of a prepared reply waits', [proposed()], 'proposed', []],
    ['is armed when its reply is started', [proposed(), started()], 'armed', ['store-armed']],
    [
      'goes with a reply that is thrown away',
      [proposed(), { type: 'reply-discarded', replyId: r1 }],
      'discarded',
      [],
    ],
    ['of a reply that is over is dropped', [started(), ended(false), proposed()], 'discarded', []],
    [
      'that is armed is done although its reply is cut',
      [started(), proposed(), ended(false), ...stored('armed-stored', 'executing-stored'), ran('done')],
      'executed',
      ['store-armed', 'store-executing', 'run', 'store-outcome'],
    ],
    [
      'is not run where the database is away',
      [started(), proposed(), { type: 'not-stored', effectId: 'e1', reason: 'unavailable' }],
      'failed',
      ['store-armed', 'store-outcome'],
    ],
    [
      'is left to the newer agent',
      [started(), proposed(), { type: 'not-stored', effectId: 'e1', reason: 'stale' }],
      'discarded',
      ['store-armed'],
    ],
    [
      'that failed for certain failed',
      [started(), proposed(), ...stored('armed-stored', 'executing-stored'), ran('failed')],
      'failed',
      ['store-armed', 'store-executing', 'run', 'store-outcome'],
    ],
    [
      'whose outcome nobody knows is uncertain, and a late answer changes nothing',
      [started(), proposed(), ...stored('armed-stored', 'executing-stored'), ran('unknown'), ran('done')],
      'uncertain',
      ['store-armed', 'store-executing', 'run', 'store-outcome'],
    ],
    [
      'is run once, however often the database answers',
      [
        started(),
        proposed(),
        ...stored('armed-stored', 'executing-stored', 'executing-stored', 'armed-stored'),
      ],
      'executing',
      ['store-armed', 'store-executing', 'run'],
    ],
    [
      'asked for twice is one',
      [started(), proposed(), proposed({ effectId: 'e2' })],
      'armed',
      ['store-armed'],
    ],
    [
      'that is repeatable is asked again, but not for ever',
      [
        started(),
        proposed({ isRepeatable: true }),
        ...stored('armed-stored', 'executing-stored'),
        ...Array.from({ length: mostAttempts }, () => ran('unknown')),
      ],
      'uncertain',
      ['store-armed', 'store-executing', 'run', 'run', 'run', 'store-outcome'],
    ],
  ])('%s', (_name, events, state, commands) => {
    expect(play(...events)).toMatchObject({ state, commands });
  });
});

describe('an effect that needs a yes', () => {
  const asked = [started(), proposed(confirmed), ended(true, 500)];
  test.each<[string, readonly EffectEvent[], Effect['state']]>([
    ['waits while the question is asked', [started(), proposed(confirmed)], 'proposed'],
    ['is dropped when the question is cut', [started(), proposed(confirmed), ended(false)], 'discarded'],
    ['waits until the yes is answered', [...asked, turn('yes')], 'proposed'],
    ['is armed when the yes is answered', [...asked, turn('yes'), started(r2, t2)], 'armed'],
    ['is not armed by another reply', [...asked, turn('yes'), started(r2, t3)], 'proposed'],
    ['is refused by a no', [...asked, turn('no'), started(r2, t2)], 'refused'],
    ['is refused by another subject', [...asked, turn('other'), started(r2, t2)], 'refused'],
    [
      'is not confirmed by somebody else',
      [...asked, turn('yes', { speaker: bruno }), started(r2, t2)],
      'proposed',
    ],
    [
      'is refused when the yes comes too late',
      [...asked, turn('yes', { atMs: 501 + confirmWithinMs }), started(r2, t2)],
      'refused',
    ],
    [
      'is not confirmed by a yes to something else in between',
      [...asked, turn('other'), turn('yes', { turnId: t3 }), started(r2, t3)],
      'refused',
    ],
    [
      'is not confirmed before the question was heard',
      [proposed(confirmed), turn('yes'), started(r2, t2)],
      'refused',
    ],
    [
      'is not touched by its own turn',
      [proposed(confirmed), turn('yes', { turnId: t1 }), started()],
      'proposed',
    ],
  ])('%s', (_name, events, state) => {
    expect(play(...events).state).toBe(state);
  });
});

describe('an effect that ends the call', () => {
  test.each<[string, readonly EffectEvent[], Effect['state']]>([
    ['waits for the goodbye', [started(), proposed(farewell)], 'proposed'],
    ['is armed when the goodbye was heard', [started(), proposed(farewell), ended(true)], 'armed'],
    ['is dropped when the goodbye is cut', [started(), proposed(farewell), ended(false)], 'discarded'],
  ])('%s', (_name, events, state) => {
    expect(play(...events).state).toBe(state);
  });
});

describe('what a dead agent left', () => {
  test.each<[string, readonly EffectEvent[], Effect['state'], readonly EffectCommand['type'][]]>([
    [
      'armed is done',
      [left('armed'), ...stored('executing-stored'), ran('done')],
      'executed',
      ['store-executing', 'run', 'store-outcome'],
    ],
    ['begun is uncertain', [left('executing')], 'uncertain', ['store-outcome']],
    [
      'begun and repeatable is asked again',
      [left('executing', { isRepeatable: true }), ...stored('executing-stored'), ran('done')],
      'executed',
      ['store-executing', 'run', 'store-outcome'],
    ],
    ['done is done', [left('executed')], 'executed', []],
    ['is taken up once', [left('armed'), left('armed')], 'armed', ['store-executing']],
    [
      'stands for the same tool in the same turn, however the model words it now',
      [
        left('executed'),
        started(r2),
        proposed({ effectId: 'e2', idempotencyKey: 'k2', epoch: 2, replyId: r2 }),
      ],
      'executed',
      [],
    ],
    [
      'does not stand for what the next turn asks for',
      [
        left('executed'),
        started(r2, t2),
        proposed({ effectId: 'e2', idempotencyKey: 'k2', epoch: 2, replyId: r2, turnId: t2 }),
      ],
      'executed',
      ['store-armed'],
    ],
  ])('%s', (_name, events, state, commands) => {
    expect(play(...events)).toMatchObject({ state, commands });
  });
});
