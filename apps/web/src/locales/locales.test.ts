import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import english from './en.json';
import italian from './it.json';

type Texts = { readonly [key: string]: string | Texts };

function keysOf(texts: Texts, prefix = ''): string[] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'string' ? [`${prefix}${key}`] : keysOf(value, `${prefix}${key}.`),
  );
}

function textAt(texts: Texts, key: string): string {
  let at: string | Texts = texts;
  for (const part of key.split('.')) at = typeof at === 'string' ? at : (at[part] ?? '');
  return typeof at === 'string' ? at : '';
}

const sourceRoot = join(import.meta.dirname, '..');
const source = readdirSync(sourceRoot, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !file.includes('.test.'))
  .map((file) => readFileSync(join(sourceRoot, file), 'utf8'))
  .join('\n');
/** Plural forms are asked for by their common name. */
const asked = (key: string) => key.replace(/_(zero|one|two|few|many|other)$/, '');

test('both languages have the same texts', () => {
  expect(keysOf(italian)).toEqual(keysOf(english));
});

test('no text is empty, and both languages fill in the same values', () => {
  const placeholders = (text: string) => [...text.matchAll(/{{\w+}}/g)].map(String).sort();
  for (const key of keysOf(english)) {
    expect(textAt(italian, key), key).not.toBe('');
    expect(placeholders(textAt(italian, key)), key).toEqual(placeholders(textAt(english, key)));
  }
});

test('every text is used', () => {
  const unused = keysOf(english).filter((key) => !source.includes(`'${asked(key)}'`));
  expect(unused).toEqual([]);
});

test('every text that the pages ask for exists', () => {
  const known = new Set(keysOf(english).map(asked));
  const used = [...source.matchAll(/\bt\(\s*'([^']+)'/g)].map((match) => match[1] ?? '');
  expect(used.length).toBeGreaterThan(100);
  expect(used.filter((key) => !known.has(key))).toEqual([]);
});
