/**
 * The ledger of effects: what was said and done in, what may be stored and run out. Pure, so that barge-in, retries,
 * thrown-away replies and crashes at any point are tables and random schedules in the tests.
 *
 * proposed ─ gate opens ─▶ armed ─ stored ─▶ executing ─▶ executed ─ heard ─▶ delivered
 *     └▶ discarded · refused          └▶ failed · uncertain
 */

import type { EffectState } from '@sophy/contracts/effect-state';
import type { ReplyId, SpeakerId, TurnId } from '@sophy/contracts/ids';
import type { Confirmation } from './confirms.ts';
import type { Effect, EffectProposal } from './effect.ts';

export type EffectEvent =
  /** The model of a reply asked for it, with arguments that were checked. */
  | { readonly type: 'proposed'; readonly proposal: EffectProposal }
  /** The reply is committed: its turn is over and it is (being made) audible. */
  | { readonly type: 'reply-started'; readonly replyId: ReplyId; readonly turnId: TurnId }
  /** A prepared reply was thrown away. */
  | { readonly type: 'reply-discarded'; readonly replyId: ReplyId }
  /** A started reply is over; `wasHeard`: to its last word. */
  | {
      readonly type: 'reply-ended';
      readonly replyId: ReplyId;
      readonly wasHeard: boolean;
      readonly atMs: number;
    }
  /** A turn is over, whether it will be answered or not. */
  | {
      readonly type: 'turn-committed';
      readonly turnId: TurnId;
      readonly speaker: SpeakerId;
      readonly confirmation: Confirmation;
      readonly atMs: number;
    }
  /** The database holds it as armed. */
  | { readonly type: 'armed-stored'; readonly effectId: string }
  /** The database holds it as executing: from here on the receiver may have been asked. */
  | { readonly type: 'executing-stored'; readonly effectId: string }
  /** The database did not take one of the two. `stale`: a newer agent has the call. */
  | { readonly type: 'not-stored'; readonly effectId: string; readonly reason: 'unavailable' | 'stale' }
  /** A run is over. `unknown`: nobody knows whether it was done. */
  | {
      readonly type: 'ran';
      readonly effectId: string;
      readonly outcome: 'done' | 'failed' | 'unknown';
      readonly result: string;
    }
  /** The model of a reply was told what came of it. */
  | { readonly type: 'told'; readonly effectId: string; readonly replyId: ReplyId }
  /** What the agents before this one have left in the database. */
  | { readonly type: 'recovered'; readonly effects: readonly Effect[] };

/** Carried out in order; each store reports back with an event. */
export type EffectCommand =
  | { readonly type: 'store-armed'; readonly effect: Effect }
  | { readonly type: 'store-executing'; readonly effect: Effect }
  /** Tries until the database has taken it: nothing waits for this. */
  | { readonly type: 'store-outcome'; readonly effect: Effect }
  | { readonly type: 'run'; readonly effect: Effect }
  /** For the journal: the effect has reached a state. */
  | { readonly type: 'note'; readonly effect: Effect };

export type EffectLedger = {
  readonly effects: ReadonlyMap<string, Effect>;
  readonly replies: ReadonlyMap<ReplyId, 'started' | 'over'>;
};

export const emptyLedger: EffectLedger = { effects: new Map(), replies: new Map() };

/** A yes counts for so long after the question was heard, ms. */
export const confirmWithinMs = 60_000;
/** How often one agent runs a repeatable effect whose outcome it does not learn. */
export const mostAttempts = 3;

/** States in which the same wish is not carried out anew. */
const standing: readonly EffectState[] = [
  'proposed',
  'armed',
  'executing',
  'executed',
  'delivered',
  'uncertain',
];

/**
 * The effect that already stands for a wish: the same key, or, where an earlier agent of the call has begun to answer
 * the very same turn, the same tool, since a model asked again words its arguments differently.
 */
