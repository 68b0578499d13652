import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { argumentsCheck, readToolsFile } from './tools-file.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sophy-tools-file-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const good = {
  name: 'book',
  description: 'Books a table',
  parameters: { type: 'object', properties: { day: { type: 'string' } }, required: ['day'] },
  url: 'http://127.0.0.1:9000/book',
  effect: 'once',
};

function read(content: unknown, variables: Record<string, string> = {}) {
  const path = join(folder, 'tools.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return readToolsFile(path, variables);
}

test('a tool is read with its defaults, and its secrets from the environment', () => {
  const { tools, problems } = read(
    { tools: [{ ...good, headers_from_env: { authorization: 'BOOKING_TOKEN' } }] },
    { BOOKING_TOKEN: 'Bearer 1' },
  );
  expect(problems).toEqual([]);
  expect(tools).toEqual([
    {
      ...good,
      headers: { authorization: 'Bearer 1' },
      timeout_ms: 10_000,
      confirmation: 'none',
      repeatable: false,
      during_preparation: false,
    },
  ]);
});

test.each<[string, unknown, RegExp]>([
  ['is no JSON', '{"tools": [', /cannot be read/],
  ['has no tools', {}, /tools: /],
  ['has a field that nobody knows', { tools: [{ ...good, secret: 1 }] }, /tools\.0: .*secret/],
  ['has a name that models refuse', { tools: [{ ...good, name: 'book a table' }] }, /tools\.0\.name: /],
  ['has no address', { tools: [{ ...good, url: 'book' }] }, /tools\.0\.url: must be an http/],
  ['has another kind of address', { tools: [{ ...good, url: 'file:///etc/passwd' }] }, /tools\.0\.url: /],
  ['has a secret in its address', { tools: [{ ...good, url: 'http://a:b@c/' }] }, /headers_from_env/],
  [
    'has a secret that is not there',
    { tools: [{ ...good, headers_from_env: { a: 'MISSING' } }] },
    /MISSING is not set/,
  ],
  [
    'has a schema of no object',
    { tools: [{ ...good, parameters: { type: 'string' } }] },
    /tools\.0\.parameters: /,
  ],
  [
    'has a schema that is none',
    { tools: [{ ...good, parameters: { type: 'object', properties: { day: { type: 'date' } } } }] },
    /tools\.0 \(book\): parameters: /,
  ],
  ['has two tools of one name', { tools: [good, good] }, /tools\.1 \(book\): another tool has this name/],
  ['takes the name of a built-in', { tools: [{ ...good, name: 'end_call' }] }, /another tool has this name/],
  ['confirms a lookup', { tools: [{ ...good, effect: 'none', confirmation: 'spoken' }] }, /confirmation/],
  ['repeats a lookup', { tools: [{ ...good, effect: 'none', repeatable: true }] }, /repeatable/],
  ['prepares an effect', { tools: [{ ...good, during_preparation: true }] }, /during_preparation/],
])('a file that %s is refused', (_name, content, message) => {
  const { tools, problems } = read(content);
  expect(tools).toEqual([]);
  expect(problems.map((problem) => `${problem.variable}: ${problem.message}`).join('\n')).toMatch(message);
});

test('every problem is told at once', () => {
  const { problems } = read({
    tools: [
      { ...good, url: 'x', effect: 'maybe' },
      { ...good, name: '' },
    ],
  });
  expect(problems).toHaveLength(3);
});

test('a file that is not there is a problem', () => {
  expect(readToolsFile(join(folder, 'none.json'), {}).problems).toHaveLength(1);
});

test('arguments are checked against the schema, and what is wrong is told', () => {
  const check = argumentsCheck({ ...good.parameters, additionalProperties: false });
  expect(check({ day: 'friday' })).toBeUndefined();
  expect(check({ when: 'friday' })).toBe(
    "arguments must have required property 'day'; arguments must NOT have additional properties",
  );
  expect(check({ day: 5 })).toBe('arguments/day must be string');
});

test('the example of the documentation is a tools file', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/tools.md'), 'utf8');
  const example = /```json\n([^`]*)```/.exec(page)?.[1] ?? '';
  const { tools, problems } = read(example, { ROOMS_AUTHORIZATION: 'Bearer 1' });
  expect(problems).toEqual([]);
  expect(tools.map(({ name }) => name)).toEqual(['opening_hours', 'reserve_room']);
});
