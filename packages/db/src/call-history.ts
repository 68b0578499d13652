/** Calls and their journals as people look back at them. */
import { type CallId, callIdSchema } from '@sophy/contracts/ids';
import { journalEventSchema } from '@sophy/contracts/journal-event';
import type { CallState } from '@sophy/fleet/call-record';
import { type Selectable, sql } from 'kysely';
import type { Database, Tables } from './database.ts';
import type { PageCursor } from './page-cursor.ts';

export type StoredCall = {
  readonly id: CallId;
  readonly roomName: string;
  readonly state: CallState;
  readonly epoch: number;
  readonly workerId: string | null;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly endReason: string | null;
};

export type CallParticipant = {
  readonly identity: string;
  readonly name: string;
  readonly joinedAt: Date;
  readonly leftAt: Date | null;
};

export type StoredCallEvent = {
  readonly epoch: number;
  readonly seq: number;
  readonly at: Date;
  readonly type: string;
  readonly payload: unknown;
};

/** Where reading a journal goes on. */
export type JournalPosition = { readonly epoch: number; readonly seq: number };

function toStoredCall(row: Selectable<Tables['calls']>): StoredCall {
  return {
    id: callIdSchema.parse(row.id),
    roomName: row.room_name,
    state: row.state,
    epoch: row.epoch,
    workerId: row.worker_id,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    endReason: row.end_reason,
  };
}

/** A page of calls, latest start first, in one query. */
export async function listCalls(
  database: Database,
  page: { readonly limit: number; readonly cursor: PageCursor | undefined },
): Promise<{ calls: StoredCall[]; nextCursor: PageCursor | undefined }> {
  let query = database.kysely
    .selectFrom('calls')
    .selectAll()
    .select(sql<string>`(extract(epoch from started_at) * 1000000)::bigint`.as('started_at_micros'))
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit + 1);
  if (page.cursor !== undefined) {
    const { micros, id } = page.cursor;
    const startedAt = sql`timestamptz 'epoch' + ${micros}::bigint * interval '1 microsecond'`;
    query = query.where(sql<boolean>`(started_at, id) < (${startedAt}, ${id}::uuid)`);
  }
  const rows = await query.execute();
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  const hasMore = rows.length > page.limit && last !== undefined;
  return {
    calls: shown.map(toStoredCall),
    nextCursor: hasMore ? { micros: last.started_at_micros, id: last.id } : undefined,
  };
}

/** The call and who was in it, by its journal; undefined where there is no such call. */
export async function readCall(
  database: Database,
  id: CallId,
): Promise<{ call: StoredCall; participants: CallParticipant[] } | undefined> {
  const row = await database.kysely.selectFrom('calls').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) return undefined;
  const events = await database.kysely
    .selectFrom('call_events')
    .select(['at', 'type', 'payload'])
    .where('call_id', '=', id)
    .where('type', 'in', ['speaker-join', 'speaker-leave'])
    .orderBy('epoch')
    .orderBy('seq')
    .execute();
  return { call: toStoredCall(row), participants: participantsOf(events) };
}

function participantsOf(
  events: readonly { readonly at: Date; readonly type: string; readonly payload: unknown }[],
): CallParticipant[] {
  const participants = new Map<string, CallParticipant>();
  for (const { at, type, payload } of events) {
    const fields = typeof payload === 'object' && payload !== null ? payload : {};
    const event = journalEventSchema.safeParse({ ...fields, type }).data;
    if (event?.type === 'speaker-join') {
      // An agent of a later epoch meets the same people again.
      const joinedAt = participants.get(event.speaker)?.joinedAt ?? at;
      participants.set(event.speaker, { identity: event.speaker, name: event.name, joinedAt, leftAt: null });
    } else if (event?.type === 'speaker-leave') {
      const known = participants.get(event.speaker);
      if (known !== undefined) participants.set(event.speaker, { ...known, leftAt: at });
    }
  }
  return [...participants.values()];
}

/** What entries must have to be read; undefined: anything. */
export type JournalFilter = {
  readonly types?: readonly string[] | undefined;
  readonly rule?: string | undefined;
  readonly action?: string | undefined;
  readonly speaker?: string | undefined;
};

/** Journal entries after a position, in order, in one query. Empty where there is no such call. */
export async function readCallEvents(
  database: Database,
  id: CallId,
  page: {
    readonly after: JournalPosition | undefined;
    readonly limit: number;
    readonly filter?: JournalFilter;
  },
): Promise<StoredCallEvent[]> {
  const { types, rule, action, speaker } = page.filter ?? {};
  let query = database.kysely
    .selectFrom('call_events')
    .select(['epoch', 'seq', 'at', 'type', 'payload'])
    .where('call_id', '=', id)
    .orderBy('epoch')
    .orderBy('seq')
    .limit(page.limit);
  if (page.after !== undefined) {
    query = query.where(sql<boolean>`(epoch, seq) > (${page.after.epoch}, ${page.after.seq})`);
  }
  if (types !== undefined) query = query.where('type', 'in', types);
  for (const [field, wanted] of Object.entries({ rule, action, speaker })) {
    if (wanted !== undefined) query = query.where(sql<boolean>`payload ->> ${field} = ${wanted}`);
  }
  return query.execute();
}
