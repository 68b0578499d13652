/** Seats: who holds a name in a room between asking for a token and being there. */
import { createHash } from 'node:crypto';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database, Tables } from './database.ts';
import { fleetSlotsQuery, withPlacementLock } from './slots.ts';

/** Names that differ only in case, width or spacing are one name. */
export function seatNameKey(name: string): string {
  return name.normalize('NFKC').toLowerCase().replaceAll(/\s+/gu, ' ').trim();
}

function hashOf(seatKey: string): Buffer {
  return createHash('sha256').update(seatKey).digest();
}

export type SeatRequest = {
  readonly roomName: string;
  readonly name: string;
  /** Identity for a new seat. */
  readonly identity: string;
  /** Key for a new seat. */
  readonly seatKey: string;
  /** Key of an earlier seat under this name, which renews it and keeps its identity. */
  readonly renewWith: string | undefined;
  readonly lifetimeMs: number;
};

/** The seat as it is now held; `taken` where somebody else holds the name. */
export type SeatOutcome = { readonly identity: string; readonly seatKey: string } | 'taken';

/**
 * Reserves or renews a seat. Where the room has no call, a slot of the fleet must be free that no other room with a
 * reserved seat has a claim to; of many who ask at once for the last one, one room gets it. Without any worker nobody is
 * refused: the call then waits for one.
 */
export async function reserveSeat(
  database: Database,
  request: SeatRequest,
): Promise<SeatOutcome | 'fleet-full'> {
  // Most who ask need no slot, and do not wait for those who do.
  if ((await roomLeft(database.kysely, request.roomName)) === 'not-needed')
    return reserveSeatIn(database.kysely, request);
  return withPlacementLock(database, async (transaction) => {
    const left = await roomLeft(transaction, request.roomName);
    return left === 'none' ? 'fleet-full' : reserveSeatIn(transaction, request);
  });
}

/** Whether the fleet has a slot for a call in this room, beside those that others have a claim to. */
async function roomLeft(database: Kysely<Tables>, roomName: string): Promise<'not-needed' | 'some' | 'none'> {
  const isOpen = (room: RawBuilder<unknown>) =>
    sql`EXISTS (SELECT FROM calls WHERE calls.room_name = ${room} AND calls.ended_at IS NULL)`;
  // Rooms in which somebody has a seat, and that have no call yet, have a claim.
  const { rows } = await sql<{
    is_open: boolean;
    workers: number;
    free: number;
    queued: number;
    claims: number;
  }>`
    SELECT fleet.*, ${isOpen(sql`${roomName}`)} AS is_open, (
      SELECT count(DISTINCT seats.room_name)::integer FROM seats
      WHERE seats.expires_at > now() AND seats.room_name <> ${roomName} AND NOT ${isOpen(sql`seats.room_name`)}
    ) AS claims
    FROM (${fleetSlotsQuery}) AS fleet
  `.execute(database);
  const [row] = rows;
  if (row === undefined || row.is_open || row.workers === 0) return 'not-needed';
  return row.free - row.queued - row.claims > 0 ? 'some' : 'none';
}

/** In one statement, so that of many who ask at once exactly one gets the name. */
async function reserveSeatIn(database: Kysely<Tables>, request: SeatRequest): Promise<SeatOutcome> {
  const renewHash = request.renewWith === undefined ? null : hashOf(request.renewWith);
  const isOwn = sql<boolean>`seats.seat_key_hash = ${renewHash}::bytea`;
  const row = await database
    .insertInto('seats')
    .values({
      room_name: request.roomName,
      name_key: seatNameKey(request.name),
      identity: request.identity,
      seat_key_hash: hashOf(request.seatKey),
      expires_at: sql<Date>`now() + ${request.lifetimeMs} * interval '1 millisecond'`,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['room_name', 'name_key'])
        .doUpdateSet({
          identity: sql<string>`CASE WHEN ${isOwn} THEN seats.identity ELSE excluded.identity END`,
          seat_key_hash: sql<Buffer>`CASE WHEN ${isOwn} THEN seats.seat_key_hash ELSE excluded.seat_key_hash END`,
          expires_at: sql<Date>`excluded.expires_at`,
        })
        .where(sql<boolean>`seats.expires_at <= now() OR ${isOwn}`),
    )
    .returning(['identity', 'seat_key_hash'])
    .executeTakeFirst();
  if (row === undefined) return 'taken';
  const isRenewed = renewHash !== null && row.seat_key_hash.equals(renewHash);
  return {
    identity: row.identity,
    seatKey: isRenewed && request.renewWith !== undefined ? request.renewWith : request.seatKey,
  };
}

/** Identity of the seat that this key belongs to, also when its reservation ran out. */
export async function findOwnIdentity(
  database: Database,
  seat: { readonly roomName: string; readonly name: string; readonly seatKey: string },
): Promise<string | undefined> {
  const row = await database.kysely
    .selectFrom('seats')
    .select('identity')
    .where('room_name', '=', seat.roomName)
    .where('name_key', '=', seatNameKey(seat.name))
    .where('seat_key_hash', '=', hashOf(seat.seatKey))
    .executeTakeFirst();
  return row?.identity;
}

/** Keeps the seats of people who are in their rooms for `lifetimeMs` from now; never shortens one. */
export async function extendSeats(
  database: Database,
  present: readonly { readonly roomName: string; readonly identity: string }[],
  lifetimeMs: number,
): Promise<void> {
  if (present.length === 0) return;
  const roomNames = present.map(({ roomName }) => roomName);
  const identities = present.map(({ identity }) => identity);
  await sql`
    UPDATE seats SET expires_at = now() + ${lifetimeMs} * interval '1 millisecond'
    FROM unnest(${roomNames}::text[], ${identities}::text[]) AS present (room_name, identity)
    WHERE seats.room_name = present.room_name AND seats.identity = present.identity
      -- Half of the time is left: written now and then, not each second.
      AND seats.expires_at < now() + ${lifetimeMs / 2} * interval '1 millisecond'
  `.execute(database.kysely);
}

/** Forgets seats that ran out more than a day ago; returns how many. */
export async function deleteOldSeats(database: Database): Promise<number> {
  const result = await database.kysely
    .deleteFrom('seats')
    .where('expires_at', '<', sql<Date>`now() - interval '1 day'`)
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}
