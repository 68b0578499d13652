/** Takes over the spools that dead agents left on this machine: what they acknowledged reaches the database once. */
import { readdir, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { callIdSchema } from '@sophy/contracts/ids';
import type { JobMetadata } from '@sophy/contracts/job-metadata';
import { type AdoptionOutcome, adoptJournal } from '@sophy/db/adopt-journal';
import type { Database } from '@sophy/db/database';
import type { SaidMessage } from '@sophy/db/record-messages';
import type { Logger } from '@sophy/telemetry/logger';
import { isMissing, spoolFileName } from './spool.ts';
import { decodeSpoolLine, type ReadRecord } from './spool-record.ts';

export type Spooled = {
  /** In the order in which they were written. */
  readonly entries: readonly Extract<ReadRecord, { entry: unknown }>['entry'][];
  /** The latest words of each item. */
  readonly messages: readonly SaidMessage[];
  /** Lines that are not as they were written. Half a last line, which a killed process leaves, is none. */
  readonly damagedLines: number;
};

type Agent = Pick<JobMetadata, 'callId' | 'epoch'>;
export type AdoptionOptions = {
  readonly database: Database;
  readonly spoolDirectory: string;
  readonly logger: Logger;
};

/**
 * Adopts every spool on this machine whose agent is dead by the database. Harmless twice, or at once with another.
 * A spool that cannot be adopted now is logged and left for the next time. Returns how many were adopted.
 */
export async function adoptSpools(options: AdoptionOptions): Promise<number> {
  let adopted = 0;
  for (const agent of await spooledAgents(options.spoolDirectory)) {
    try {
      if ((await adopt(options, agent, false)) === 'adopted') adopted += 1;
    } catch (error) {
      options.logger.warn({ error, ...agent }, 'spool not adopted');
    }
  }
  return adopted;
}

/**
 * Adopts the spool of one agent whose process is known to be dead. Throws while the database is away.
 * `none`: it left no spool here.
 */
export async function adoptSpool(options: AdoptionOptions, agent: Agent): Promise<AdoptionOutcome | 'none'> {
  return adopt(options, agent, true);
}

/**
 * Adopts what the agents of a call's earlier epochs left on this machine, and returns it, so that their successor has
 * it also while the database is away.
 */
export async function adoptPredecessors(
  options: AdoptionOptions,
  { callId, epoch }: Agent,
): Promise<(Spooled & { readonly epoch: number })[]> {
  const agents = await spooledAgents(options.spoolDirectory);
  const found: (Spooled & { readonly epoch: number })[] = [];
  for (const agent of agents.filter((other) => other.callId === callId && other.epoch < epoch)) {
    const spooled = await readSpool(options.spoolDirectory, agent);
    if (spooled !== undefined) found.push({ ...spooled, epoch: agent.epoch });
    try {
      await adopt(options, agent, false);
    } catch (error) {
      options.logger.warn({ error, ...agent }, 'spool not adopted');
    }
  }
  return found;
}

/** The agents that have a spool here, oldest epoch first. */
export async function spooledAgents(spoolDirectory: string): Promise<Agent[]> {
  const names = await readdir(spoolDirectory).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  return names
    .flatMap((name) => {
      const match = /^([0-9a-f-]{36})-e(\d+)\.spool$/.exec(name);
      const callId = callIdSchema.safeParse(match?.[1]);
      return callId.success ? [{ callId: callId.data, epoch: Number(match?.[2]) }] : [];
    })
    .sort((a, b) => a.epoch - b.epoch);
}

/** What a spool holds; undefined where there is none. */
async function readSpool(spoolDirectory: string, agent: Agent): Promise<Spooled | undefined> {
  let text: string;
  try {
    text = await readFile(join(spoolDirectory, spoolFileName(agent)), 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  return parseSpool(text);
}

export function parseSpool(text: string): Spooled {
  const lines = text.split('\n');
  // A whole file ends with a line end; what stands behind it was never acknowledged.
  const torn = lines.pop();
  const records = lines.filter((line) => line !== '').map(decodeSpoolLine);
  const last = torn === undefined || torn === '' ? undefined : decodeSpoolLine(torn);
  if (last !== undefined) records.push(last);
  const entries = new Map<number, Spooled['entries'][number]>();
  const messages = new Map<string, SaidMessage>();
  let damagedLines = 0;
  for (const record of records) {
    if (record === undefined) damagedLines += 1;
    else if ('entry' in record) entries.set(record.entry.seq, record.entry);
    else messages.set(record.message.itemId, record.message);
  }
  return {
    entries: [...entries.values()].sort((a, b) => a.seq - b.seq),
    messages: [...messages.values()],
    damagedLines,
  };
}

async function adopt(
  { database, spoolDirectory, logger }: AdoptionOptions,
  agent: Agent,
  isDead: boolean,
): Promise<AdoptionOutcome | 'none'> {
  const spooled = await readSpool(spoolDirectory, agent);
  if (spooled === undefined) return 'none';
  const { entries, messages, damagedLines } = spooled;
  const outcome = await adoptJournal(database, { ...agent, entries, messages, isDead });
  if (outcome === 'too-early') return outcome;
  const path = join(spoolDirectory, spoolFileName(agent));
  const counts = { ...agent, entries: entries.length, messages: messages.length, damagedLines };
  if (outcome === 'unknown-call') {
    logger.warn(counts, 'spool of a call that the database does not know is set aside');
    await setAside(path, 'unclaimed');
  } else if (damagedLines > 0) {
    logger.error(counts, 'spool adopted but for damaged lines, file kept aside');
    await setAside(path, 'damaged');
  } else {
    logger.info(counts, 'spool adopted');
    await gone(unlink(path));
  }
  return outcome;
}

async function setAside(path: string, ending: string): Promise<void> {
  await gone(rename(path, `${path}.${ending}`));
}

/** Another adopter may have been faster. */
async function gone(removal: Promise<void>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
