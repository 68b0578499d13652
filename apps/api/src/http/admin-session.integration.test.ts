import { createLogger } from '@sophy/telemetry/logger';
import fastify, { type HTTPMethods } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp, testConfiguration } from '../../test/create-test-app.ts';
import type { App } from './app-type.ts';
import { installRoutePolicy } from './route-policy.ts';

const password = 'correct horse battery';
let nowMs = Date.parse('2026-01-01T00:00:00Z');
let api: TestApp;
beforeAll(async () => {
  api = await createTestApp({
    configuration: { adminPassword: password, host: '0.0.0.0' },
    dependencies: { now: () => nowMs },
  });
});
afterAll(() => api.close());

const login = (candidate: string, remoteAddress = '10.0.0.1') =>
  api.app.inject({ method: 'POST', url: '/api/login', payload: { password: candidate }, remoteAddress });

async function sessionCookie(): Promise<string> {
  const response = await login(password, '10.9.9.9');
  return `sophy_session=${response.cookies[0]?.value}`;
}

/** Every operation of the OpenAPI document with some id in its path. */
function operations(): { method: HTTPMethods; url: string }[] {
  return Object.entries(api.app.swagger().paths ?? {}).flatMap(([path, methods]) =>
    Object.keys(methods ?? {}).map((method) => ({
      method: method.toUpperCase(),
      url: path.replaceAll(/\{\w+\}/g, '0b9ffdd4-1d0f-4a3b-8b19-3b2f0a4f6a11'),
    })),
  );
}

const publicOperations = [
  'GET /api/config',
  'GET /api/health',
  'GET /livez',
  'GET /metrics',
  'GET /readyz',
  'POST /api/livekit/token',
  'POST /api/livekit/webhook',
  'POST /api/login',
  'POST /api/logout',
  'POST /api/token',
];

