/**
 * Random calls with tools: replies that are prepared, thrown away, started, cut or heard; turns that confirm or do not;
 * a database and a receiver whose answers come late, twice or never; agents that die at any point. Whatever happens, a
 * receiver does each wish at most once, and nothing that was not committed and confirmed.
 */
import assert from 'node:assert/strict';
import {
  type ReplyId,
  replyIdSchema,
  speakerIdSchema,
  type TurnId,
  turnIdSchema,
} from '@sophy/contracts/ids';
import fc from 'fast-check';
import { inject, it } from 'vitest';
import type { Effect, EffectGate, EffectProposal } from './effect.ts';
import {
  decideEffects,
  type EffectCommand,
  type EffectEvent,
  type EffectLedger,
  emptyLedger,
  standingEffect,
} from './effect-ledger.ts';

const anna = speakerIdSchema.parse('anna');
const storedStates: readonly Effect['state'][] = [
  'armed',
  'executing',
  'executed',
  'delivered',
  'failed',
  'uncertain',
];

type Row = { readonly effect: Effect; readonly epoch: number };
type Reply = { readonly replyId: ReplyId; readonly turnId: TurnId; phase: 'prepared' | 'started' | 'over' };
/** A command that its agent has given and that has not been carried out. */
type Errand = { readonly epoch: number; readonly command: EffectCommand };

/** Postgres, the receiver, the people and the agents of one call. */
class World {
  epoch = 1;
  ledger: EffectLedger = emptyLedger;
  atMs = 0;
  readonly replies: Reply[] = [];
  readonly errands: Errand[] = [];
  readonly table = new Map<string, Row>();
  /** What the receiver was asked, and how often it did it: it knows keys only of tools that are repeatable. */
  readonly asked: Effect[] = [];
  /** Wishes by key that were committed, and, where it is needed, confirmed or announced. */
  readonly allowed = new Set<string>();
  /** Questions that were heard to their end, by key, and the turn that said yes next. */
  readonly questions = new Map<
    string,
    { readonly turnId: TurnId; yes: TurnId | undefined; isOpen: boolean }
  >();
  readonly proposals: EffectProposal[] = [];
  private count = 0;

  newReply(isPrepared: boolean): void {
    this.count += 1;
    const reply: Reply = {
      replyId: replyIdSchema.parse(`r${this.count}`),
      turnId: turnIdSchema.parse(`t${Math.ceil(this.count / 2)}`),
      phase: 'prepared',
    };
    this.replies.push(reply);
    if (!isPrepared) this.start(reply);
  }

  start(reply: Reply): void {
    if (reply.phase !== 'prepared') return;
    reply.phase = 'started';
    for (const proposal of this.proposals)
      if (proposal.replyId === reply.replyId && proposal.gate === 'started') this.allow(proposal);
    for (const [key, question] of this.questions)
      if (question.isOpen && question.yes === reply.turnId) this.allowed.add(key);
    this.post({ type: 'reply-started', replyId: reply.replyId, turnId: reply.turnId });
  }

  finish(reply: Reply, wasHeard: boolean): void {
    if (reply.phase === 'over') return;
    const wasStarted = reply.phase === 'started';
    reply.phase = 'over';
    if (!wasStarted) {
      this.post({ type: 'reply-discarded', replyId: reply.replyId });
      return;
    }
    for (const proposal of this.proposals) {
      if (proposal.replyId !== reply.replyId || !wasHeard) continue;
      if (proposal.gate === 'heard') this.allow(proposal);
      if (proposal.gate === 'confirmed' && !this.questions.has(proposal.idempotencyKey))
        this.questions.set(proposal.idempotencyKey, {
          turnId: proposal.turnId,
          yes: undefined,
          isOpen: true,
        });
    }
    this.post({ type: 'reply-ended', replyId: reply.replyId, wasHeard, atMs: this.atMs });
  }

  turn(confirmation: 'yes' | 'no' | 'other', turnId: TurnId): void {
    for (const question of this.questions.values()) {
      if (!question.isOpen || question.turnId === turnId) continue;
      if (confirmation === 'yes' && question.yes === undefined) question.yes = turnId;
      else question.isOpen = false;
    }
    this.post({ type: 'turn-committed', turnId, speaker: anna, confirmation, atMs: this.atMs });
  }

