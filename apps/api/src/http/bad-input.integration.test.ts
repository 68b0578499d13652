import fc from 'fast-check';
import type { HTTPMethods, InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../test/create-test-app.ts';

type Operation = { readonly method: HTTPMethods; readonly path: string };

let api: TestApp;
let operations: Operation[];
beforeAll(async () => {
  api = await createTestApp();
  const { paths } = (await api.app.inject('/api/openapi.json')).json() as {
    paths: Record<string, Record<string, unknown>>;
  };
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ path, method: method.toUpperCase() as HTTPMethods })),
  );
});
afterAll(() => api.close());

async function rowCounts(): Promise<Record<string, unknown>> {
  const tables = ['settings', 'chats', 'messages', 'seats', 'calls', 'call_events', 'workers'] as const;
  const counts = tables.map((table) => `(SELECT count(*) FROM ${table}) AS ${table}`);
  const version = '(SELECT version FROM settings_version) AS version';
  const result = await api.database.pool.query<Record<string, unknown>>(
    `SELECT ${[...counts, version].join(', ')}`,
  );
  return result.rows[0] ?? {};
}

/** Values that no field of any body takes. */
const badValue = fc.oneof(
  fc.constantFrom('\u0000', 'a\u0000b', '\u0007', '\ud800', 'x'.repeat(70_000), '', ' '),
  fc.constantFrom(-1, 1e308, Number.MAX_SAFE_INTEGER, null, true, [], {}, [[]]),
  fc.string({ unit: 'binary' }),
);
const fieldNames = fc.constantFrom(
  'room_name',
  'seat_key',
  'settings',
  'prompt_',
  '__proto__',
  'constructor',
  'toString',
  'call_id',
  'api_key_',
);
const badBody = fc.oneof(
  fc.constantFrom(
    '{',
    '[]',
    'null',
    '"text"',
    '{"a":}',
    '\u0000',
    '{"__proto__":{"a":1}}',
    '{"value":}',
    'a=b',
  ),
  fc.dictionary(fieldNames, badValue).map((body) => JSON.stringify(body)),
  fc.json(),
);
const badSegment = fc.oneof(
  fc.constantFrom('%00', '%ff', '..', "'", '%2e%2e%2f', 'null', '0', '-1', '%F0%9F%98%80', 'x'.repeat(400)),
  fc.string({ unit: 'binary' }).map((text) => encodeURIComponent(text.toWellFormed()) || 'x'),
);
const badQuery = fc.oneof(
  fc.constantFrom(
    '?limit=%00',
    '?search=%00',
    '?cursor=%00',
    '?limit=1e9',
    '?after=9999999999-1',
    '?format[]=x',
  ),
  fc.constantFrom('?limit=1&limit=2', '?search=%ff', '?sort_by=__proto__', '?', '?%', '?cursor=MSAx'),
);

describe('bad input', () => {
  test('is always refused with a reason, never a failure, and writes nothing', async () => {
    const before = await rowCounts();
    // A chat needs no field and a guest only a room, so a random body may be an honest request for one.
    let chatsMade = 0;
    let guestsAdmitted = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        badBody,
        badSegment,
        badQuery,
        fc.constantFrom('application/json', 'text/plain', 'application/x-www-form-urlencoded', 'x'),
        async (index, body, segment, query, contentType) => {
          const { method, path } = operations[index % operations.length] ?? { method: 'GET', path: '/' };
          const url = path.replaceAll(/\{\w+\}/g, segment) + query;
          const request: InjectOptions = { method, url };
          if (method !== 'GET')
            Object.assign(request, { payload: body, headers: { 'content-type': contentType } });
          const { statusCode, body: answer } = await api.app.inject(request);
          // 503: an engine that this test does not run; every other 5xx is a failure of ours.
          expect([500, 501, 502, 504]).not.toContain(statusCode);
          if (statusCode === 200 && method === 'POST' && path === '/api/chats') chatsMade += 1;
          if (statusCode === 201 && path === '/api/livekit/token') guestsAdmitted += 1;
          if (statusCode >= 400) expect(JSON.parse(answer)).toEqual({ detail: expect.any(String) });
        },
      ),
      { numRuns: 800 },
    );
    expect(await rowCounts()).toEqual({
      ...before,
      chats: String(Number(before['chats']) + chatsMade),
      seats: String(Number(before['seats']) + guestsAdmitted),
    });
  });

  test('a wrong method is 405 and says which are right', async () => {
    for (const { path } of operations) {
      const response = await api.app.inject({ method: 'OPTIONS', url: path.replaceAll(/\{\w+\}/g, 'x') });
      expect(response.statusCode).toBe(405);
      expect(response.headers['allow']).toMatch(/^[A-Z]+(, [A-Z]+)*$/);
      expect(response.json()).toEqual({ detail: expect.any(String) });
    }
  });

  test('a body of 1 MB is 413 wherever a body is read', async () => {
    const payload = JSON.stringify({ value: 'x'.repeat(1_048_576) });
    for (const { method, path } of operations.filter(({ method }) =>
      ['POST', 'PUT', 'PATCH'].includes(method),
    )) {
      const url = path.replaceAll(/\{\w+\}/g, '0b9ffdd4-1d0f-4a3b-8b19-3b2f0a4f6a11');
      const response = await api.app.inject({
        method,
        url,
        payload,
        headers: { 'content-type': 'application/json' },
      });
      expect(response.statusCode).toBe(413);
      expect(response.json()).toEqual({ detail: expect.any(String) });
    }
  });

  test.each([
    ['GET', '/api/nothing', 404],
    ['POST', '/api/nothing', 404],
    ['GET', '/nowhere', 404],
    ['GET', '/%ff', 400],
    ['GET', '/..%2f..%2fetc%2fpasswd', 404],
  ] as const)('%s %s: %i with a reason', async (method, url, status) => {
    const response = await api.app.inject({ method, url });
    expect(response.statusCode).toBe(status);
    expect(response.json()).toEqual({ detail: expect.any(String) });
  });

  test('bad JSON is 400', async () => {
    const headers = { 'content-type': 'application/json' };
    const response = await api.app.inject({ method: 'POST', url: '/api/token', payload: '{"room', headers });
    expect(response.statusCode).toBe(400);
    expect(response.json()).toEqual({ detail: expect.any(String) });
  });
});
