import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { environmentDocs, parseEnvironment } from '@sophy/contracts/environment';
import { describe, expect, test } from 'vitest';
import { renderEnvironmentExample } from './render-environment-example.ts';

const text = renderEnvironmentExample();

describe('.env.example', () => {
  test('is what the schema says', () => {
    const file = readFileSync(resolve(import.meta.dirname, '../../.env.example'), 'utf8');
    expect(file).toBe(text);
  });

  test('names every variable once', () => {
    const named = [...text.matchAll(/^# ([A-Z0-9_]+)=/gm)].map((match) => match[1]);
    expect(named.sort()).toEqual(Object.keys(environmentDocs).sort());
  });

  test('changes nothing when it is copied as it is', () => {
    expect(parseEnv(text)).toEqual({});
  });

  test('holds values that the schema accepts', () => {
    const uncommented = parseEnv(text.replace(/^# ([A-Z0-9_]+=)/gm, '$1'));
    // A key has no example that would be worth copying.
    const keys = { LIVEKIT_API_KEY: 'key', LIVEKIT_API_SECRET: 's'.repeat(32) };
    expect(parseEnvironment({ ...uncommented, ...keys })).toMatchObject({ ok: true });
  });
});
