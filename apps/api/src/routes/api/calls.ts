/** `/api/calls` and `/api/calls/{id}`. */
import {
  type CallCostSummary,
  type CallSummary,
  callListQuerySchema,
  callListResponseSchema,
  callResponseSchema,
} from '@sophy/contracts/http-calls';
import { callIdSchema } from '@sophy/contracts/ids';
import { listCalls, readCall, type StoredCall } from '@sophy/db/call-history';
import { type CallCosts, noCallCosts, readCallCosts } from '@sophy/db/costs';
import { z } from 'zod';
import type { AppDependencies } from '../../app-dependencies.ts';
import { answers } from '../../http/answers.ts';
import type { App } from '../../http/app-type.ts';
import { HttpProblem } from '../../http/http-problem.ts';
import { decodeCursor, encodeCursor } from '../../http/page-cursor.ts';
import { adminRoute } from '../../http/route-policy.ts';

export function noSuchCall(): HttpProblem {
  return new HttpProblem(404, 'There is no such call.');
}

/** Millionths, in which sums are exact, as dollars. */
function toCost({ total, byStage, priceVersion }: CallCosts): CallCostSummary {
  const inDollars = ({ knownMicroUsd, unknownParts }: CallCosts['total']) => ({
    known_usd: knownMicroUsd / 1_000_000,
    unknown_parts: unknownParts,
  });
  const { stt, llm, tts } = byStage;
  return {
    ...inDollars(total),
    by_stage: { stt: inDollars(stt), llm: inDollars(llm), tts: inDollars(tts) },
    price_version: priceVersion ?? null,
  };
}

function toCallSummary(call: StoredCall, costs: CallCosts = noCallCosts): CallSummary {
  return {
    id: call.id,
    room_name: call.roomName,
    state: call.state,
    epoch: call.epoch,
    worker_id: call.workerId,
    started_at: call.startedAt.toISOString(),
    ended_at: call.endedAt?.toISOString() ?? null,
    end_reason: call.endReason,
    cost: toCost(costs),
  };
}

export function callRoutes(app: App, { database }: AppDependencies): void {
  app.get(
    '/api/calls',
    {
      config: adminRoute,
      schema: {
        tags: ['calls'],
        querystring: callListQuerySchema,
        response: answers(callListResponseSchema),
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const page = await listCalls(database, {
        limit,
        cursor: cursor === undefined ? undefined : decodeCursor(cursor),
      });
      const costs = await readCallCosts(
        database,
        page.calls.map(({ id }) => id),
      );
      return {
        calls: page.calls.map((call) => toCallSummary(call, costs.get(call.id))),
        next_cursor: page.nextCursor === undefined ? null : encodeCursor(page.nextCursor),
      };
    },
  );

  app.get(
    '/api/calls/:id',
    {
      config: adminRoute,
      schema: {
        tags: ['calls'],
        params: z.object({ id: callIdSchema }),
        response: answers(callResponseSchema),
      },
    },
    async (request) => {
      const found = await readCall(database, request.params.id);
      if (found === undefined) throw noSuchCall();
      const participants = found.participants.map(({ identity, name, joinedAt, leftAt }) => ({
        identity,
        name,
        joined_at: joinedAt.toISOString(),
        left_at: leftAt?.toISOString() ?? null,
      }));
      const costs = await readCallCosts(database, [found.call.id]);
      return { ...toCallSummary(found.call, costs.get(found.call.id)), participants };
    },
  );
}