describe('with an admin password', () => {
  test('every route but the listed ones asks for a session', async () => {
    const open: string[] = [];
    for (const { method, url } of operations()) {
      const response = await api.app.inject({ method, url });
      if (!response.body.includes('Log in first')) open.push(`${method} ${url}`);
    }
    expect(open.sort()).toEqual(publicOperations);
  });

  test('documentation asks for a session too', async () => {
    expect((await api.app.inject('/api/openapi.json')).statusCode).toBe(401);
    expect((await api.app.inject('/api/docs/')).statusCode).toBe(401);
  });

  test('the right password opens, the cookie is out of reach of scripts and other sites', async () => {
    const response = await login(password);
    expect(response.statusCode).toBe(200);
    expect(response.headers['set-cookie']).toMatch(
      /^sophy_session=[^;]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    const cookie = await sessionCookie();
    expect((await api.app.inject({ url: '/api/settings', headers: { cookie } })).statusCode).toBe(200);
    const config = (await api.app.inject({ url: '/api/config', headers: { cookie } })).json();
    expect(config).toMatchObject({ login_required: true, logged_in: true });
    expect((await api.app.inject('/api/config')).json()).toMatchObject({ logged_in: false });
  });

  test('a session ends after 12 hours and cannot be prolonged by its holder', async () => {
    const cookie = await sessionCookie();
    const [value = '', signature = ''] = decodeURIComponent(cookie.slice(cookie.indexOf('=') + 1)).split('.');
    const forged = `sophy_session=${encodeURIComponent(`${Number(value) + 1_000}.${signature}`)}`;
    expect((await api.app.inject({ url: '/api/settings', headers: { cookie: forged } })).statusCode).toBe(
      401,
    );
    nowMs += 12 * 60 * 60 * 1_000;
    expect((await api.app.inject({ url: '/api/settings', headers: { cookie } })).statusCode).toBe(401);
  });

  test('a session of another password opens nothing', async () => {
    const other = await createTestApp({ configuration: { adminPassword: 'another password' } });
    const cookie = await sessionCookie();
    const response = await other.app.inject({ url: '/api/settings', headers: { cookie } });
    expect(response.statusCode).toBe(401);
    await other.close();
  });

  test('logging out takes the cookie away', async () => {
    const response = await api.app.inject({ method: 'POST', url: '/api/logout' });
    expect(response.headers['set-cookie']).toMatch(/^sophy_session=; .*Expires=Thu, 01 Jan 1970/);
  });

  test('ten wrong passwords close the door for this address only, also to the right one', async () => {
    for (let count = 0; count < 10; count += 1)
      expect((await login('wrong', '10.0.0.7')).statusCode).toBe(401);
    const refused = await login(password, '10.0.0.7');
    expect(refused.statusCode).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBe(1_800);
    expect((await login(password, '10.0.0.8')).statusCode).toBe(200);
    nowMs += 30 * 60 * 1_000;
    expect((await login(password, '10.0.0.7')).statusCode).toBe(200);
  });

  test('an address that asks without end is told to wait', async () => {
    const statuses = new Set<number>();
    for (let count = 0; count < 245; count += 1) {
      const payload = { room_name: '', participant_name: '' };
      const response = await api.app.inject({
        method: 'POST',
        url: '/api/token',
        payload,
        remoteAddress: '10.0.0.9',
      });
      statuses.add(response.statusCode);
    }
    expect(statuses).toEqual(new Set([422, 429]));
  });
});

describe('without a password', () => {
  test('foreign pages change nothing, foreign host names read nothing', async () => {
    const local = await createTestApp();
    const headers = { origin: 'https://evil.example', host: 'localhost:8080' };
    const change = { method: 'PUT', url: '/api/settings/tts_speed', payload: { value: 1.5 } } as const;
    expect((await local.app.inject({ ...change, headers })).statusCode).toBe(403);
    const siteOnly = { 'sec-fetch-site': 'cross-site', host: 'localhost:8080' };
    expect((await local.app.inject({ ...change, headers: siteOnly })).statusCode).toBe(403);
    const rebound = { host: 'evil.example:8080' };
    expect((await local.app.inject({ url: '/api/settings', headers: rebound })).statusCode).toBe(403);
    expect(await local.database.kysely.selectFrom('settings').selectAll().execute()).toEqual([]);
    const own = { origin: 'http://localhost:8080', host: 'localhost:8080', 'sec-fetch-site': 'same-origin' };
    expect((await local.app.inject({ ...change, headers: own })).statusCode).toBe(200);
    await local.close();
  });

  test('login says ok, so that clients need not know', async () => {
    const local = await createTestApp();
    const response = await local.app.inject({
      method: 'POST',
      url: '/api/login',
      payload: { password: 'x' },
    });
    expect(response.statusCode).toBe(200);
    await local.close();
  });
});

describe('headers', () => {
  test('a page may reach LiveKit and its own server, nothing else, and use the microphone', async () => {
    const { headers } = await api.app.inject('/livez');
    const policy = String(headers['content-security-policy']);
    const { host } = new URL(testConfiguration.livekit.url);
    expect(policy).toContain(`connect-src 'self' ws://${host} http://${host};`);
    expect(policy).toContain("default-src 'self';script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers['permissions-policy']).toContain('microphone=(self)');
  });

  test('a host name in the request cannot write into the policy', async () => {
    const { headers } = await api.app.inject({
      url: '/livez',
      headers: { host: "x; script-src 'unsafe-inline'" },
    });
    expect(String(headers['content-security-policy'])).not.toContain("script-src 'unsafe-inline'");
  });
});

test('a route that does not say who may call it stops the app at boot', async () => {
  const loggerInstance = createLogger({ service: 'api', level: 'silent' });
  const app: App = fastify({ loggerInstance }).withTypeProvider<ZodTypeProvider>();
  installRoutePolicy(app, () => true);
  app.get('/forgotten', async () => 'open');
  await expect(app.ready()).rejects.toThrow('/forgotten');
});
