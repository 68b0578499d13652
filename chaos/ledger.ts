/**
 * The ledger of a run: what people were shown as taken against what is stored. Acknowledged = stored, each once, no
 * write of a replaced agent, one greeting a call, never two voices for long. What counts as acknowledged: docs/chaos.md.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseAgentIdentity } from '@sophy/contracts/job-metadata';
import { withClient } from './audit.ts';
import { greeting, isAnswerAbout, markersIn, toolOf } from './engines.ts';
import type { Stage, StagedCall } from './stage.ts';
import { longestOverlapMs } from './voice-spans.ts';

/** Time for what was acknowledged to reach the database after the last word. */
const settleMs = 30_000;
const pollMs = 500;
const longestTwoVoicesMs = 1_000;

type StoredTurn = { call_id: string; epoch: number; turn_id: string };
type StoredMessage = { call_id: string; epoch: number; item_id: string; role: string; content: string };
type StaleWrite = { kind: string; call_id: string; epoch: number; newer: number; is_late: boolean };
type StoredCall = { id: string; room_name: string; epoch: number };

type Stored = {
  readonly turns: readonly StoredTurn[];
  readonly messages: readonly StoredMessage[];
  readonly calls: readonly StoredCall[];
};

type Missing = {
  readonly where: string;
  readonly epoch?: number;
  readonly expected: string;
  readonly found: string;
};

/** Waits until everything acknowledged is stored; undefined when it is not within the time. */
export async function untilStored(stage: Stage, timeoutMs: number): Promise<number | undefined> {
  const startMs = performance.now();
  while (performance.now() - startMs < timeoutMs) {
    const stored = await readStored(stage.fleet.postgres.url);
    if (checkTurns(stage.calls, stored).missing.length === 0) return performance.now() - startMs;
    await sleep(pollMs);
  }
  return undefined;
}

/** To be called when nobody talks any more and people are still in their rooms. */
export async function checkLedger(stage: Stage): Promise<void> {
  const { findings, name: scenario, calls, fleet } = stage;
  const deadlineMs = performance.now() + settleMs;
  let stored = await readStored(fleet.postgres.url);
  let turns = checkTurns(calls, stored);
  let replies = checkReplies(calls, stored);
  while (turns.missing.length + replies.missing.length > 0 && performance.now() < deadlineMs) {
    await sleep(pollMs);
    stored = await readStored(fleet.postgres.url);
    turns = checkTurns(calls, stored);
    replies = checkReplies(calls, stored);
  }
  const duplicates = findDuplicates(stored);
  const writes = await readStaleWrites(fleet.postgres.url);
  const effects = checkEffects(stage);
  const stale = writes.filter(({ is_late }) => !is_late);
  const greetings = calls.flatMap((call) => checkGreeting(call));
  const overlaps = calls.map((call) => ({
    call,
    overlapMs: longestOverlapMs([...call.witness.voices.values()].map(({ spans }) => spans)),
  }));

  const count = (what: string, value: number, allowed?: number): void =>
    findings.counted({ scenario, what, value, ...(allowed === undefined ? {} : { allowed }) });
  count('turns acknowledged', turns.count);
  count('acknowledged turns lost', turns.missing.length, 0);
  count('replies finished', replies.count);
  count('finished replies lost', replies.missing.length, 0);
  count('turns or messages stored twice', duplicates.length, 0);
  count('stale writes accepted', stale.length, 0);
  count('older words adopted late', writes.length - stale.length);
  count('effects asked for at the tools', effects.count);
  count('effects not done exactly once', effects.wrong.length, 0);
  count('calls not greeted exactly once', greetings.length, 0);
  count('rooms with more than one call', callsPerRoom(stored).length, 0);
  findings.measured({
    scenario,
    what: 'two agents audible at once, longest in a call',
    valuesMs: overlaps.map(({ overlapMs }) => overlapMs),
    limit: { percentile: 100, ms: longestTwoVoicesMs },
  });
  for (const broken of [
    ...turns.missing,
    ...replies.missing,
    ...duplicates,
    ...effects.wrong,
    ...greetings,
    ...callsPerRoom(stored),
  ])
    findings.breaks({ scenario, ...broken });
  for (const { kind, call_id, epoch, newer } of stale) {
    findings.breaks({
      scenario,
      where: `call ${call_id}`,
      epoch,
      expected: `no ${kind} write of epoch ${epoch} that happened after epoch ${newer} was current`,
      found: 'accepted',
    });
  }
  for (const { call, overlapMs } of overlaps.filter((each) => each.overlapMs > longestTwoVoicesMs)) {
    findings.breaks({
      scenario,
      where: call.witness.roomName,
      expected: `two agents audible for at most ${longestTwoVoicesMs} ms`,
      found: `${overlapMs.toFixed(0)} ms`,
    });
  }
  for (const { witness } of calls) {
    for (const problem of witness.problems)
      findings.breaks({
        scenario,
        where: witness.roomName,
        expected: 'what the contract says',
        found: problem,
      });
  }
}