  propose(reply: Reply, tool: number, gate: EffectGate, isRepeatable: boolean): void {
    this.count += 1;
    const key = `${reply.turnId}-${gate}-${isRepeatable}-${tool}`;
    const proposal: EffectProposal = {
      effectId: `e${this.count}`,
      idempotencyKey: key,
      epoch: this.epoch,
      turnId: reply.turnId,
      replyId: reply.replyId,
      speaker: anna,
      tool: `${gate}-${isRepeatable}-${tool}`,
      argumentsJson: '{}',
      gate,
      isRepeatable,
    };
    if (reply.phase === 'over') return;
    if (standingEffect(this.ledger, proposal) === undefined) {
      this.proposals.push(proposal);
      if (gate === 'started' && reply.phase === 'started') this.allow(proposal);
    }
    this.post({ type: 'proposed', proposal });
  }

  /** Carries out the errand at a place in the line; `isLost`: what came of it never comes back. */
  carryOut(place: number, outcome: 'done' | 'failed' | 'unknown', isAway: boolean, isLost: boolean): void {
    const [errand] = this.errands.splice(place % Math.max(1, this.errands.length), 1);
    if (errand === undefined) return;
    const event = this.answer(errand, outcome, isAway);
    // Only a connection that breaks loses an answer: then the agent learns that it broke.
    const learnt = isLost && event !== undefined ? lost(event) : event;
    if (errand.epoch === this.epoch && learnt !== undefined) this.post(learnt);
  }

  crash(): void {
    this.epoch += 1;
    for (const reply of this.replies) reply.phase = 'over';
    // Questions die with the memory of who asked them.
    for (const question of this.questions.values()) question.isOpen = false;
    this.ledger = emptyLedger;
    const effects: Effect[] = [];
    for (const [key, row] of this.table) {
      this.table.set(key, { ...row, epoch: this.epoch });
      effects.push({ ...row.effect, gate: 'started' });
    }
    this.post({ type: 'recovered', effects });
  }

  post(event: EffectEvent): void {
    const { ledger, commands } = decideEffects(this.ledger, event);
    this.ledger = ledger;
    for (const command of commands)
      if (command.type !== 'note') this.errands.push({ epoch: this.epoch, command });
  }

  private allow(proposal: EffectProposal): void {
    this.allowed.add(proposal.idempotencyKey);
  }

  private answer(
    { epoch, command }: Errand,
    outcome: 'done' | 'failed' | 'unknown',
    isAway: boolean,
  ): EffectEvent | undefined {
    const { effect } = command;
    const { effectId, idempotencyKey } = effect;
    const known = this.table.get(idempotencyKey);
    const isStale = epoch < this.epoch;
    switch (command.type) {
      case 'store-armed': {
        if (isAway) return { type: 'not-stored', effectId, reason: 'unavailable' };
        const isFree =
          known === undefined || known.effect.state === 'failed' || known.effect.effectId === effectId;
        if (isStale || !isFree) return { type: 'not-stored', effectId, reason: 'stale' };
        this.table.set(idempotencyKey, { effect: { ...effect, state: 'armed' }, epoch });
        return { type: 'armed-stored', effectId };
      }
      case 'store-executing': {
        if (isAway) return { type: 'not-stored', effectId, reason: 'unavailable' };
        const isOpen = known?.effect.state === 'armed' || known?.effect.state === 'executing';
        if (isStale || !isOpen || known?.effect.effectId !== effectId)
          return { type: 'not-stored', effectId, reason: 'stale' };
        this.table.set(idempotencyKey, { effect: { ...known.effect, state: 'executing' }, epoch });
        return { type: 'executing-stored', effectId };
      }
      case 'store-outcome':
        // Tried until it is taken, so being away only delays it.
        if (isAway) this.errands.push({ epoch, command });
        else if (!isStale && known?.epoch === epoch && known.effect.effectId === effectId)
          this.table.set(idempotencyKey, { effect, epoch });
        return undefined;
      case 'run':
        // Also an agent that was replaced meanwhile asks: it had written down before that it would.
        if (outcome !== 'failed') this.asked.push(effect);
        return { type: 'ran', effectId, outcome, result: 'r' };
      case 'note':
        return undefined;
      default:
        return command satisfies never;
    }
  }
}

