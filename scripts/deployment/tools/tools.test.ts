import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { locateKubectl } from './kubectl.ts';
import { locatePromtool } from './promtool.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sophy-deployment-tools-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function program(...names: string[]): string {
  const file = join(directory, ...names);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '#!/bin/sh\n', { mode: 0o755 });
  return file;
}
const search = (named?: string) => ({
  named,
  path: `/nowhere:${join(directory, 'bin')}`,
  toolsDirectory: join(directory, 'tools'),
});

test('what is named wins over what is there', () => {
  program('bin', 'kubectl');
  program('bin', 'promtool');
  expect(locateKubectl(search('/mine/kubectl'))).toBe('/mine/kubectl');
  expect(locatePromtool(search('/mine/promtool'))).toBe('/mine/promtool');
});

test('kubectl of the pinned version is preferred to that of the machine', () => {
  const ofMachine = program('bin', 'kubectl');
  expect(locateKubectl(search())).toBe(ofMachine);
  const ours = program('tools', 'kubectl-1.35.2', 'kubectl');
  expect(locateKubectl(search(''))).toBe(ours);
});

test('what is nowhere is not found', () => {
  expect(locateKubectl(search())).toBeUndefined();
  expect(locatePromtool(search())).toBeUndefined();
});
