/** Metric names, in one place; each process registers what it uses and serves it at `/metrics`. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export type { Registry } from 'prom-client';

/** Seconds; fine below one second, where a conversation lives. */
const latencyBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10];

/** A registry with the process defaults under the `sophy_` prefix. */
export function createRegistry(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry, prefix: 'sophy_' });
  return registry;
}

export type ApiMetrics = ReturnType<typeof createApiMetrics>;
export function createApiMetrics(registry: Registry) {
  const registers = [registry];
  return {
    requestSeconds: new Histogram({
      name: 'sophy_http_request_seconds',
      help: 'Time to answer an HTTP request',
      labelNames: ['method', 'route', 'status'],
      buckets: latencyBuckets,
      registers,
    }),
    tokens: new Counter({
      name: 'sophy_tokens_total',
      help: 'Token requests by outcome',
      labelNames: ['outcome'],
      registers,
    }),
    dispatches: new Counter({
      name: 'sophy_dispatches_total',
      help: 'Agents dispatched into rooms, by reason',
      labelNames: ['reason'],
      registers,
    }),
    agentArrivalSeconds: new Histogram({
      name: 'sophy_agent_arrival_seconds',
      help: 'From dispatch to the agent being in the room',
      buckets: latencyBuckets,
      registers,
    }),
    calls: new Gauge({ name: 'sophy_calls', help: 'Calls by state', labelNames: ['state'], registers }),
    callsQueued: new Gauge({
      name: 'sophy_calls_queued',
      help: 'Calls that wait for a free slot, in the whole fleet',
      registers,
    }),
    fleetSlots: new Gauge({
      name: 'sophy_fleet_slots',
      help: 'Slots of all workers that take calls, free and used',
      labelNames: ['state'],
      registers,
    }),
    callWithoutAgentSeconds: new Gauge({
      name: 'sophy_call_without_agent_seconds',
      help: 'Longest time that an open call with people in it now has no agent, in the whole fleet; 0 when each has one',
      registers,
    }),
    handOvers: new Counter({
      name: 'sophy_hand_overs_total',
      help: 'Calls handed from one worker to another while both lived, by outcome',
      labelNames: ['outcome'],
      registers,
    }),
    ghostsRemoved: new Counter({
      name: 'sophy_ghosts_removed_total',
      help: 'Agents of past epochs that were put out of a room',
      registers,
    }),
    dependencyUp: new Gauge({
      name: 'sophy_dependency_up',
      help: 'Whether a part that the API leans on answers: database, livekit, redis',
      labelNames: ['dependency'],
      registers,
    }),
  };
}

export type WorkerMetrics = ReturnType<typeof createWorkerMetrics>;
export function createWorkerMetrics(registry: Registry) {
  const registers = [registry];
  return {
    slots: new Gauge({ name: 'sophy_worker_slots', help: 'Calls that this worker may hold', registers }),
    activeCalls: new Gauge({
      name: 'sophy_worker_active_calls',
      help: 'Calls that this worker holds',
      registers,
    }),
    turns: new Counter({
      name: 'sophy_turns_total',
      help: 'Committed turns by the rule that decided',
      labelNames: ['rule', 'action'],
      registers,
    }),
    stageSeconds: new Histogram({
      name: 'sophy_stage_seconds',
      help: 'Time of one stage of one turn',
      labelNames: ['stage'],
      buckets: latencyBuckets,
      registers,
    }),
    engineErrors: new Counter({
      name: 'sophy_engine_errors_total',
      help: 'Engine failures by stage and category, also those that another try or engine made good',
      labelNames: ['stage', 'category'],
      registers,
    }),
    engineTakeovers: new Counter({
      name: 'sophy_engine_takeovers_total',
      help: 'Requests that another engine than the chosen one served, by stage and the engine that failed',
      labelNames: ['stage', 'engine'],
      registers,
    }),
    engineBreakerOpen: new Gauge({
      name: 'sophy_engine_breaker_open',
      help: '1 while an engine is left out since it fails, as this process sees it',
      labelNames: ['stage', 'engine'],
      registers,
    }),
    journalDropped: new Counter({
      name: 'sophy_journal_dropped_total',
      help: 'Journal entries and messages that memory had no room for; those in the spool are adopted later',
      registers,
    }),
    interruptions: new Counter({
      name: 'sophy_interruptions_total',
      help: 'Replies cut by a person',
      registers,
    }),
    replyTokens: new Counter({
      name: 'sophy_reply_tokens_total',
      help: 'Pieces of text from the language model, delivered in a reply or wasted on one made in silence',
      labelNames: ['outcome'],
      registers,
    }),
    journalBacklog: new Gauge({
      name: 'sophy_journal_backlog',
      help: 'Entries of the journal that this worker holds and Postgres does not have yet',
      registers,
    }),
    spoolFailures: new Counter({
      name: 'sophy_spool_failures_total',
      help: 'Writes that the spool on the local disk refused; the entry is then kept in memory only',
      registers,
    }),
    staleWrites: new Counter({
      name: 'sophy_stale_writes_total',
      help: 'Writes refused because another agent has the call: of the heartbeat, the journal, the chat or an effect',
      labelNames: ['kind'],
      registers,
    }),
    effects: new Counter({
      name: 'sophy_effects_total',
      help: 'Tool calls by tool and by how they came out',
      labelNames: ['tool', 'outcome'],
      registers,
    }),
    engineCost: new Counter({
      name: 'sophy_engine_cost_usd_total',
      help: 'US dollars that requests to engines cost, as far as their prices are known',
      labelNames: ['stage', 'engine'],
      registers,
    }),
    unknownPrices: new Counter({
      name: 'sophy_engine_usage_unknown_price_total',
      help: 'Requests to engines whose cost is not known',
      labelNames: ['stage', 'engine'],
      registers,
    }),
    drainingSeconds: new Gauge({
      name: 'sophy_worker_draining_seconds',
      help: 'For how long this worker has been handing its calls over before it ends; 0 while it takes calls',
      registers,
    }),
  };
}

export function createEnginesMetrics(registry: Registry) {
  const registers = [registry];
  return {
    requestSeconds: new Histogram({
      name: 'sophy_engine_request_seconds',
      help: 'Time of one engine request',
      labelNames: ['stage', 'status'],
      buckets: latencyBuckets,
      registers,
    }),
    queued: new Gauge({
      name: 'sophy_engine_queued',
      help: 'Requests waiting for a free place',
      labelNames: ['stage'],
      registers,
    }),
  };
}
