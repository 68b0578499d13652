/** The fleet in figures: calls by state, slots, the queue. Each replica tells the same, since the database counts. */
import { countOpenCalls, longestWithoutAgentSeconds } from '@sophy/db/calls';
import type { Database } from '@sophy/db/database';
import { fleetSlots } from '@sophy/db/slots';
import type { SupervisorMetrics } from './reconcile-call.ts';

export async function measureFleet(database: Database, metrics: SupervisorMetrics): Promise<void> {
  const [counts, slots, seconds] = await Promise.all([
    countOpenCalls(database),
    fleetSlots(database),
    longestWithoutAgentSeconds(database),
  ]);
  for (const state of ['waiting', 'dispatched', 'live'] as const) {
    metrics.calls.set({ state }, counts.get(state) ?? 0);
  }
  metrics.callsQueued.set(slots.queued);
  metrics.fleetSlots.set({ state: 'free' }, slots.free);
  metrics.fleetSlots.set({ state: 'used' }, slots.total - slots.free);
  metrics.callWithoutAgentSeconds.set(seconds);
}
