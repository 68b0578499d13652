/** The environment of npm start: `.env` below what the shell says, parsed and checked at once. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { type Environment, type EnvironmentProblem, parseEnvironment } from '@sophy/contracts/environment';

export type RawEnvironment = Readonly<Record<string, string | undefined>>;

export type StartEnvironment = {
  readonly environment: Environment;
  /** As given, for the children, with `.env` filled in. */
  readonly raw: RawEnvironment;
};

export type StartEnvironmentResult =
  | ({ readonly ok: true } & StartEnvironment)
  | { readonly ok: false; readonly problems: readonly EnvironmentProblem[] };

/** Reads `<root>/.env` when there is one. A variable of the shell wins over the file. */
export function readStartEnvironment(root: string, shell: RawEnvironment): StartEnvironmentResult {
  const file = join(root, '.env');
  const fromFile = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  const raw = { ...fromFile, ...shell };
  const parsed = parseEnvironment(raw);
  return parsed.ok ? { ok: true, environment: parsed.environment, raw } : parsed;
}

/** Whether the variable was set by a person, as opposed to being a default. */
export function isSet(raw: RawEnvironment, variable: string): boolean {
  return raw[variable] !== undefined && raw[variable] !== '';
}

/** All problems, one a line. */
export function describeProblems(problems: readonly EnvironmentProblem[]): string {
  return [
    'The configuration has problems (from the environment or .env; .env.example explains each variable):',
    ...problems.map((problem) => `  ${problem.variable}: ${problem.message}`),
  ].join('\n');
}
