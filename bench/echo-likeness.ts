/**
 * Measures whether the agent's own voice is known by its sound when it comes back through a loudspeaker, and nobody
 * else is taken for it. Fails when the threshold in use misses the targets.
 *
 *   npm run bench:echo
 *   npm run bench:echo -- --seed 2 --count 500
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { dispose } from '@livekit/rtc-node';
import { echoLikeness, longestEchoMs } from '@sophy/conversation/echo-likeness';
import { ownSoundFrom } from '@sophy/conversation/rules/interruption/own-voice';
import { openSpeech } from '@sophy/testkit/speech';
import { roomSampleRateHz } from './echo/simulated-room.ts';
import { makeStretch, onsetSample, type Stretch, stretchKinds, stretchLengthsMs } from './echo/stretches.ts';
import { seededRandom } from './end-of-turn/seeded-random.ts';

/** The lane compares from so long before the onset that the detector gives (`apps/worker/src/lane/echo-watch.ts`). */
const beforeOnsetMs = 100;
/** Of the echoes, so many must be found after 320 ms; of the other voices, at most so many may be taken for it. */
const targets = { foundAt320: 0.95, takenForIt: 0.01 } as const;
const thresholds = [0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7];

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, count: { type: 'string', default: '300' } },
});
const [seed, count] = [Number(values.seed), Number(values.count)];
if (!Number.isInteger(seed) || !Number.isInteger(count) || count < 1) {
  console.error('--seed and --count must be whole numbers, and --count at least 1');
  process.exit(64);
}

type Scored = {
  readonly stretch: Stretch;
  /** By length of the stretch, in the order of `stretchLengthsMs`. */
  readonly likeness: readonly number[];
};
type Group = { readonly name: string; readonly has: (stretch: Stretch) => boolean };

const groups: readonly Group[] = [
  ...stretchKinds.map((kind) => ({ name: kind, has: (stretch: Stretch) => stretch.kind === kind })),
  { name: 'other, agent’s voice', has: ({ kind, isSameVoice }) => kind === 'other' && isSameVoice },
  { name: 'echo, held', has: ({ kind, isHeld }) => kind === 'echo' && isHeld },
  { name: 'echo, not stretched', has: ({ kind, isStretched }) => kind === 'echo' && !isStretched },
  { name: 'echo, stretched', has: ({ kind, isStretched }) => kind === 'echo' && isStretched },
  { name: 'echo, delay > 300 ms', has: ({ kind, path }) => kind === 'echo' && path.delayMs > 300 },
  { name: 'echo, reverb > 200 ms', has: ({ kind, path }) => kind === 'echo' && path.reverbMs > 200 },
];
const isEcho = ({ kind }: Stretch): boolean => kind === 'echo';
const isPerson = ({ kind }: Stretch): boolean => kind === 'other' || kind === 'double talk';

const speech = openSpeech();
const scored: Scored[] = [];
const costsMs: number[] = [];
try {
  for (const [index, kind] of stretchKinds.entries()) {
    for (let number = 0; number < count; number += 1) {
      const random = seededRandom(seed * 1_000_003 + number * 101 + index);
      const stretch = await makeStretch(kind, speech, random);
      scored.push({ stretch, likeness: stretchLengthsMs.map((lengthMs) => compare(stretch, lengthMs)) });
    }
  }
} finally {
  await speech.close();
  await dispose();
}

console.log(`seed ${seed}, ${count} stretches of each kind, threshold ${ownSoundFrom}`);
console.log('\nLikeness, p5 / p50 / p95:');
console.table(
  table((group, length) => {
    const sorted = likenesses(group.has, length).sort((a, b) => a - b);
    return [0.05, 0.5, 0.95]
      .map((part) => (sorted[Math.floor(part * sorted.length)] ?? 0).toFixed(2))
      .join(' / ');
  }),
);
console.log(`\nTaken for the agent's own voice at ${ownSoundFrom}:`);
console.table(table((group, length) => percent(share(group.has, length, ownSoundFrom))));
console.log('\nEchoes found / other people (alone and over an echo) taken for it, by threshold:');
console.table(
  Object.fromEntries(
    thresholds.map((threshold) => [
      threshold,
      Object.fromEntries(
        stretchLengthsMs.map((lengthMs, length) => [
          `${lengthMs} ms`,
          `${percent(share(isEcho, length, threshold))} / ${percent(share(isPerson, length, threshold))}`,
        ]),
      ),
    ]),
  ),
);
costsMs.sort((a, b) => a - b);
console.log(
  `\nOne comparison: p50 ${costsMs[Math.floor(costsMs.length / 2)]?.toFixed(1)} ms, p95 ${costsMs[Math.floor(costsMs.length * 0.95)]?.toFixed(1)} ms`,
);
const foundAt320 = share(isEcho, 1, ownSoundFrom);
const takenForIt = Math.max(...stretchLengthsMs.map((_, length) => share(isPerson, length, ownSoundFrom)));
const isMet = foundAt320 >= targets.foundAt320 && takenForIt <= targets.takenForIt;
console.log(
  `Targets: echoes found at 320 ms >= ${percent(targets.foundAt320)}: ${percent(foundAt320)}; other people taken for it at any length <= ${percent(targets.takenForIt)}: ${percent(takenForIt)}: ${isMet ? 'met' : 'missed'}`,
);
const directory = join(import.meta.dirname, 'results');
await mkdir(directory, { recursive: true });
await writeFile(
  join(directory, 'echo-likeness.json'),
  `${JSON.stringify({ seed, count, ownSoundFrom, foundAt320, takenForIt, stretches: scored.map(({ stretch: { microphone: _m, played: _p, ...stretch }, likeness }) => ({ ...stretch, likeness })) }, null, 2)}\n`,
);
process.exitCode = isMet ? 0 : 1;

function compare({ microphone, played }: Stretch, lengthMs: number): number {
  const end = onsetSample + samplesOf(lengthMs);
  const from = onsetSample - samplesOf(beforeOnsetMs);
  const startedMs = performance.now();
  const likeness = echoLikeness({
    heard: { samples: microphone.subarray(from, end), sampleRateHz: roomSampleRateHz },
    played: {
      samples: played.subarray(from - samplesOf(longestEchoMs), end),
      sampleRateHz: roomSampleRateHz,
    },
  });
  costsMs.push(performance.now() - startedMs);
  return likeness;
}

function table(cell: (group: Group, length: number) => string): Record<string, Record<string, string>> {
  return Object.fromEntries(
    groups.map((group) => [
      group.name,
      {
        n: String(likenesses(group.has, 0).length),
        ...Object.fromEntries(
          stretchLengthsMs.map((lengthMs, length) => [`${lengthMs} ms`, cell(group, length)]),
        ),
      },
    ]),
  );
}

function likenesses(has: (stretch: Stretch) => boolean, length: number): number[] {
  return scored.flatMap(({ stretch, likeness }) => (has(stretch) ? [likeness[length] ?? 0] : []));
}

function share(has: (stretch: Stretch) => boolean, length: number, threshold: number): number {
  const all = likenesses(has, length);
  return all.filter((likeness) => likeness >= threshold).length / Math.max(1, all.length);
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}

function samplesOf(lengthMs: number): number {
  return Math.round((lengthMs / 1_000) * roomSampleRateHz);
}
