/**
 * The table of effects. Every write carries the epoch of the agent that makes it and is refused when a newer agent has
 * the call; what leads to an execution is also refused once the call has ended.
 */
import { type CallId, replyIdSchema, speakerIdSchema, turnIdSchema } from '@sophy/contracts/ids';
import { type Generated, type RawBuilder, type Selectable, sql } from 'kysely';
import { endCall } from './calls.ts';
import type { Database } from './database.ts';

/** States that are stored: an effect is written down from the moment it is armed. */
export type StoredEffectState = 'armed' | 'executing' | 'executed' | 'delivered' | 'failed' | 'uncertain';

export type EffectsTable = {
  effect_id: string;
  call_id: string;
  epoch: number;
  proposed_epoch: number;
  turn_id: string;
  reply_id: string;
  speaker: string;
  tool: string;
  arguments: unknown;
  idempotency_key: string;
  repeatable: boolean;
  state: StoredEffectState;
  result: string | null;
  armed_at: Generated<Date>;
  executing_at: Date | null;
  settled_at: Date | null;
  delivered_at: Date | null;
};

/** The agent that writes. */
export type EffectWriter = { readonly callId: CallId; readonly epoch: number };

export type NewEffect = {
  readonly effectId: string;
  readonly turnId: string;
  readonly replyId: string;
  readonly speaker: string;
  readonly tool: string;
  /** Text of a JSON object; parsed here. */
  readonly argumentsJson: string;
  readonly idempotencyKey: string;
  readonly isRepeatable: boolean;
};

export type StoredEffect = ReturnType<typeof storedEffectOf>;

/**
 * Writes an effect down as armed; doing so again changes nothing. A key whose earlier effect has failed for certain is
 * armed anew. Stale: a newer agent has the call, it has ended, or the key stands for an effect that was begun.
 */
export async function armEffect(
  database: Database,
  writer: EffectWriter,
  effect: NewEffect,
): Promise<'stored' | 'stale'> {
  const { rows } = await sql`
    WITH current_call AS (${openCallOf(writer)})
    INSERT INTO effects AS known (
      effect_id, call_id, epoch, proposed_epoch, turn_id, reply_id, speaker, tool, arguments, idempotency_key,
      repeatable, state
    )
    SELECT ${effect.effectId}::uuid, current_call.id, ${writer.epoch}, ${writer.epoch}, ${effect.turnId},
      ${effect.replyId}, ${effect.speaker}, ${effect.tool}, ${storableJson(effect.argumentsJson)}::jsonb,
      ${effect.idempotencyKey}, ${effect.isRepeatable}, 'armed'
    FROM current_call
    ON CONFLICT (idempotency_key) DO UPDATE SET
      effect_id = excluded.effect_id, epoch = excluded.epoch, proposed_epoch = excluded.proposed_epoch,
      reply_id = excluded.reply_id, state = 'armed', result = NULL, armed_at = now(), executing_at = NULL,
      settled_at = NULL
    WHERE known.state = 'failed' OR (known.effect_id = excluded.effect_id AND known.state = 'armed')
    RETURNING effect_id
  `.execute(database.kysely);
  return rows.length > 0 ? 'stored' : 'stale';
}

/** Writes down that the receiver may be asked from now on. Stale: as for `armEffect`, or the effect is settled. */
export async function beginEffect(
  database: Database,
  writer: EffectWriter,
  effectId: string,
): Promise<'stored' | 'stale'> {
  const { rows } = await sql`
    WITH current_call AS (${openCallOf(writer)})
    UPDATE effects SET state = 'executing', executing_at = COALESCE(executing_at, now())
    FROM current_call
    WHERE effect_id = ${effectId}::uuid AND call_id = current_call.id AND effects.epoch = ${writer.epoch}
      AND effects.state IN ('armed', 'executing')
    RETURNING effect_id
  `.execute(database.kysely);
  return rows.length > 0 ? 'stored' : 'stale';
}

/**
 * Writes down what came of an effect; again changes nothing. An ended call still takes it from its last agent.
 * Stale: a newer agent has the call or has taken the effect up.
 */
export async function settleEffect(
  database: Database,
  writer: EffectWriter,
  outcome: {
    readonly effectId: string;
    readonly state: 'executed' | 'delivered' | 'failed' | 'uncertain';
    readonly result: string | undefined;
  },
): Promise<'stored' | 'stale'> {
  const { effectId, state, result } = outcome;
  const { rows } = await sql`
    WITH current_call AS (
      SELECT id FROM calls WHERE id = ${writer.callId} AND epoch <= ${writer.epoch} FOR SHARE
    )
    UPDATE effects SET
      state = ${state}, result = ${result === undefined ? null : storable(result)},
      settled_at = COALESCE(settled_at, now()),
      delivered_at = CASE WHEN ${state} = 'delivered' THEN COALESCE(delivered_at, now()) END
    FROM current_call
    WHERE effect_id = ${effectId}::uuid AND call_id = current_call.id AND effects.epoch = ${writer.epoch}
      AND (effects.state IN ('armed', 'executing', ${state}) OR (${state} = 'delivered' AND effects.state = 'executed'))
    RETURNING effect_id
  `.execute(database.kysely);
  return rows.length > 0 ? 'stored' : 'stale';
}

/**
 * Every effect of the call, oldest first; the writer answers for them from now on, so that what an earlier agent still
 * writes about them is refused. Stale: the writer is not, or no longer, the agent of the call.
 */
export async function takeEffects(
  database: Database,
  writer: EffectWriter,
): Promise<readonly StoredEffect[] | 'stale'> {
  return database.kysely.transaction().execute(async (transaction) => {
    const call = await sql`${openCallOf(writer)}`.execute(transaction);
    if (call.rows.length === 0) return 'stale';
    const rows = await transaction
      .updateTable('effects')
      .set({ epoch: writer.epoch })
      .where('call_id', '=', writer.callId)
      .where('epoch', '<=', writer.epoch)
      .returningAll()
      .execute();
    return rows
      .toSorted((a, b) => a.armed_at.getTime() - b.armed_at.getTime())
      .map((row) => storedEffectOf(row));
  });
}

/** Ends the call on behalf of its agent. Stale: a newer agent has the call, or it had ended before. */
export async function endCallOfAgent(
  database: Database,
  writer: EffectWriter,
  reason: string,
): Promise<'stored' | 'stale'> {
  return (await endCall(database, writer.callId, reason, writer.epoch)) ? 'stored' : 'stale';
}

/** The share lock makes a supervisor that raises the epoch wait for this write; later ones see the new epoch. */
function openCallOf({ callId, epoch }: EffectWriter): RawBuilder<unknown> {
  return sql`SELECT id FROM calls WHERE id = ${callId} AND epoch = ${epoch} AND ended_at IS NULL FOR SHARE`;
}

function storedEffectOf(row: Selectable<EffectsTable>) {
  return {
    effectId: row.effect_id,
    epoch: row.proposed_epoch,
    turnId: turnIdSchema.parse(row.turn_id),
    replyId: replyIdSchema.parse(row.reply_id),
    speaker: speakerIdSchema.parse(row.speaker),
    tool: row.tool,
    argumentsJson: JSON.stringify(row.arguments),
    idempotencyKey: row.idempotency_key,
    isRepeatable: row.repeatable,
    state: row.state,
    result: row.result ?? undefined,
  };
}

/** Postgres stores neither NUL nor half a surrogate pair; a model may send both. */
function storable(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed();
}

function storableJson(json: string): string {
  return JSON.stringify(JSON.parse(json), (_key, part: unknown) =>
    typeof part === 'string' ? storable(part) : part,
  );
}
