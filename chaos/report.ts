/** What a run prints and leaves behind: the table, the counts, the broken promises, and the same as JSON. */
import { writeFile } from 'node:fs/promises';
import { arch, availableParallelism, cpus, loadavg, platform } from 'node:os';
import { summarize } from '@sophy/bench/percentiles';
import { alignRows } from '@sophy/bench/report';
import { type Findings, nameOf } from './findings.ts';

export function reportLines(findings: Findings): readonly string[] {
  const rows = findings.measurements
    .filter(({ valuesMs }) => valuesMs.length > 0)
    .map(({ scenario, what, valuesMs, limit }) => {
      const { count, p50, p95, max } = summarize(valuesMs);
      return [
        `${scenario}: ${what}`,
        String(count),
        ...[p50, p95, max].map((value) => value.toFixed(0)),
        limit === undefined ? '' : `${nameOf(limit.percentile)} ≤ ${limit.ms}`,
      ];
    });
  const counts = findings.counts.map(({ scenario, what, value, allowed }) => [
    `${scenario}: ${what}`,
    String(value),
    allowed === undefined ? '' : `≤ ${allowed}`,
  ]);
  return [
    'All times in ms.',
    alignRows(['measured', 'n', 'p50', 'p95', 'max', 'promise'], rows),
    '',
    alignRows(['counted', 'value', 'promise'], counts),
    '',
    ...findings.methods,
    '',
    ...(findings.broken.length === 0
      ? ['Every promise was kept.']
      : [
          `${findings.broken.length} promises were broken:`,
          ...findings.broken.map(
            ({ scenario, where, epoch, expected, found, at }) =>
              `  ${at} ${scenario}, ${where}${epoch === undefined ? '' : `, epoch ${epoch}`}: expected ${expected}, found ${found}`,
          ),
        ]),
  ];
}

export async function writeJson(
  file: string,
  findings: Findings,
  conditions: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { measurements, counts, broken, methods } = findings;
  const machine = {
    node: process.version,
    platform: `${platform()} ${arch()}`,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    load1m: loadavg()[0],
  };
  const data = {
    conditions,
    machine,
    measuredAt: new Date().toISOString(),
    measurements,
    counts,
    broken,
    methods,
  };
  await writeFile(file, `${JSON.stringify(data, null, 2)}\n`);
}
