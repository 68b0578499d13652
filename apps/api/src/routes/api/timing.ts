/** `/api/timing`: where the time of recent turns went. */
import { okResponseSchema } from '@sophy/contracts/http-error';
import { timingReportSchema, timingResponseSchema } from '@sophy/contracts/http-status';
import { appendJournal } from '@sophy/db/journal';
import { recentTimings } from '@sophy/db/timing';
import type { AppDependencies } from '../../app-dependencies.ts';
import { answers } from '../../http/answers.ts';
import type { App } from '../../http/app-type.ts';
import { HttpProblem } from '../../http/http-problem.ts';
import { adminRoute } from '../../http/route-policy.ts';
import { summarizeTimings } from '../../status/timing-summary.ts';

const turns = 200;

export function timingRoutes(app: App, { database }: AppDependencies): void {
  app.get(
    '/api/timing',
    {
      config: adminRoute,
      schema: {
        tags: ['calls'],
        summary: 'Over the last 200 turns',
        response: answers(timingResponseSchema),
      },
    },
    async () => summarizeTimings(await recentTimings(database, turns)),
  );

  app.post(
    '/api/timing',
    {
      config: adminRoute,
      schema: {
        tags: ['calls'],
        summary: 'Append the timing of a turn to the journal of its call, for workers without the database',
        body: timingReportSchema,
        response: answers(okResponseSchema),
      },
    },
    async (request) => {
      const { call_id: callId, epoch, seq, at_ms: atMs, timing } = request.body;
      const event = { type: 'timing' as const, ...timing };
      const outcome = await appendJournal(database, { callId, epoch, entries: [{ seq, atMs, event }] });
      if (outcome === 'stale') throw new HttpProblem(409, 'There is no such call, or a newer agent has it.');
      return { status: 'ok' as const };
    },
  );
}
