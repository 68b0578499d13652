/** livekit-server built from its source by a Go toolchain on this machine. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type LivekitWay, livekitVersion } from './find-livekit-server.ts';
import { runProgram } from './run-program.ts';

const modulePath = 'github.com/livekit/livekit-server/cmd/server';
/** The `go` line of that module's go.mod. */
const neededGo = { major: 1, minor: 26 } as const;
/** From here on Go fetches a newer toolchain by itself when it may. */
const selfUpdatingMinor = 21;

export const livekitBuild: LivekitWay = {
  name: 'go install',
  async make(target, report) {
    const go = await findGo();
    // Same disk as the target, so that the finished program can be renamed into its place.
    const binDirectory = `${dirname(target)}.unfinished`;
    mkdirSync(binDirectory, { recursive: true });
    try {
      let fetched = 0;
      report('fetching sources');
      const { code, output } = await runProgram(go, ['install', `${modulePath}@v${livekitVersion}`], {
        environment: { ...process.env, CGO_ENABLED: '0', GOBIN: binDirectory },
        onLine: (line) => {
          if (!line.startsWith('go: downloading ')) return;
          fetched += 1;
          report(`${fetched} modules fetched; compiling takes about two minutes`);
        },
      });
      if (code !== 0) throw new Error(explain(output));
      mkdirSync(dirname(target), { recursive: true });
      renameSync(join(binDirectory, 'server'), target);
    } finally {
      rmSync(binDirectory, { recursive: true, force: true });
    }
  },
};

async function findGo(): Promise<string> {
  const program = existsSync('/usr/local/go/bin/go') ? ['go', '/usr/local/go/bin/go'] : ['go'];
  for (const go of program) {
    const version = await runProgram(go, ['version']);
    if (version.code !== 0) continue;
    const toolchain = await runProgram(go, ['env', 'GOTOOLCHAIN']);
    const problem = goProblem(version.output, toolchain.output.trim());
    if (problem === undefined) return go;
    throw new Error(problem);
  }
  throw new Error('there is no Go on this machine');
}

/** Why this Go cannot build the server; undefined when it can. `toolchain` is what `go env GOTOOLCHAIN` says. */
export function goProblem(versionOutput: string, toolchain: string): string | undefined {
  const found = versionOutput.match(/go(\d+)\.(\d+)/);
  const [major, minor] = [Number(found?.[1]), Number(found?.[2])];
  const needed = `${neededGo.major}.${neededGo.minor}`;
  if (found === null) return `"go version" says ${versionOutput.trim() || 'nothing'}`;
  if (major > neededGo.major || minor >= neededGo.minor) return undefined;
  if (minor >= selfUpdatingMinor && toolchain !== 'local') return undefined;
  return `Go ${major}.${minor} is here, ${needed} or newer is needed`;
}

function explain(output: string): string {
  const lines = output
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('go: downloading '));
  const unreachable = lines.find((line) =>
    /dial tcp|no such host|i\/o timeout|connection refused/.test(line),
  );
  return unreachable === undefined
    ? lines.slice(-3).join(' · ')
    : 'the Go module proxy cannot be reached (GOPROXY names it)';
}
