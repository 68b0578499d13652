import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ChildProgram, startChildProgram } from '@sophy/testkit/child-program';
import { createTestDatabase, type TestDatabase } from '@sophy/testkit/postgres';
import { testEnvironment } from '@sophy/testkit/test-environment';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';

let folder: string;
let testDatabase: TestDatabase;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sophy-api-'));
  testDatabase = await createTestDatabase();
});
afterEach(async () => {
  await testDatabase.drop();
  rmSync(folder, { recursive: true });
});

function startApi(environment: Readonly<Record<string, string>>): ChildProgram {
  return startChildProgram({
    name: 'api',
    command: process.execPath,
    arguments: [fileURLToPath(new URL('main.ts', import.meta.url))],
    env: {
      ...testEnvironment.childBase,
      SOPHY_DATA_DIR: folder,
      WEB_PORT: '0',
      HTTPS_PORT: '0',
      ...environment,
    },
    ipc: true,
  });
}

function goodEnvironment(): Record<string, string> {
  return {
    DATABASE_URL: testDatabase.url,
    LIVEKIT_URL: 'ws://127.0.0.1:9',
    LIVEKIT_API_KEY: 'testkey',
    LIVEKIT_API_SECRET: 'a-secret-of-more-than-thirty-two-characters',
  };
}

describe('the API as a process', () => {
  test('says that it is ready, answers, and ends in order on SIGTERM', async () => {
    const api = startApi(goodEnvironment());
    const { port } = z.object({ port: z.number().positive() }).parse(await api.ready(20_000));
    const health = await fetch(`http://127.0.0.1:${port}/api/health`);
    expect(await health.json()).toMatchObject({ status: 'ok' });
    expect(await api.stop(5_000)).toEqual({ code: 0, killed: false });
    await expect(fetch(`http://127.0.0.1:${port}/livez`)).rejects.toThrow();
  });

  test('prints everything that is wrong with the environment at once and exits with 78', async () => {
    const api = startApi({ WEB_PORT: 'http', HOST: '0.0.0.0', LOG_LEVEL: 'loud' });
    await vi.waitFor(() => expect(api.log()).toContain('LOG_LEVEL'), { timeout: 10_000 });
    expect((await api.stop()).code).toBe(78);
    expect(api.log()).toMatch(/^WEB_PORT: /m);
  });

  test('what an API on its own needs is named', async () => {
    const api = startApi({});
    await vi.waitFor(() => expect(api.log()).toContain('LIVEKIT_URL: '), { timeout: 10_000 });
    expect((await api.stop()).code).toBe(78);
    expect(api.log()).toContain('DATABASE_URL: ');
  });

  test('a port in use is one sentence', async () => {
    const first = startApi(goodEnvironment());
    const { port } = z.object({ port: z.number() }).parse(await first.ready(20_000));
    const second = startApi({ ...goodEnvironment(), WEB_PORT: String(port) });
    await vi.waitFor(() => expect(second.log()).toContain(`WEB_PORT: ${port}`), { timeout: 20_000 });
    expect((await second.stop()).code).toBe(1);
    await first.stop();
  });
});
