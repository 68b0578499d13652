import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPricesFile } from './prices-file.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sophy-prices-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(content: string) {
  const path = join(folder, 'prices.json');
  writeFileSync(path, content);
  return readPricesFile(path);
}

const price = { stage: 'llm', engine: 'openai', unit: 'million-tokens', promptUsd: 1, completionUsd: 2 };
const table = { version: 'ours-1', asOf: '2026-11-21', currency: 'USD' };

test('a row without a model holds for every model of its engine', () => {
  const { table: own, problems } = read(JSON.stringify({ ...table, prices: [price] }));
  expect(problems).toEqual([]);
  expect(own?.prices).toEqual([{ ...price, model: '*', source: '' }]);
});

test('everything that is wrong with the file is said at once, each with its place', () => {
  const prices = [
    { ...price, promptUsd: -1 },
    { ...price, unit: 'hours' },
    { ...price, colour: 'red' },
  ];
  const { table: own, problems } = read(JSON.stringify({ ...table, currency: 'EUR', prices }));
  expect(own).toBeUndefined();
  const text = problems.map(({ variable, message }) => `${variable}: ${message}`).join('\n');
  for (const place of ['currency', 'prices.0.promptUsd', 'prices.1.unit', 'prices.2'])
    expect(text).toContain(place);
  expect(text).toContain('colour');
});

test('a file that is no JSON, or not there, is said to be so', () => {
  expect(read('{').problems[0]?.message).toContain('cannot be read');
  expect(readPricesFile(join(folder, 'none.json')).problems[0]?.message).toContain('ENOENT');
});