/** Turns whose decision was shown, final captions, and typed questions that were answered: each stored exactly once. */
function checkTurns(calls: readonly StagedCall[], stored: Stored): { count: number; missing: Missing[] } {
  let count = 0;
  const missing: Missing[] = [];
  const journalled = countBy(stored.turns, ({ call_id, turn_id }) => `${call_id} ${turn_id}`);
  const kept = countBy(stored.messages, ({ call_id, item_id }) => `${call_id} ${item_id}`);
  const said = countBy(
    stored.messages.filter(({ role }) => role === 'user'),
    ({ content }) => content,
  );
  const expectOnce = (found: number, rest: Omit<Missing, 'found'>): void => {
    if (found !== 1) missing.push({ ...rest, found: `${found} times` });
  };
  for (const { witness, questions } of calls) {
    const seen = new Set<string>();
    for (const { identity, notice } of witness.notices) {
      if (notice.type !== 'decision' || notice.rule === 'greeting') continue;
      if (notice.action !== 'answer' && notice.action !== 'silent') continue;
      const job = parseAgentIdentity(identity);
      if (job === undefined || seen.has(notice.turnId)) continue;
      seen.add(notice.turnId);
      count += 1;
      const key = `${job.callId} ${notice.turnId}`;
      const place = { where: `${witness.roomName}, call ${job.callId}`, epoch: job.epoch };
      expectOnce(journalled.get(key) ?? 0, {
        ...place,
        expected: `turn ${notice.turnId} once in the journal`,
      });
      expectOnce(kept.get(key) ?? 0, { ...place, expected: `turn ${notice.turnId} once in the chat` });
    }
    const finals = witness.captions
      .filter(({ speaker, isFinal, text }) => speaker === witness.identity && isFinal && text !== '')
      .map(({ text }) => text);
    const answered = questions
      .filter(({ kind, answeredMs }) => kind === 'typed' && answeredMs !== undefined)
      .map(({ text }) => text);
    for (const text of new Set([...finals, ...answered])) {
      count += 1;
      expectOnce(said.get(text) ?? 0, { where: witness.roomName, expected: `"${text}" once in the chat` });
    }
  }
  return { count, missing };
}

/** Answers that nobody cut, whose caption was complete before their agent listened again: people have heard them to the end. */
function checkReplies(calls: readonly StagedCall[], stored: Stored): { count: number; missing: Missing[] } {
  let count = 0;
  const missing: Missing[] = [];
  const answers = stored.messages.filter(({ role }) => role === 'assistant').map(({ content }) => content);
  const stores = new Set(answers.flatMap((content) => markersIn(content)));
  for (const { witness } of calls) {
    const cut = new Set(
      witness.notices.flatMap(({ identity, notice }) =>
        notice.type === 'interrupted' ? [`${identity} ${notice.replyId}`] : [],
      ),
    );
    for (const caption of witness.captions) {
      // Of a reply that was talked over, what was heard is kept, and that may be nothing.
      if (cut.has(`${caption.speaker} ${caption.segmentId}`)) continue;
      const job = parseAgentIdentity(caption.speaker);
      const [marker] = markersIn(caption.text);
      if (job === undefined || marker === undefined || !caption.isFinal) continue;
      const isOver = witness.sightings.some(
        ({ identity, atMs, event }) =>
          identity === caption.speaker &&
          atMs > caption.updatedMs &&
          event.type === 'state' &&
          event.state === 'listening',
      );
      if (!isOver) continue;
      count += 1;
      if (stores.has(marker)) continue;
      missing.push({
        where: `${witness.roomName}, call ${job.callId}`,
        epoch: job.epoch,
        expected: `the answer about ${marker} in the chat`,
        found: 'not there',
      });
    }
  }
  return { count, missing };
}

