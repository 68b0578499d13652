/** `GET /api/calls/{id}/events`: the journal as a list, or as it grows by server-sent events. */
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { type CallEvent, callEventsQuerySchema, callEventsResponseSchema } from '@sophy/contracts/http-calls';
import { type CallId, callIdSchema } from '@sophy/contracts/ids';
import {
  type JournalFilter,
  type JournalPosition,
  readCall,
  readCallEvents,
  type StoredCallEvent,
} from '@sophy/db/call-history';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { AppDependencies } from '../../../app-dependencies.ts';
import { answers } from '../../../http/answers.ts';
import type { App } from '../../../http/app-type.ts';
import { adminRoute } from '../../../http/route-policy.ts';
import { noSuchCall } from '../calls.ts';

const pollMs = 500;
const pageSize = 500;
/** Proxies cut a connection that says nothing for a minute. */
const keepAliveMs = 15_000;

export function callEventRoutes(app: App, { database, logger }: AppDependencies): void {
  app.get(
    '/api/calls/:id/events',
    {
      config: adminRoute,
      // Fastify would run a stream without end for HEAD.
      exposeHeadRoute: false,
      schema: {
        tags: ['calls'],
        summary: 'Journal entries, all or filtered; as server-sent events with Accept: text/event-stream',
        params: z.object({ id: callIdSchema }),
        querystring: callEventsQuerySchema,
        response: answers(callEventsResponseSchema),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { limit, after, type: types, rule, action, speaker } = request.query;
      const filter = { types, rule, action, speaker };
      if ((await readCall(database, id)) === undefined) throw noSuchCall();
      if (request.headers.accept?.includes('text/event-stream') !== true) {
        const events = await readCallEvents(database, id, { after: positionOf(after), limit, filter });
        return { events: events.map(toCallEvent) };
      }
      const gone = new AbortController();
      request.raw.once('close', () => gone.abort());
      const lastId = request.headers['last-event-id']?.toString();
      const start = positionOf(lastId) ?? positionOf(after);
      const source = Readable.from(follow(id, { start, filter, signal: gone.signal }));
      source.on('error', (error) => logger.warn({ error, callId: id }, 'event stream ended'));
      return sendEventStream(reply, source);
    },
  );

  async function* follow(
    id: CallId,
    reading: {
      readonly start: JournalPosition | undefined;
      readonly filter: JournalFilter;
      readonly signal: AbortSignal;
    },
  ): AsyncGenerator<string> {
    const { filter, signal } = reading;
    let after = reading.start;
    let quietMs = 0;
    yield 'retry: 1000\n\n';
    while (!signal.aborted) {
      const events = await readCallEvents(database, id, { after, limit: pageSize, filter });
      for (const event of events.map(toCallEvent)) {
        yield `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
      }
      after = events.at(-1) ?? after;
      quietMs = events.length > 0 ? 0 : quietMs + pollMs;
      if (quietMs >= keepAliveMs) {
        quietMs = 0;
        yield ': still here\n\n';
      }
      if (events.length < pageSize) await pause(pollMs, signal);
    }
  }
}

/** Beside the list of the schema, which describes the answer in JSON. */
function sendEventStream(reply: FastifyReply, source: Readable): FastifyReply {
  return reply.type('text/event-stream').header('cache-control', 'no-cache').send(source);
}

/** Resolves early where the client has gone. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Undefined where the id did not come from us; reading then starts at the beginning. */
function positionOf(id: string | undefined): JournalPosition | undefined {
  const match = /^(\d{1,9})-(\d{1,9})$/.exec(id ?? '');
  return match === null ? undefined : { epoch: Number(match[1]), seq: Number(match[2]) };
}

function toCallEvent(event: StoredCallEvent): CallEvent {
  return {
    id: `${event.epoch}-${event.seq}`,
    epoch: event.epoch,
    seq: event.seq,
    at: event.at.toISOString(),
    type: event.type,
    payload: event.payload,
  };
}
