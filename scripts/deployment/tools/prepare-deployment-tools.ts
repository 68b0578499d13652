/** The programs that check manifests and alerts, fetched once, and where tests find them. */
import { join } from 'node:path';
import type { Progress } from '../../start/progress.ts';
import type { RawEnvironment } from '../../start/read-environment.ts';
import { locateKubectl, needKubectl, type ToolSearch } from './kubectl.ts';
import { locatePromtool, needPromtool } from './promtool.ts';

/** Variables for tests that name what was found. @throws Trouble that says what is missing and what to do. */
export async function prepareDeploymentTools(
  root: string,
  environment: RawEnvironment,
  progress: Progress,
): Promise<Readonly<Record<'KUBECTL_BIN' | 'PROMTOOL_BIN', string>>> {
  return {
    KUBECTL_BIN: await needKubectl(searchFor('KUBECTL_BIN', root, environment), progress),
    PROMTOOL_BIN: await needPromtool(searchFor('PROMTOOL_BIN', root, environment), progress),
  };
}

/** Paths of the programs that are here already; a test that is run alone finds them so. @throws Error that says how to get one. */
export function deploymentTool(name: 'kubectl' | 'promtool', root: string): string {
  const found =
    name === 'kubectl'
      ? locateKubectl(searchFor('KUBECTL_BIN', root, process.env))
      : locatePromtool(searchFor('PROMTOOL_BIN', root, process.env));
  if (found === undefined) throw new Error(`${name} is not on this machine: npm test fetches it once`);
  return found;
}

function searchFor(
  variable: 'KUBECTL_BIN' | 'PROMTOOL_BIN',
  root: string,
  environment: RawEnvironment,
): ToolSearch {
  return {
    named: environment[variable],
    path: environment['PATH'] ?? '',
    // Fixed, and not SOPHY_DATA_DIR: what tests share between runs has nothing to do with an operator's data.
    toolsDirectory: join(root, '.sophy/tools'),
  };
}
