import { expect, test } from 'vitest';
import { metricsInExpression } from './metrics-in-expression.ts';

test('metrics, the labels they are picked by and the labels they are grouped by are found', () => {
  const expression =
    'topk(3, sum by (route, le) (rate(a_bucket{job="x"}[5m]))) / max(b{c=~"1|2",d!=""}) or sophy:e:p95';
  expect(metricsInExpression(expression)).toEqual([
    { metric: 'a_bucket', matchedLabels: ['job'], matchedValues: ['x'], groupedLabels: ['route', 'le'] },
    { metric: 'b', matchedLabels: ['c', 'd'], matchedValues: ['1', '2', ''], groupedLabels: [] },
    { metric: 'sophy:e:p95', matchedLabels: [], matchedValues: [], groupedLabels: [] },
  ]);
});

test('what is not PromQL is refused', () => {
  expect(() => metricsInExpression('sum by (a) (rate(b[5m])')).toThrow('not PromQL');
});
