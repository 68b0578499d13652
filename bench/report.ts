/** What a bench leaves behind: a table for people and a JSON file for comparison. */
import { mkdir, writeFile } from 'node:fs/promises';
import { arch, availableParallelism, cpus, loadavg, platform } from 'node:os';
import { join } from 'node:path';
import { summarize } from './percentiles.ts';

export type BenchResult = {
  /** File name and row name, e.g. `voice-to-voice-upload`. */
  readonly name: string;
  /** What the figures are, for the table. */
  readonly what: string;
  /** ms, one a turn, in the order measured; warm-up turns are not in it. */
  readonly measuredMs: readonly number[];
  /** Delays that the scripted engines put on the critical path, ms; 0 where the engines are real. */
  readonly injectedMs: number;
  /** Turns in which what was measured did not happen, and why. */
  readonly failures: readonly string[];
  /** Everything that makes the figure what it is: texts, settings, pauses. */
  readonly conditions: Readonly<Record<string, unknown>>;
};

/** What does not fit a row of ms: its own lines for people, and everything measured for comparison. */
export type BenchReport = {
  readonly name: string;
  readonly lines: readonly string[];
  readonly data: Readonly<Record<string, unknown>>;
};

export function writeResult(result: BenchResult): Promise<string> {
  const summary = result.measuredMs.length > 0 ? summarize(result.measuredMs) : null;
  return write(result.name, { ...result, summary });
}

export function writeReport({ name, data }: BenchReport): Promise<string> {
  return write(name, { name, ...data });
}

async function write(name: string, data: Readonly<Record<string, unknown>>): Promise<string> {
  const directory = join(import.meta.dirname, 'results');
  await mkdir(directory, { recursive: true });
  const file = join(directory, `${name}.json`);
  const machine = {
    node: process.version,
    platform: `${platform()} ${arch()}`,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    load1m: loadavg()[0],
  };
  await writeFile(
    file,
    `${JSON.stringify({ ...data, measuredAt: new Date().toISOString(), machine }, null, 2)}\n`,
  );
  return file;
}

/** Columns of equal width, the first to the left, with a line under the header. */
export function alignRows(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ');
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** One row a result: raw figures, and beside them the same less the injected delays. */
export function table(results: readonly BenchResult[]): string {
  const header = [
    'bench',
    'turns',
    'failed',
    'min',
    'p50',
    'p95',
    'max',
    'injected',
    'p50 - inj',
    'p95 - inj',
  ];
  const rows = results.map((result) => {
    if (result.measuredMs.length === 0) {
      return [result.what, '0', String(result.failures.length), ...header.slice(3).map(() => '-')];
    }
    const { count, min, p50, p95, max } = summarize(result.measuredMs);
    const { injectedMs } = result;
    return [
      result.what,
      String(count),
      String(result.failures.length),
      ...[min, p50, p95, max, injectedMs, p50 - injectedMs, p95 - injectedMs].map((value) =>
        value.toFixed(0),
      ),
    ];
  });
  return alignRows(header, rows);
}
