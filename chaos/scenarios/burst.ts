/** Many people at once on a pool of fixed size: those within the slots are served, the others are told. */
import { withClient } from '../audit.ts';
import { RefusedError, type Stage, type StagedCall } from '../stage.ts';

const promisedListeningMs = 1_500;
const promisedDispatchMs = 500;
/** In which everybody must know whether an agent comes, ms. */
const knownMs = 10_000;

export async function playBurst(stage: Stage, rooms: number, slots: number): Promise<void> {
  const { findings, name: scenario } = stage;
  const outcomes = await Promise.all(
    Array.from({ length: rooms }, async (_, index) => {
      try {
        const call = await stage.enter(`${scenario}-${index + 1}`, { isTalking: false });
        const { witness } = call;
        // Who is told first may be served all the same.
        const known =
          (await witness.until(() => witness.agent?.identity, knownMs)) ??
          (witness.isToldToWait ? ('told' as const) : undefined);
        const knewMs = performance.now() - call.witness.joinedMs;
        return { call, known, knewMs };
      } catch (error) {
        if (!(error instanceof RefusedError)) throw error;
        const isHonest = error.status === 503 && error.retryAfter !== null;
        if (!isHonest) stage.say(String(error));
        return { call: undefined, known: isHonest ? ('refused' as const) : undefined, knewMs: 0 };
      }
    }),
  );
  const served = outcomes.filter(
    ({ call, known }) => call !== undefined && known !== undefined && known !== 'told',
  );
  const told = outcomes.filter(({ known }) => known === 'told').length;
  const refused = outcomes.filter(({ known }) => known === 'refused').length;
  const ignored = outcomes.filter(({ known }) => known === undefined).length;
  stage.say(
    `${served.length} served, ${told} told to wait, ${refused} refused with 503, ${ignored} told nothing`,
  );
  findings.measured({
    scenario,
    what: `${rooms} rooms at once on ${slots} slots: in the room → agent listens`,
    valuesMs: served.map(({ knewMs }) => knewMs),
    limit: { percentile: 95, ms: promisedListeningMs },
  });
  findings.measured({
    scenario,
    what: 'sent (database) → agent listens (seen in the room)',
    valuesMs: await sentToListening(
      stage,
      served.flatMap(({ call }) => (call === undefined ? [] : [call])),
    ),
    limit: { percentile: 50, ms: promisedDispatchMs },
  });
  const expected = Math.min(rooms, slots);
  for (const [what, value, allowed] of [
    ['rooms within the slots without agent', Math.max(0, expected - served.length), 0],
    ['agents beyond the slots', Math.max(0, served.length - slots), 0],
    ['told in the room to wait', told, undefined],
    ['refused with 503 and Retry-After', refused, undefined],
    [`told nothing within ${knownMs / 1_000} s`, ignored, 0],
  ] as const) {
    findings.counted({ scenario, what, value, ...(allowed === undefined ? {} : { allowed }) });
    if (allowed !== undefined && value > allowed)
      findings.breaks({ scenario, where: what, expected: String(allowed), found: String(value) });
  }
}

async function sentToListening(stage: Stage, calls: readonly StagedCall[]): Promise<readonly number[]> {
  const rows = await withClient(
    stage.fleet.postgres.url,
    async (client) =>
      (
        await client.query<{ room_name: string; dispatched_at: Date | null }>(
          'SELECT room_name, dispatched_at FROM calls WHERE epoch = 1',
        )
      ).rows,
  );
  const sent = new Map(rows.map((row) => [row.room_name, row.dispatched_at?.getTime()]));
  return calls.flatMap(({ witness }) => {
    const sentAt = sent.get(witness.roomName);
    const listened = witness.sightings.find(
      ({ event }) => event.type === 'state' && event.state === 'listening',
    );
    return sentAt === undefined || listened === undefined
      ? []
      : [performance.timeOrigin + listened.atMs - sentAt];
  });
}