export function standingEffect(ledger: EffectLedger, proposal: EffectProposal): Effect | undefined {
  return [...ledger.effects.values()].find(
    (effect) =>
      standing.includes(effect.state) &&
      (effect.idempotencyKey === proposal.idempotencyKey ||
        (effect.epoch < proposal.epoch &&
          effect.turnId === proposal.turnId &&
          effect.tool === proposal.tool)),
  );
}

/** Takes one event in. What comes late, twice, or about effects that are not there changes nothing. */
export function decideEffects(
  ledger: EffectLedger,
  event: EffectEvent,
): { readonly ledger: EffectLedger; readonly commands: readonly EffectCommand[] } {
  const draft = new Draft(ledger);
  apply(draft, event);
  return { ledger: { effects: draft.effects, replies: draft.replies }, commands: draft.commands };
}

class Draft {
  readonly effects: Map<string, Effect>;
  readonly replies: Map<ReplyId, 'started' | 'over'>;
  readonly commands: EffectCommand[] = [];

  constructor(ledger: EffectLedger) {
    this.effects = new Map(ledger.effects);
    this.replies = new Map(ledger.replies);
  }

  /** Those in a state, as they are now. */
  in(state: EffectState): Effect[] {
    return [...this.effects.values()].filter((effect) => effect.state === state);
  }

  set(effect: Effect): Effect {
    const before = this.effects.get(effect.effectId);
    this.effects.set(effect.effectId, effect);
    if (before?.state !== effect.state) this.commands.push({ type: 'note', effect });
    return effect;
  }

  arm(effect: Effect): void {
    this.commands.push({ type: 'store-armed', effect: this.set({ ...effect, state: 'armed' }) });
  }

  run(effect: Effect): void {
    const running = this.set({ ...effect, state: 'executing', attempts: effect.attempts + 1 });
    this.commands.push({ type: 'run', effect: running });
  }

  finish(effect: Effect, state: EffectState, result: string | undefined): void {
    this.commands.push({ type: 'store-outcome', effect: this.set({ ...effect, state, result }) });
  }
}

function apply(draft: Draft, event: EffectEvent): void {
  switch (event.type) {
    case 'proposed':
      propose(draft, event.proposal);
      return;
    case 'reply-started':
      startReply(draft, event.replyId, event.turnId);
      return;
    case 'reply-discarded':
      if (draft.replies.get(event.replyId) === 'started') return;
      draft.replies.set(event.replyId, 'over');
      for (const effect of draft.in('proposed'))
        if (effect.replyId === event.replyId) draft.set({ ...effect, state: 'discarded' });
      return;
    case 'reply-ended':
      endReply(draft, event);
      return;
    case 'turn-committed':
      for (const effect of draft.in('proposed')) hearAnswer(draft, effect, event);
      return;
    case 'recovered':
      for (const effect of event.effects) if (!draft.effects.has(effect.effectId)) takeUp(draft, effect);
      return;
    default: {
      const effect = draft.effects.get(event.effectId);
      if (effect !== undefined) advance(draft, effect, event);
    }
  }
}

function propose(draft: Draft, proposal: EffectProposal): void {
  if (draft.effects.has(proposal.effectId) || standingEffect(draft, proposal) !== undefined) return;
  const replyState = draft.replies.get(proposal.replyId);
  const effect = draft.set({
    ...proposal,
    state: replyState === 'over' ? 'discarded' : 'proposed',
    result: undefined,
    attempts: 0,
    askedAtMs: undefined,
    confirmedBy: undefined,
    toldIn: undefined,
  });
  if (replyState === 'started' && effect.gate === 'started') draft.arm(effect);
}

function startReply(draft: Draft, replyId: ReplyId, turnId: TurnId): void {
  if (draft.replies.has(replyId)) return;
  draft.replies.set(replyId, 'started');
  for (const effect of draft.in('proposed')) {
    const isOpened = effect.gate === 'started' && effect.replyId === replyId;
    const isConfirmed = effect.gate === 'confirmed' && effect.confirmedBy === turnId;
    if (isOpened || isConfirmed) draft.arm(effect);
  }
}

