/** Every metric that Prometheus can hold, with its labels: as our processes register them, as rules record them, and a few of others. */
import {
  createApiMetrics,
  createEnginesMetrics,
  createRegistry,
  createWorkerMetrics,
} from '@sophy/telemetry/metrics';
import { z } from 'zod';
import { metricsInExpression } from './metrics-in-expression.ts';

/** On everything that Prometheus reads from us: its own two, and the registry's. */
const labelsOfAll = ['job', 'instance', 'service'];

const registeredSchema = z.array(
  z.looseObject({ name: z.string(), type: z.string(), labelNames: z.array(z.string()) }),
);

/** Of others. LiveKit's are read from the real server in an integration test. */
export const livekitMetrics = ['livekit_room_total', 'livekit_participant_total'] as const;
const metricsOfOthers: readonly (readonly [string, readonly string[]])[] = [
  ['up', []],
  ['ALERTS', ['alertname', 'alertstate', 'severity']],
  ...livekitMetrics.map((name) => [name, ['node_id', 'node_type']] as const),
];

export type RecordingRule = { readonly record: string; readonly expr: string };

export function knownMetrics(recorded: readonly RecordingRule[]): ReadonlyMap<string, ReadonlySet<string>> {
  const known = new Map<string, ReadonlySet<string>>();
  const learn = (name: string, labels: readonly string[]): void => {
    known.set(name, new Set([...labels, ...labelsOfAll]));
  };
  for (const [name, labels] of metricsOfOthers) learn(name, labels);
  for (const { name, type, labelNames } of registered()) {
    learn(name, labelNames);
    if (type !== 'histogram') continue;
    learn(`${name}_bucket`, [...labelNames, 'le']);
    learn(`${name}_sum`, labelNames);
    learn(`${name}_count`, labelNames);
  }
  for (const { record, expr } of recorded) {
    learn(
      record,
      metricsInExpression(expr).flatMap(({ groupedLabels }) => groupedLabels),
    );
  }
  return known;
}

function registered(): z.infer<typeof registeredSchema> {
  const api = createRegistry('api');
  createApiMetrics(api);
  const worker = createRegistry('worker');
  createWorkerMetrics(worker);
  const engines = createRegistry('engines');
  createEnginesMetrics(engines);
  return [api, worker, engines].flatMap((registry) =>
    registeredSchema.parse(registry.getMetricsAsArray().map((metric) => ({ ...metric }))),
  );
}
