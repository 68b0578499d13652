/** What the tests need beyond the dependencies: a browser, Redis, livekit-server and the local models, fetched once. */
import { join } from 'node:path';
import { findLivekitServer } from '../start/find-livekit-server.ts';
import { livekitBuild } from '../start/livekit-build.ts';
import { livekitRelease } from '../start/livekit-release.ts';
import { fetchNeededModels } from '../start/models.ts';
import type { Progress } from '../start/progress.ts';
import type { RawEnvironment } from '../start/read-environment.ts';
import { chromium, needProgram, redisServer } from './need-program.ts';

export type PrepareOptions = {
  readonly root: string;
  readonly environment: RawEnvironment;
  readonly needsBrowser: boolean;
  readonly progress: Progress;
  readonly signal: AbortSignal;
};

/** Variables for tests and benches that name what was found. @throws Trouble that says what is missing and what to do. */
export async function prepareTests(options: PrepareOptions): Promise<Readonly<Record<string, string>>> {
  const { root, environment, needsBrowser, progress, signal } = options;
  // Fixed, and not SOPHY_DATA_DIR: what tests share between runs has nothing to do with an operator's data.
  const dataDirectory = join(root, '.sophy');
  const path = environment['PATH'] ?? '';
  const programs: Record<string, string> = {};
  for (const program of needsBrowser ? [chromium, redisServer] : [])
    programs[program.variable] = await needProgram(program, environment[program.variable], path, progress);
  const livekit = await findLivekitServer({
    program: environment['LIVEKIT_SERVER_BIN'],
    path,
    toolsDirectory: join(dataDirectory, 'tools'),
    ways: [livekitRelease(), livekitBuild],
    step: (label, work) => progress.step(label, work),
  });
  await progress.step('Fetching the local models', (report) =>
    fetchNeededModels({ dataDirectory, source: 'auto', stages: ['stt', 'llm', 'tts'], signal, report }),
  );
  return { LIVEKIT_SERVER_BIN: livekit, ...programs };
}
