/** What an agent finds when it takes a call over: the journal of the agents before it, as the policy and the chat need it. */
import type { JobMetadata } from '@sophy/contracts/job-metadata';
import { journalEventSchema } from '@sophy/contracts/journal-event';
import type { ContextMessage } from '@sophy/conversation/assemble-context';
import { type RecoveredCall, type RecoveredTurn, recoverCall } from '@sophy/conversation/recover-call';
import { phrase } from '@sophy/conversation/speech/phrases';
import type { SpokenLanguage } from '@sophy/conversation/speech/spoken-language';
import type { TakeOver, Turn } from '@sophy/conversation/turn-event';
import { type EpochEntry, readJournalBefore } from '@sophy/db/call-recovery';
import { recentMessages, type StoredMessage } from '@sophy/db/chats';
import type { Database } from '@sophy/db/database';
import type { SaidMessage } from '@sophy/db/record-messages';
import type { Logger } from '@sophy/telemetry/logger';
import { adoptPredecessors } from '../journal/adopt-spools.ts';

export type TakenCall = {
  /** Undefined for the first agent that came to the call, whatever its epoch. */
  readonly recovered: RecoveredCall | undefined;
  /** What was said in this room before, oldest first. */
  readonly earlier: readonly ContextMessage[];
  /** Said and journaled, and not in the chat: to be written there. */
  readonly missing: readonly SaidMessage[];
};

export type TakeOverOptions = {
  readonly database: Database;
  readonly job: JobMetadata;
  readonly spoolDirectory: string;
  readonly logger: Logger;
};

/** How many messages of the room's chat a call takes up; the setting `history_messages` says how many a reply sees. */
const earlierMessages = 200;
/** What a crash can have kept out of the chat is not older, ms; an older message was deleted by somebody. */
const missingMs = 10 * 60_000;

/** Reads what was said in the room before, and what a predecessor left. Goes on with what it can get. */
export async function readTakenCall(options: TakeOverOptions): Promise<TakenCall> {
  const { job, logger } = options;
  const { entries, isWhole } = job.epoch > 1 ? await readEntries(options) : { entries: [], isWhole: true };
  // Whoever was sent before and never came has said nothing, no greeting either.
  const isFirst = entries.length === 0 && isWhole;
  const recovered = isFirst ? undefined : recoverCall(entries, Date.now());
  let stored: readonly StoredMessage[] = [];
  try {
    stored = await recentMessages(options.database, { roomName: job.roomName }, earlierMessages);
  } catch (error) {
    logger.warn({ error }, 'earlier messages not read, the call begins without them');
  }
  const missing = missingMessages(recovered, stored, job);
  const earlier = [
    ...stored.map((message) => ({ atMs: message.createdAt.getTime(), message: contextOf(message, job) })),
    ...missing.map((message) => ({
      atMs: message.createdAt.getTime(),
      message: contextOf({ ...message, callId: job.callId }, job),
    })),
  ].sort((a, b) => a.atMs - b.atMs);
  if (recovered !== undefined) {
    const { owed, cut, windows, isHandOver } = recovered;
    const found = { owed: owed.length, isCut: cut !== undefined, windows: windows.length, isHandOver };
    logger.info({ entries: entries.length, missing: missing.length, ...found }, 'call taken over');
  }
  return { recovered, earlier: earlier.map(({ message }) => message), missing };
}

/** The event that tells the policy. `nowMs` is the room clock. */
export function takeOverEvent(
  recovered: RecoveredCall,
  moment: { readonly nowMs: number; readonly unixMs: number; readonly language: SpokenLanguage },
): TakeOver {
  const { nowMs, unixMs, language } = moment;
  const onRoomClock = (atMs: number): number => nowMs + atMs - unixMs;
  const turnOf = ({ atMs, ...turn }: RecoveredTurn): Turn => ({ ...turn, endedAtMs: onRoomClock(atMs) });
  const { cut, owed, windows, raisedHands, isHandOver, lastMs } = recovered;
  return {
    type: 'take-over',
    atMs: nowMs,
    reason: isHandOver ? 'hand-over' : 'crash',
    absentMs: Math.max(0, unixMs - (lastMs ?? unixMs)),
    windows: windows.map((window) => ({ ...window, untilMs: onRoomClock(window.untilMs) })),
    raisedHands,
    owed: owed.map(turnOf),
    cut: cut && { ...cut, turn: cut.turn && turnOf(cut.turn) },
    sorry: { text: phrase('goOn', language), language },
  };
}

/**
 * Everything journaled by earlier epochs, in order: from the database and from the spools on this machine. Whole: the
 * database answered.
 */
async function readEntries(
  options: TakeOverOptions,
): Promise<{ readonly entries: readonly EpochEntry[]; readonly isWhole: boolean }> {
  const { database, job, logger } = options;
  const entries = new Map<string, EpochEntry>();
  const keep = (entry: EpochEntry): void => {
    entries.set(`${entry.epoch}:${entry.seq}`, entry);
  };
  try {
    for (const { epoch, entries: spooled } of await adoptPredecessors(options, job))
      for (const { seq, atMs, event } of spooled) {
        const parsed = journalEventSchema.safeParse(event);
        if (parsed.success) keep({ epoch, seq, atMs, event: parsed.data });
      }
  } catch (error) {
    logger.warn({ error }, 'spools of the agents before not read');
  }
  let isWhole = true;
  try {
    for (const entry of await readJournalBefore(database, job)) keep(entry);
  } catch (error) {
    isWhole = false;
    logger.warn({ error }, 'journal not read, the call is taken over with what is on this machine');
  }
  const inOrder = [...entries.values()].sort((a, b) => a.epoch - b.epoch || a.seq - b.seq);
  return { entries: inOrder, isWhole };
}

function missingMessages(
  recovered: RecoveredCall | undefined,
  stored: readonly StoredMessage[],
  { callId }: JobMetadata,
): SaidMessage[] {
  const known = new Set(stored.flatMap((message) => (message.callId === callId ? message.itemId : [])));
  const sinceMs = (recovered?.lastMs ?? 0) - missingMs;
  return (recovered?.said ?? [])
    .filter(({ itemId, atMs }) => !known.has(itemId) && atMs >= sinceMs)
    .map(({ isInterrupted, atMs, ...message }) => ({
      ...message,
      interrupted: isInterrupted,
      createdAt: new Date(atMs),
    }));
}

function contextOf(
  {
    role,
    content,
    speaker,
    itemId,
    callId,
  }: Pick<StoredMessage, 'role' | 'content' | 'speaker' | 'itemId' | 'callId'>,
  job: JobMetadata,
): ContextMessage {
  const said = { role, content, speaker };
  if (callId !== job.callId || itemId === null) return said;
  return role === 'user' ? { ...said, turnId: itemId } : { ...said, replyId: itemId };
}
