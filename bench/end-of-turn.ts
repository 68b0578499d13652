/**
 * Sweeps the ways of finding the end of a turn over synthesized turns: false cut-offs against dead air.
 *
 *   npm run bench:end-of-turn
 *   npm run bench:end-of-turn -- --seed 2 --curves
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { dispose } from '@livekit/rtc-node';
import { settingsSchema } from '@sophy/contracts/settings';
import { waitAfter } from '@sophy/conversation/end-of-turn-wait';
import type { Pause } from './end-of-turn/hearing.ts';
import { type BenchTurn, makeTurns } from './end-of-turn/make-turns.ts';
import type { Known, Waiting } from './end-of-turn/simulate-pause.ts';
import { bestAt, deadAirAt, measure, type Point, paretoFront, pausesInside } from './end-of-turn/sweep.ts';

/** The rate of false cut-offs at which dead air is compared, as eot-bench does. */
const rate = 0.05;
const renderings = 2;

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, curves: { type: 'boolean', default: false } },
});
const seed = Number(values.seed);
if (!Number.isInteger(seed)) {
  console.error(`--seed must be a whole number, not ${values.seed}`);
  process.exit(64);
}

type Strategy = {
  readonly name: string;
  readonly grid: readonly Point['settings'][];
  readonly waiting: (settings: Point['settings']) => Waiting;
};

const bounds: readonly Point['settings'][] = range(150, 1_350, 100).flatMap((endpointingMinMs) =>
  range(800, 2_400, 100)
    .filter((endpointingMaxMs) => endpointingMaxMs >= endpointingMinMs)
    .map((endpointingMaxMs) => ({ endpointingMinMs, endpointingMaxMs })),
);
/** With the model its thresholds are swept too: from gentle to steep. */
const boundsAndThresholds: readonly Point['settings'][] = bounds.flatMap((bound) =>
  [0.65, 0.7, 0.75, 0.8, 0.85].flatMap((likelyFrom) =>
    [0.35, 0.5, 0.6].map((unlikelyUpTo) => ({ ...bound, likelyFrom, unlikelyUpTo })),
  ),
);
const stretches = range(105, 600, 5).map((percentage) => percentage / 100);
const vadOnly: Strategy = {
  name: 'vad only',
  grid: range(100, 3_000, 10).map((timeoutMs) => ({ timeoutMs })),
  waiting:
    ({ timeoutMs = 0 }) =>
    () =>
      timeoutMs,
};
const informed: readonly Strategy[] = [
  strategy('words', bounds, ({ words }) => ({ words, probability: undefined })),
  strategy('model', boundsAndThresholds, ({ probability }) => ({ words: 'complete', probability })),
  strategy('all', boundsAndThresholds, (known) => known),
];

type Column = {
  readonly name: string;
  readonly words: (pause: Pause) => string;
  readonly has: (turn: BenchTurn) => boolean;
};
const columns: readonly Column[] = [
  { name: 'script words, en + it', words: (pause) => pause.scriptWords, has: () => true },
  { name: 'script words, en', words: (pause) => pause.scriptWords, has: isIn('en') },
  { name: 'script words, it', words: (pause) => pause.scriptWords, has: isIn('it') },
  { name: 'Whisper words, en', words: (pause) => pause.heardWords, has: isIn('en') },
  { name: 'Whisper words, it', words: (pause) => pause.heardWords, has: isIn('it') },
];

try {
  const startedMs = performance.now();
  const turns = await makeTurns({
    seed,
    renderings,
    onProgress: (done, total) => {
      if (done % 48 === 0) console.log(`  turn ${done} of ${total}`);
    },
  });
  const heldOut = turns.filter(({ half }) => half === 'held-out');
  console.log(
    `seed ${seed}: ${turns.length} turns, ${turns.flatMap(pausesInside).length} pauses inside them, ready in ${((performance.now() - startedMs) / 1_000).toFixed(0)} s; reported on ${heldOut.length} turns with ${heldOut.flatMap(pausesInside).length} pauses, settings tuned on the others`,
  );
  const rows = columns.map((column) => compare(turns, column));
  console.log(`\nDead air at ${rate * 100} % false cut-offs, mean ms (p50), held-out turns:`);
  console.table(Object.fromEntries(rows.map(({ column, shown }) => [column, shown])));
  const product = productPoints(turns);
  console.log(`\nThe product's own thresholds, script words (defaults: ${JSON.stringify(defaults())}):`);
  console.table(Object.fromEntries(product.map(({ name, point }) => [name, shownPoint(point)])));
  if (values.curves) for (const { column, curves } of rows) printCurves(column, curves);
  const main = rows[0];
  if (main !== undefined) console.log(`\n${main.column}: ${main.sentence}`);
  const directory = join(import.meta.dirname, 'results');
  await mkdir(directory, { recursive: true });
  const file = join(directory, 'end-of-turn.json');
  await writeFile(
    file,
    `${JSON.stringify({ seed, renderings, rate, turns: turns.length, rows, product }, null, 2)}\n`,
  );
  console.log(`written to ${file}`);
} finally {
  await dispose();
}

