/** Reads all scenario files of the repository. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../repository-root.ts';
import { parseScenario } from './parse-scenario.ts';
import type { Scenario } from './scenario.ts';
import { ScenarioProblem } from './scenario-problem.ts';

/** Folder of the scenarios in the repository. */
export const scenarioFolder = join(repositoryRoot, 'scenarios');

/**
 * In order of their names.
 * @throws ScenarioProblem with all that is wrong with all files, one line each.
 */
export function loadScenarios(folder = scenarioFolder): readonly Scenario[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .sort();
  const problems: ScenarioProblem[] = [];
  const scenarios = files.flatMap((file) => {
    try {
      return [parseScenario(file, readFileSync(join(folder, file), 'utf8'))];
    } catch (error) {
      if (!(error instanceof ScenarioProblem)) throw error;
      problems.push(error);
      return [];
    }
  });
  const [first] = problems;
  if (first === undefined) return scenarios;
  if (problems.length === 1) throw first;
  throw new Error(problems.map(({ message }) => message).join('\n'));
}