function lost(event: EffectEvent): EffectEvent {
  switch (event.type) {
    case 'ran':
      return { ...event, outcome: event.outcome === 'failed' ? 'failed' : 'unknown' };
    case 'armed-stored':
    case 'executing-stored':
      return { type: 'not-stored', effectId: event.effectId, reason: 'unavailable' };
    default:
      return event;
  }
}

type Happening = (world: World) => void;

const pick = fc.nat(7);
const outcome = fc.constantFrom('done' as const, 'done' as const, 'unknown' as const, 'failed' as const);
const rare = fc.integer({ min: 0, max: 9 }).map((value) => value === 0);

function replyAt(world: World, place: number): Reply | undefined {
  const live = world.replies.filter(({ phase }) => phase !== 'over');
  return live[place % Math.max(1, live.length)];
}

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 3, arbitrary: fc.boolean().map((isPrepared) => (world: World) => world.newReply(isPrepared)) },
  {
    weight: 5,
    arbitrary: fc
      .tuple(pick, fc.nat(1), fc.constantFrom<EffectGate>('started', 'confirmed', 'heard'), fc.boolean())
      .map(([place, tool, gate, isRepeatable]) => (world: World) => {
        const reply = replyAt(world, place);
        if (reply !== undefined) world.propose(reply, tool, gate, isRepeatable);
      }),
  },
  {
    weight: 3,
    arbitrary: pick.map((place) => (world: World) => {
      const reply = replyAt(world, place);
      if (reply !== undefined) world.start(reply);
    }),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(pick, fc.boolean()).map(([place, wasHeard]) => (world: World) => {
      const reply = replyAt(world, place);
      if (reply !== undefined) world.finish(reply, wasHeard);
    }),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(pick, fc.constantFrom('yes' as const, 'yes' as const, 'no' as const, 'other' as const))
      .map(([place, confirmation]) => (world: World) => {
        const reply = replyAt(world, place);
        world.turn(confirmation, reply?.turnId ?? turnIdSchema.parse('t99'));
      }),
  },
  {
    weight: 12,
    arbitrary: fc.tuple(pick, outcome, rare, rare).map(
      ([place, came, isAway, isLost]) =>
        (world: World) =>
          world.carryOut(place, came, isAway, isLost),
    ),
  },
  { weight: 1, arbitrary: fc.constant((world: World) => world.crash()) },
);

it('each wish is done at most once, and only what was committed and confirmed', () => {
  let executed = 0;
  fc.assert(
    fc.property(fc.array(happening, { minLength: 5, maxLength: 60, size: 'max' }), (happenings) => {
      const world = new World();
      for (const happen of happenings) {
        world.atMs += 100;
        happen(world);
      }
      // The last agent lives on: everything that is open comes to an end.
      for (let left = 400; world.errands.length > 0 && left > 0; left -= 1)
        world.carryOut(0, 'done', false, false);
      executed += world.asked.length;
      check(world);
    }),
    { numRuns: inject('propertyRuns') },
  );
  assert.ok(
    executed > inject('propertyRuns') / 10,
    `only ${executed} executions: the schedules show nothing`,
  );
});

function check(world: World): void {
  const byKey = Map.groupBy(world.asked, ({ idempotencyKey }) => idempotencyKey);
  for (const [key, requests] of byKey) {
    assert.ok(world.allowed.has(key), `${key} was done and nobody wanted it`);
    // Whoever knows keys does it once however often it is asked; whoever does not must be asked once.
    const isRepeatable = requests.every((effect) => effect.isRepeatable);
    assert.ok(isRepeatable || requests.length === 1, `${key} was asked for ${requests.length} times`);
  }
  for (const { effect } of world.table.values()) {
    assert.ok(storedStates.includes(effect.state));
    const isSettled = effect.state !== 'armed' && effect.state !== 'executing';
    assert.ok(isSettled, `${effect.idempotencyKey} is still ${effect.state} when everything is over`);
    if (effect.state === 'executed' || effect.state === 'delivered')
      assert.ok(byKey.has(effect.idempotencyKey), `${effect.idempotencyKey} is told as done and was not`);
  }
}
