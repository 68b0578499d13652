/** Which metrics, and which labels of them, a PromQL expression speaks of; read by the grammar of Prometheus's own editor. */
import { parser } from '@prometheus-io/lezer-promql';

export type MetricUse = {
  readonly metric: string;
  /** Labels that are compared. */
  readonly matchedLabels: readonly string[];
  /** Labels that the sums and greatest values around it are kept apart by. */
  readonly groupedLabels: readonly string[];
  /** What they are compared with: a word, or the alternatives of a pattern. */
  readonly matchedValues: readonly string[];
};

/** @throws Error that names the place where the expression makes no sense. */
export function metricsInExpression(expression: string): readonly MetricUse[] {
  const uses: (MetricUse & { metric: string; matchedLabels: string[]; matchedValues: string[] })[] = [];
  const groups: { to: number; labels: string[] }[] = [];
  let isInGrouping = false;
  parser.parse(expression).iterate({
    enter({ name, from, to }) {
      const text = expression.slice(from, to);
      if (name === '⚠') throw new Error(`not PromQL at character ${from}: ${expression}`);
      if (name === 'AggregateExpr') groups.push({ to, labels: [] });
      if (name === 'GroupingLabels') isInGrouping = true;
      if (name === 'VectorSelector') {
        const groupedLabels = groups.filter((group) => group.to >= to).flatMap(({ labels }) => labels);
        uses.push({ metric: '', matchedLabels: [], matchedValues: [], groupedLabels });
      }
      const latest = uses.at(-1);
      if (name === 'Identifier' && latest !== undefined) latest.metric = text;
      if (name === 'StringLiteral') latest?.matchedValues.push(...text.slice(1, -1).split('|'));
      if (name === 'LabelName') {
        if (isInGrouping) groups.at(-1)?.labels.push(text);
        else latest?.matchedLabels.push(text);
      }
    },
    leave({ name }) {
      if (name === 'GroupingLabels') isInGrouping = false;
    },
  });
  return uses;
}
