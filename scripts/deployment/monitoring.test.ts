/** Rules of alerts and dashboards: they speak only of metrics that exist, and each alert says what to do. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { knownMetrics } from './monitoring/known-metrics.ts';
import { metricsInExpression } from './monitoring/metrics-in-expression.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = resolve(root, 'monitoring');
const read = (path: string): string => readFileSync(resolve(root, path), 'utf8');
const readYaml = (path: string): unknown => parse(read(path));

const ruleFile = <Rule extends z.ZodType>(rule: Rule) =>
  z.object({ groups: z.array(z.object({ name: z.string(), rules: z.array(rule) })) });
const recorded = ruleFile(z.object({ record: z.string(), expr: z.string() }))
  .parse(readYaml('monitoring/prometheus/rules/recording.yml'))
  .groups.flatMap(({ rules }) => rules);
const alerts = ruleFile(
  z.object({
    alert: z.string(),
    expr: z.string(),
    labels: z.object({ severity: z.enum(['critical', 'warning', 'info']) }),
    annotations: z.object({ summary: z.string(), runbook: z.string() }),
  }),
)
  .parse(readYaml('monitoring/prometheus/rules/alerts.yml'))
  .groups.flatMap(({ rules }) => rules);

const datasource = z.object({ type: z.literal('prometheus'), uid: z.literal('prometheus') });
const dashboardSchema = z.object({
  uid: z.string(),
  title: z.string(),
  annotations: z.object({ list: z.array(z.object({ expr: z.string(), datasource })) }),
  panels: z.array(
    z.object({
      id: z.number(),
      title: z.string().min(1),
      datasource,
      gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
      fieldConfig: z.object({ defaults: z.object({ unit: z.string() }) }),
      targets: z
        .array(z.object({ refId: z.string(), expr: z.string(), legendFormat: z.string(), datasource }))
        .min(1),
    }),
  ),
});
const dashboardFiles = readdirSync(resolve(folder, 'grafana/dashboards'));
const dashboards = dashboardFiles.map((file) => ({
  file,
  ...dashboardSchema.parse(JSON.parse(read(`monitoring/grafana/dashboards/${file}`))),
}));

const expressions: readonly (readonly [string, string])[] = [
  ...recorded.map(({ record, expr }) => [record, expr] as const),
  ...alerts.map(({ alert, expr }) => [alert, expr] as const),
  ...dashboards.flatMap(({ file, panels, annotations }) => [
    ...panels.flatMap(({ title, targets }) =>
      targets.map(({ expr }) => [`${file}: ${title}`, expr] as const),
    ),
    ...annotations.list.map(({ expr }) => [`${file}: annotation`, expr] as const),
  ]),
];

test.each(expressions)('%s speaks of metrics and labels that exist', (_where, expression) => {
  const known = knownMetrics(recorded);
  const uses = metricsInExpression(expression);
  expect(uses).not.toEqual([]);
  for (const { metric, matchedLabels, groupedLabels } of uses) {
    expect([...known.keys()]).toContain(metric);
    const labels = known.get(metric) ?? new Set();
    expect([metric, [...matchedLabels, ...groupedLabels].filter((label) => !labels.has(label))]).toEqual([
      metric,
      [],
    ]);
  }
});

test('each word that a label is compared with is one that our code says', () => {
  const sources = ['apps', 'packages']
    .flatMap((parent) => readdirSync(resolve(root, parent)).map((name) => `${parent}/${name}/src`))
    .filter((path) => existsSync(resolve(root, path)))
    .flatMap((path) =>
      readdirSync(resolve(root, path), { recursive: true, encoding: 'utf8' }).map(
        (file) => `${path}/${file}`,
      ),
    )
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map(read)
    .join('\n');
  const values = expressions
    .flatMap(([, expression]) => metricsInExpression(expression))
    .filter(({ metric, matchedLabels }) => metric.startsWith('sophy') && !matchedLabels.includes('job'))
    .flatMap(({ matchedValues }) => matchedValues)
    // A class of answers, and not a word.
    .filter((value) => value !== '5..');
  expect(values.length).toBeGreaterThan(10);
  // Keys of an object stand without quotes.
  const isSaid = (value: string): boolean =>
    sources.includes(`'${value}'`) || new RegExp(`\\b${value}:`).test(sources);
  expect([...new Set(values)].filter((value) => !isSaid(value))).toEqual([]);
});

describe('alerts', () => {
  const runbook = read('docs/runbooks/alerts.md');
  const headings = [...runbook.matchAll(/^## (\S+)$/gm)].map((match) => match[1]);

  test('each has its line in the runbook, and the runbook has no line without an alert', () => {
    expect(headings.toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted());
    for (const { alert, annotations } of alerts) {
      expect(annotations.runbook).toBe(`docs/runbooks/alerts.md#${alert.toLowerCase()}`);
    }
  });

  test('each is seen to fire in a test of its own', () => {
    const { tests } = z
      .object({
        tests: z.array(
          z.object({
            alert_rule_test: z.array(z.object({ alertname: z.string(), exp_alerts: z.array(z.unknown()) })),
          }),
        ),
      })
      .parse(readYaml('monitoring/prometheus/tests/alerts.yml'));
    const fired = tests
      .flatMap(({ alert_rule_test }) => alert_rule_test)
      .filter(({ exp_alerts }) => exp_alerts.length > 0)
      .map(({ alertname }) => alertname);
    expect([...new Set(fired)].toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted());
  });
});

describe.each(dashboards)('dashboard $title', ({ file, uid, panels }) => {
  test('has a name of its own, and panels that lie beside each other', () => {
    expect(uid).toBe(`sophy-${file.replace('.json', '')}`);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)}:${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    for (const { gridPos } of panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
  });
});

test('Kubernetes gets every file that compose mounts', () => {
  const { configMapGenerator } = z
    .object({ configMapGenerator: z.array(z.object({ files: z.array(z.string()) })) })
    .parse(readYaml('monitoring/kustomization.yaml'));
  const listed = configMapGenerator.flatMap(({ files }) => files);
  const mounted = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.(yml|json)$/.test(file) && !file.startsWith('prometheus/tests/'),
  );
  expect(listed.toSorted()).toEqual(mounted.toSorted());
});
