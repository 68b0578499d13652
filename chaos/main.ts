/**
 * Breaks the running product in every way that it promises to survive, and says what it saw.
 *
 *   npm run chaos                              every scenario, 40 kills
 *   npm run chaos -- --kills 200               the long form
 *   npm run chaos -- --only kills --seed 7     one scenario, with the choices of an earlier run
 *   npm run chaos -- --calls 12 --out run.json more calls; everything measured as JSON
 */
import { mkdir, rm } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { dispose } from '@livekit/rtc-node';
import { dataDirectory } from '@sophy/testkit/repository-root';
import { openSpeech } from '@sophy/testkit/speech';
import { Findings } from './findings.ts';
import { reportLines, writeJson } from './report.ts';
import { type ScenarioContext, scenarios } from './scenarios.ts';
import { Stage } from './stage.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '40' },
    calls: { type: 'string', default: '8' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string' },
    out: { type: 'string' },
  },
});
const whole = (name: 'kills' | 'calls' | 'seed'): number => {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= 0) return value;
  console.error(`--${name} must be a whole number, not ${values[name]}`);
  process.exit(64);
};
const kills = whole('kills');
const calls = whole('calls');
const seed = whole('seed');
const { only } = values;
const chosen = scenarios.filter(({ name }) => only === undefined || name === only);
if (chosen.length === 0) {
  console.error(`--only ${only}: choose from ${scenarios.map(({ name }) => name).join(', ')}`);
  process.exit(64);
}

const findings = new Findings();
const runFolder = join(
  dataDirectory,
  'chaos',
  `${new Date().toISOString().replaceAll(/[:.]/g, '-')}-${seed}`,
);
const speech = openSpeech();
let open: Stage | undefined;
let isStopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (isStopping) return;
    isStopping = true;
    console.log(`${signal}: every process is ended; the run counts for nothing`);
    void (open?.fleet.stop() ?? Promise.resolve()).finally(() => process.exit(130));
  });
}
console.log(`seed ${seed}, ${calls} calls, logs in ${runFolder}`);
try {
  const clip = await speech.synthesize('Can you tell me about that?');
  for (const scenario of chosen) {
    console.log(`${scenario.name}: ${scenario.about}`);
    const startMs = performance.now();
    const logFolder = join(runFolder, scenario.name);
    await mkdir(logFolder, { recursive: true });
    const context: ScenarioContext = {
      kills,
      calls,
      folder: logFolder,
      open: async (fleet) => {
        open = await Stage.open({
          name: scenario.name,
          fleet,
          seed,
          findings,
          logFolder,
          clip,
          onProgress: (line) => console.log(`  ${new Date().toISOString().slice(11, 19)} ${line}`),
        });
        return open;
      },
    };
    try {
      await scenario.play(context);
    } catch (error) {
      findings.breaks({
        scenario: scenario.name,
        where: 'the scenario itself',
        expected: 'to be played to its end',
        found: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
    }
    findings.methods.push(
      `${scenario.name}: ${scenario.about} Took ${((performance.now() - startMs) / 1_000).toFixed(0)} s, load at its end ${loadavg()[0]?.toFixed(1)}.`,
    );
  }
} finally {
  await speech.close();
  await dispose();
}
console.log(['', ...reportLines(findings)].join('\n'));
if (values.out !== undefined) await writeJson(values.out, findings, { seed, kills, calls, only });
if (findings.broken.length === 0) await rm(runFolder, { recursive: true, force: true });
else console.log(`\nLogs of every process: ${runFolder}`);
console.log(`seed ${seed}`);
process.exit(findings.broken.length === 0 ? 0 : 1);
