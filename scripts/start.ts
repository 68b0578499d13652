/**
 * `npm start`: the whole product on this machine, from nothing to one address to open.
 *
 *   WEB_PORT=8090 npm start
 *
 * Ctrl-C or SIGTERM stops every part in order; a second one does not wait. What a `kill -9` left behind is stopped by
 * the next start on the same data directory.
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { addressToOpen, hasCertificate, networkAddress } from './start/addresses.ts';
import { readBrainName } from './start/brain.ts';
import { takeDataLock } from './start/data-lock.ts';
import { launch } from './start/launch.ts';
import { onParentGone } from './start/parent-watch.ts';
import { Progress } from './start/progress.ts';
import { describeProblems, readStartEnvironment, type StartEnvironment } from './start/read-environment.ts';
import { killRunningPrograms } from './start/run-program.ts';
import { runRecords, stopOrphans } from './start/run-records.ts';
import { RunningParts } from './start/running-parts.ts';
import { onStopSignal } from './start/stop-signals.ts';
import { Trouble } from './start/trouble.ts';

/** sysexits.h EX_CONFIG. */
const configurationExitCode = 78;
const forcedExitCode = 130;

const root = resolve(import.meta.dirname, '..');
const progress = new Progress();

async function main(): Promise<number> {
  const found = readStartEnvironment(root, process.env);
  if (!found.ok) {
    process.stderr.write(`${describeProblems(found.problems)}\n`);
    return configurationExitCode;
  }
  const dataDirectory = resolve(root, found.environment.SOPHY_DATA_DIR);
  mkdirSync(dataDirectory, { recursive: true, mode: 0o755 });
  const lock = await takeDataLock(dataDirectory);
  try {
    return await runUntilStopped(found, dataDirectory);
  } finally {
    lock.release();
  }
}

async function runUntilStopped(found: StartEnvironment, dataDirectory: string): Promise<number> {
  const parts = new RunningParts();
  const stop = new AbortController();
  const stopped = Promise.withResolvers<'stop'>();
  const requestStop = (why: string): void => {
    if (stop.signal.aborted) return;
    progress.say(`${why}: stopping …`);
    stop.abort();
    killRunningPrograms();
    stopped.resolve('stop');
  };
  let isForced = false;
  onStopSignal({
    first: requestStop,
    again: () => {
      if (isForced) process.exit(forcedExitCode);
      isForced = true;
      progress.say('Not waiting any longer: ending everything at once.');
      // The stop that waits for these sees them gone and goes on to the database, which closes in a moment.
      parts.killAll();
    },
  });
  onParentGone(() => requestStop('The process that started this one is gone'));

  const directory = join(dataDirectory, 'run');
  const records = runRecords(directory);
  let failure: unknown;
  try {
    const leftovers = await stopOrphans(directory);
    if (leftovers.length > 0)
      progress.say(`Stopped what an earlier start left running: ${leftovers.join(', ')}`);
    const launching = launch({
      ...found,
      root,
      dataDirectory,
      parts,
      records,
      progress,
      signal: stop.signal,
    });
    const outcome = await Promise.race([launching, stopped.promise]);
    if (outcome !== 'stop') {
      await sayReady(found, outcome.webPort, outcome.localUrl);
      await stopped.promise;
    } else {
      // Its parts are being stopped under it: how it fails then tells nothing.
      launching.catch(() => undefined);
    }
  } catch (error) {
    failure = error;
    stop.abort();
    killRunningPrograms();
  }
  await parts.stopAll();
  if (failure !== undefined) throw failure;
  return 0;
}

async function sayReady({ environment }: StartEnvironment, webPort: number, localUrl: string): Promise<void> {
  const address = addressToOpen(environment, webPort, hasCertificate(root), networkAddress());
  const brain = await readBrainName(localUrl);
  progress.say(`Sophy is ready: open ${address}${brain === undefined ? '' : ` (brain: ${brain})`}`);
}

// Compilers and downloads that are still at work go with us.
process.on('exit', killRunningPrograms);
try {
  process.exit(await main());
} catch (error) {
  const text =
    error instanceof Trouble ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
}