function findDuplicates(stored: Stored): Missing[] {
  const rooms = new Map(stored.calls.map(({ id, room_name }) => [id, room_name]));
  const twice = (counts: ReadonlyMap<string, number>, what: string): Missing[] =>
    [...counts]
      .filter(([, count]) => count > 1)
      .map(([key, count]) => ({
        where: `${rooms.get(key.split(' ')[0] ?? '') ?? 'no room'}, call ${key.split(' ')[0]}`,
        expected: `${what} "${key.split(' ').slice(1).join(' ')}" once`,
        found: `${count} times`,
      }));
  const userTexts = stored.messages.filter(({ role }) => role === 'user');
  return [
    ...twice(
      countBy(stored.turns, ({ call_id, turn_id }) => `${call_id} ${turn_id}`),
      'turn',
    ),
    ...twice(
      countBy(stored.messages, ({ call_id, item_id }) => `${call_id} ${item_id}`),
      'item',
    ),
    ...twice(
      countBy(userTexts, ({ call_id, content }) => `${call_id} ${content}`),
      'question',
    ),
  ];
}

/**
 * What the receiver of the tools was asked for: for each question one key at most, and one request where a second would
 * do it twice. A question whose answer says that it was done has had its effect.
 */
function checkEffects({ calls, fleet }: Stage): { count: number; wrong: Missing[] } {
  const requests = new Map<string, { path: string; keys: Set<string>; count: number }>();
  for (const {
    path,
    key,
    arguments: { marker },
  } of fleet.tools.requests) {
    const asked = requests.get(String(marker)) ?? { path, keys: new Set(), count: 0 };
    asked.keys.add(key);
    asked.count += 1;
    requests.set(String(marker), asked);
  }
  const wrong: Missing[] = [];
  for (const { witness, questions } of calls) {
    for (const { text } of questions) {
      const [marker = ''] = markersIn(text);
      const tool = toolOf(marker);
      if (tool === undefined) continue;
      const asked = requests.get(marker);
      const isDone = witness.captions.some(
        ({ speaker, text: said }) => parseAgentIdentity(speaker) !== undefined && isAnswerAbout(marker, said),
      );
      const times = asked === undefined ? 0 : tool === 'book' ? asked.count : asked.keys.size;
      if (times > 1 || (times === 0 && isDone)) {
        wrong.push({
          where: witness.roomName,
          expected: `${tool} for ${marker} once${isDone ? '' : ' at most'}`,
          found: `${asked?.count ?? 0} requests with ${asked?.keys.size ?? 0} keys`,
        });
      }
    }
  }
  return { count: requests.size, wrong };
}

/** Who only looks in may leave before the greeting: then none is no fault. */
function checkGreeting({ witness, isTalking }: StagedCall): Missing[] {
  const opening = greeting.split(',')[0] ?? greeting;
  const greetings = witness.captions.filter(
    ({ speaker, text }) => parseAgentIdentity(speaker) !== undefined && text.startsWith(opening),
  );
  if (greetings.length === 1 || (greetings.length === 0 && !isTalking)) return [];
  return [
    {
      where: witness.roomName,
      expected: 'one greeting',
      found: `${greetings.length}: ${greetings.map(({ speaker }) => speaker).join(', ')}`,
    },
  ];
}

function callsPerRoom({ calls }: Stored): Missing[] {
  return [...countBy(calls, ({ room_name }) => room_name)]
    .filter(([, count]) => count > 1)
    .map(([room, count]) => ({ where: room, expected: 'one call', found: `${count} calls` }));
}

async function readStored(url: string): Promise<Stored> {
  return withClient(url, async (client) => ({
    turns: (
      await client.query<StoredTurn>(
        "SELECT call_id, epoch, payload->>'turnId' AS turn_id FROM call_events WHERE type = 'turn'",
      )
    ).rows,
    messages: (
      await client.query<StoredMessage>(
        'SELECT call_id, epoch, item_id, role, content FROM messages WHERE call_id IS NOT NULL',
      )
    ).rows,
    calls: (await client.query<StoredCall>('SELECT id, room_name, epoch FROM calls')).rows,
  }));
}

/** Writes accepted when a newer epoch was current. `is_late`: what they tell happened before it was. */
async function readStaleWrites(url: string): Promise<readonly StaleWrite[]> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<StaleWrite>(`
      SELECT w.kind, w.call_id, w.epoch, raised.epoch AS newer,
        w.happened_at <= raised.accepted_at AS is_late
      FROM chaos_writes w
      JOIN LATERAL (
        SELECT epoch, accepted_at FROM chaos_writes r
        WHERE r.kind = 'epoch' AND r.call_id = w.call_id AND r.epoch > w.epoch AND r.accepted_at < w.accepted_at
        ORDER BY r.epoch LIMIT 1
      ) raised ON true
      WHERE w.kind <> 'epoch'`);
    return rows;
  });
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}
