/** What is checked without starting any server: types, lint, dead code, files that are generated, pure tests. */
import { join } from 'node:path';
import type { CheckTask } from './check-task.ts';
import { programTask } from './program-task.ts';
import { vitestTask } from './vitest-task.ts';

/** Longest first, so that they overlap with the short ones. */
export function staticTasks(
  root: string,
  environment: Readonly<Record<string, string | undefined>>,
): readonly CheckTask[] {
  const modules = join(root, 'node_modules');
  const node = (name: string, ...args: readonly string[]): CheckTask =>
    programTask(name, process.execPath, args, root);
  return [
    vitestTask({ name: 'unit tests', projects: ['unit', 'web'], root, environment }),
    node('types', join(modules, 'typescript/bin/tsc'), '-p', 'tsconfig.json'),
    node('types of the web client', join(modules, 'typescript/bin/tsc'), '-p', 'apps/web/tsconfig.json'),
    node('lint', join(modules, '@biomejs/biome/bin/biome'), 'ci', '--colors=off', '.'),
    node('dead code', join(modules, 'knip/bin/knip.js'), '--no-progress'),
    node('compose file', join(modules, 'dclint/bin/dclint.cjs'), '--max-warnings', '0', 'docker-compose.yml'),
    node('.env.example', join(root, 'scripts/environment-example.ts'), '--check'),
  ];
}
