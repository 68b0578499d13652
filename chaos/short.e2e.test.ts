/** The short form of the chaos suite: every kind of death once or twice on calls that talk, then the ledger. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { dispose } from '@livekit/rtc-node';
import { dataDirectory } from '@sophy/testkit/repository-root';
import { openSpeech } from '@sophy/testkit/speech';
import { expect, test } from 'vitest';
import { Findings } from './findings.ts';
import { reportLines } from './report.ts';
import { playFrozenWorker } from './scenarios/frozen-worker.ts';
import { playKills } from './scenarios/kills.ts';
import { playPostgresStops } from './scenarios/postgres-stop.ts';
import { playRollingRestart } from './scenarios/rolling-restart.ts';
import { Stage } from './stage.ts';

const seed = 5;
const calls = 4;
/** A whole test run shares the machine: the times of the long form, which has it alone, count threefold. What is counted counts as it is. */
const patience = 3;

test('7 kills, a database that stops, a frozen worker and a restart lose nothing and double nothing', {
  timeout: 330_000,
}, async () => {
  const logFolder = join(dataDirectory, 'chaos', `short-${process.pid}`);
  await mkdir(logFolder, { recursive: true });
  const findings = new Findings({ patience });
  const speech = openSpeech();
  try {
    const stage = await Stage.open({
      name: 'short',
      fleet: {
        apis: 2,
        workers: 3,
        slotsPerWorker: calls,
        env: { WORKER_WARM_JOBS: '2', WORKER_DRAIN_SECONDS: '10' },
      },
      seed,
      findings,
      logFolder,
      clip: await speech.synthesize('Can you tell me about that?'),
      onProgress: (line) => console.log(line),
    });
    try {
      await stage.openCalls(calls);
      await playKills(
        stage,
        stage.random.shuffled([
          ...(['job', 'job'] as const),
          ...(['parent', 'worker tree', 'api', 'api and job', 'supervisor'] as const),
        ]),
      );
      await playPostgresStops(stage, [5_000]);
      await playFrozenWorker(stage, 1, 9_000);
      await playRollingRestart(stage, 1);
    } finally {
      await stage.close();
    }
  } finally {
    await speech.close();
    await dispose();
  }
  console.log([`seed ${seed}`, ...reportLines(findings)].join('\n'));
  expect(findings.broken, `logs of every process: ${logFolder}`).toEqual([]);
  await rm(logFolder, { recursive: true, force: true });
});