function compare(turns: readonly BenchTurn[], column: Column) {
  const mine = turns.filter(column.has);
  const tuning = mine.filter(({ half }) => half === 'tuning');
  const heldOut = mine.filter(({ half }) => half === 'held-out');
  const curves = [vadOnly, ...informed].map(({ name, grid, waiting }) => {
    const run = (set: readonly BenchTurn[], settings: Point['settings']): Point =>
      measure(set, { settings, waiting: waiting(settings), words: column.words });
    const tuned = paretoFront(grid.map((settings) => run(tuning, settings)));
    const chosen = bestAt(tuned, rate)?.settings;
    const mostPatient = tuned.at(-1)?.settings ?? {};
    // A time-out is one figure, nothing to tune: its whole curve counts. Of the others count the settings on the
    // curve that tuning found, and beyond its end the last of them, stretched.
    const path =
      name === vadOnly.name
        ? grid
        : [
            ...tuned.map(({ settings }) => settings),
            ...stretches.map((factor) => stretched(mostPatient, factor)),
          ];
    const points = path.map((settings) => run(heldOut, settings));
    return {
      name,
      points: paretoFront(points),
      at: deadAirAt(points, rate),
      /** The settings that tuning chose, as they are. */
      transferred: chosen === undefined ? undefined : run(heldOut, chosen),
    };
  });
  const [vad, , , all] = curves;
  const ratio = (all?.at?.meanMs ?? Number.NaN) / (vad?.at?.meanMs ?? Number.NaN);
  const transferredRatio =
    (all?.transferred?.deadAirMeanMs ?? Number.NaN) / (vad?.transferred?.deadAirMeanMs ?? Number.NaN);
  const cell = (at: ReturnType<typeof deadAirAt>): string =>
    at === undefined ? '-' : `${at.meanMs.toFixed(0)} (${at.p50Ms.toFixed(0)})`;
  const sentence = `dead air at ${rate * 100} % false cut-offs: ${curves.map(({ name, at }) => `${name} ${at?.meanMs.toFixed(0) ?? '-'} ms`).join(', ')}, ratio ${ratio.toFixed(2)}`;
  return {
    column: column.name,
    sentence,
    ratio,
    curves,
    shown: {
      ...Object.fromEntries(curves.map(({ name, at }) => [name, cell(at)])),
      ratio: ratio.toFixed(2),
      'settings from tuning': `${shownTransfer(all?.transferred)} vs ${shownTransfer(vad?.transferred)}: ${transferredRatio.toFixed(2)}`,
    },
  };
}

/** What the two settings give on the held-out turns, and how the kinds of turns fare with the longest of them. */
function productPoints(
  turns: readonly BenchTurn[],
): readonly { readonly name: string; readonly point: Point }[] {
  const heldOut = turns.filter(({ half }) => half === 'held-out');
  const { endpointingMinMs, endpointingMaxMs } = defaults();
  const run = (set: readonly BenchTurn[], settings: ReturnType<typeof defaults>): Point =>
    measure(set, {
      settings,
      waiting: ({ words, probability }) => waitAfter(words, probability, settings).waitMs,
      words: (pause) => pause.scriptWords,
    });
  const longest = [...new Set([1_200, 1_500, 1_800, endpointingMaxMs])].sort((a, b) => a - b);
  const kinds = [...new Set(turns.map(({ script }) => script.kind))];
  return [
    ...longest.map((maxMs) => ({
      name: `held-out, ${endpointingMinMs} to ${maxMs} ms`,
      point: run(heldOut, { endpointingMinMs, endpointingMaxMs: maxMs }),
    })),
    ...kinds.map((kind) => ({
      name: `${kind}, ${endpointingMinMs} to 1500 ms`,
      point: run(
        turns.filter(({ script }) => script.kind === kind),
        { endpointingMinMs, endpointingMaxMs: 1_500 },
      ),
    })),
  ];
}

function defaults() {
  const { endpointing_min_ms, endpointing_max_ms } = settingsSchema.parse({});
  return { endpointingMinMs: endpointing_min_ms, endpointingMaxMs: endpointing_max_ms };
}

/** Longer silences of the same proportions; probabilities stay. */
function stretched(settings: Point['settings'], factor: number): Point['settings'] {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name,
      name.endsWith('Ms') ? Math.round(value * factor) : value,
    ]),
  );
}

function strategy(name: string, grid: Strategy['grid'], evidence: (known: Known) => Known): Strategy {
  return {
    name,
    grid,
    waiting:
      ({ endpointingMinMs = 0, endpointingMaxMs = 0, likelyFrom = 0.75, unlikelyUpTo = 0.35 }) =>
      (known) => {
        const { words, probability } = evidence(known);
        return waitAfter(
          words,
          probability,
          { endpointingMinMs, endpointingMaxMs },
          { likelyFrom, unlikelyUpTo },
        ).waitMs;
      },
  };
}

function printCurves(column: string, curves: ReturnType<typeof compare>['curves']): void {
  for (const { name, points } of curves) {
    console.log(`\n${column}, ${name}:`);
    const step = Math.max(1, Math.floor(points.length / 12));
    console.table(
      points
        .filter((_, index) => index % step === 0)
        .map((point) => ({ ...point.settings, ...shownPoint(point) })),
    );
  }
}

function shownPoint(point: Point) {
  return {
    'cut-offs': percent(point.cutOffs),
    'turns cut': percent(point.turnsCut),
    'dead air mean': Math.round(point.deadAirMeanMs),
    'dead air p50': Math.round(point.deadAirP50Ms),
  };
}

function shownTransfer(point: Point | undefined): string {
  return point === undefined ? '-' : `${point.deadAirMeanMs.toFixed(0)} ms at ${percent(point.cutOffs)}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function isIn(language: BenchTurn['script']['language']) {
  return (turn: BenchTurn): boolean => turn.script.language === language;
}

function range(from: number, to: number, step: number): readonly number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}
