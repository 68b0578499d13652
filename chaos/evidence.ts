/** Everything that a run has seen and stored, in one file beside the logs, for whoever looks into a broken promise. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withClient } from './audit.ts';
import type { Stage } from './stage.ts';

const tables = ['calls', 'call_events', 'messages', 'workers', 'effects', 'chaos_writes'] as const;

/** Times of what people saw are Unix ms, as in the tables. */
export async function keepEvidence(
  stage: Stage,
  file = join(stage.logFolder, 'evidence.json'),
): Promise<void> {
  const unixMs = (atMs: number): number => Math.round(performance.timeOrigin + atMs);
  const rooms = stage.calls.map(({ witness, questions }) => ({
    room: witness.roomName,
    person: witness.identity,
    joined: unixMs(witness.joinedMs),
    sightings: witness.sightings.map(({ atMs, ...seen }) => ({ at: unixMs(atMs), ...seen })),
    questions: questions.map(({ askedMs, answeredMs, ...asked }) => ({
      ...asked,
      askedAt: unixMs(askedMs),
      answeredAt: answeredMs === undefined ? null : unixMs(answeredMs),
    })),
    captions: witness.captions.map(({ speaker, segmentId, text, isFinal, firstMs, updatedMs }) => ({
      speaker,
      segmentId,
      text,
      isFinal,
      from: unixMs(firstMs),
      to: unixMs(updatedMs),
    })),
    decisions: witness.notices
      .filter(({ notice }) => notice.type === 'decision')
      .map(({ atMs, identity, notice }) => ({ at: unixMs(atMs), identity, ...notice })),
    voices: [...witness.voices].map(([identity, { spans }]) => ({
      identity,
      spans: spans.map(({ startMs, endMs }) => [unixMs(startMs), unixMs(endMs)]),
    })),
  }));
  const stored = await withClient(stage.fleet.postgres.url, async (client) => {
    const found: Record<string, unknown> = {};
    for (const table of tables) found[table] = (await client.query(`SELECT * FROM ${table}`)).rows;
    return found;
  });
  await writeFile(file, JSON.stringify({ rooms, stored, toolRequests: stage.fleet.tools.requests }, null, 1));
}