function endReply(
  draft: Draft,
  { replyId, wasHeard, atMs }: Extract<EffectEvent, { type: 'reply-ended' }>,
): void {
  if (draft.replies.get(replyId) !== 'started') return;
  draft.replies.set(replyId, 'over');
  for (const effect of draft.in('proposed')) {
    if (effect.replyId !== replyId) continue;
    if (!wasHeard) draft.set({ ...effect, state: 'discarded' });
    else if (effect.gate === 'heard') draft.arm(effect);
    else draft.set({ ...effect, askedAtMs: atMs });
  }
  if (!wasHeard) return;
  for (const effect of draft.in('executed'))
    if (effect.toldIn === replyId) draft.finish(effect, 'delivered', effect.result);
}

/** The speaker's next turn decides about what waits for a yes; anything but a yes in time is a no. */
function hearAnswer(
  draft: Draft,
  effect: Effect,
  turn: Extract<EffectEvent, { type: 'turn-committed' }>,
): void {
  if (effect.gate !== 'confirmed' || effect.speaker !== turn.speaker || effect.turnId === turn.turnId) return;
  const isAsked = effect.askedAtMs !== undefined && turn.atMs - effect.askedAtMs <= confirmWithinMs;
  const isFirst = effect.confirmedBy === undefined;
  if (isAsked && isFirst && turn.confirmation === 'yes') draft.set({ ...effect, confirmedBy: turn.turnId });
  else draft.set({ ...effect, state: 'refused' });
}

type StepEvent = Extract<
  EffectEvent,
  { type: 'armed-stored' | 'executing-stored' | 'not-stored' | 'ran' | 'told' }
>;

function advance(draft: Draft, effect: Effect, event: StepEvent): void {
  switch (event.type) {
    case 'armed-stored':
      if (effect.state === 'armed') draft.commands.push({ type: 'store-executing', effect });
      return;
    case 'executing-stored':
      if (effect.state === 'armed' || (effect.state === 'executing' && effect.attempts === 0))
        draft.run(effect);
      return;
    case 'not-stored':
      leave(draft, effect, event.reason);
      return;
    case 'ran':
      if (effect.state !== 'executing') return;
      if (event.outcome === 'done') draft.finish(effect, 'executed', event.result);
      else if (event.outcome === 'failed') draft.finish(effect, 'failed', event.result);
      else if (effect.isRepeatable && effect.attempts < mostAttempts) draft.run(effect);
      else draft.finish(effect, 'uncertain', event.result);
      return;
    case 'told':
      draft.set({ ...effect, toldIn: event.replyId });
      return;
    default:
      event satisfies never;
  }
}

/** The receiver has not been asked by this agent. */
function leave(draft: Draft, effect: Effect, reason: 'unavailable' | 'stale'): void {
  // The newer agent does what is left to do: nothing more is written here.
  if (reason === 'stale' && effect.state === 'armed') draft.set({ ...effect, state: 'discarded' });
  else if (effect.state === 'armed') draft.finish(effect, 'failed', undefined);
  // It ran under an earlier agent, and this one cannot ask again.
  else if (effect.state === 'executing' && effect.attempts === 0)
    draft.finish(effect, 'uncertain', undefined);
}

/** What an earlier agent has left: armed is executed, begun is asked again only where that is harmless. */
function takeUp(draft: Draft, left: Effect): void {
  const effect = { ...left, attempts: 0, toldIn: undefined };
  draft.effects.set(effect.effectId, effect);
  if (effect.state === 'armed') draft.commands.push({ type: 'store-executing', effect });
  if (effect.state !== 'executing') return;
  if (effect.isRepeatable) draft.commands.push({ type: 'store-executing', effect });
  else draft.finish(effect, 'uncertain', undefined);
}
