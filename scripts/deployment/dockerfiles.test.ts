/** Rules of the images: fixed base, ordinary user, a health check, nothing secret and nothing of the developer inside. */
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const names = readdirSync(resolve(root, 'docker')).filter((name) => name.endsWith('.Dockerfile'));

type Instruction = { readonly name: string; readonly words: string };

/** Instructions with continued lines joined and comments left out. */
function instructions(file: string): readonly Instruction[] {
  const text = readFileSync(resolve(root, 'docker', file), 'utf8')
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n')
    .replaceAll(/\\\n\s*/g, '');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [name = '', ...words] = line.split(' ');
      return { name, words: words.join(' ') };
    });
}

const wordsOf = (file: string, name: string): readonly string[] =>
  instructions(file)
    .filter((instruction) => instruction.name === name)
    .map((instruction) => instruction.words);

/** What stands after the last FROM: the image that runs. */
function runtime(file: string): readonly Instruction[] {
  const all = instructions(file);
  return all.slice(all.findLastIndex((instruction) => instruction.name === 'FROM'));
}

test('there is an image for each process', () => {
  expect(names.sort()).toEqual(['api.Dockerfile', 'engines.Dockerfile', 'worker.Dockerfile']);
});

describe.each(names)('%s', (file) => {
  test('starts from a base of a fixed version', () => {
    const stages = new Set(wordsOf(file, 'FROM').map((words) => words.split(' AS ')[1]));
    const bases = wordsOf(file, 'FROM').map((words) => words.split(' AS ')[0] ?? '');
    const outside = bases.filter((base) => !stages.has(base));
    expect(outside).not.toEqual([]);
    for (const base of outside) expect(base).toMatch(/^node:24\.\d+\.\d+-[a-z]+-slim$/);
  });

  test('runs as an ordinary user, with a health check and a program of its own', () => {
    const found = runtime(file);
    const user = found.findLast((instruction) => instruction.name === 'USER')?.words;
    expect(user).toBe('node');
    for (const name of ['HEALTHCHECK', 'CMD', 'STOPSIGNAL']) {
      expect(found.filter((instruction) => instruction.name === name)).toHaveLength(1);
    }
    // A shell in between would not hand SIGTERM on.
    expect(found.find((instruction) => instruction.name === 'CMD')?.words).toMatch(/^\["node", /);
  });

  test('runs the program that is there', () => {
    const command = runtime(file).find((instruction) => instruction.name === 'CMD')?.words ?? '[]';
    const program = /"([^"]+\.ts)"/.exec(command)?.[1] ?? '';
    expect(readFileSync(resolve(root, program), 'utf8')).not.toBe('');
  });

  test('installs from the lockfile, with the pnpm of this repository', () => {
    const runs = wordsOf(file, 'RUN').join('\n');
    expect(runs).toContain('--frozen-lockfile');
    const bootstrap = readFileSync(resolve(root, 'scripts/bootstrap.mjs'), 'utf8');
    const version = /pnpmVersion = '([^']+)'/.exec(bootstrap)?.[1];
    expect(runs).toContain(`pnpm@${version}`);
  });
});

test('what is secret, fetched or installed stays out of every image', () => {
  const ignored = readFileSync(resolve(root, '.dockerignore'), 'utf8').split('\n');
  for (const entry of ['.git', '.env', '.sophy*', 'certs', '**/node_modules', '**/dist']) {
    expect(ignored).toContain(entry);
  }
});
