/**
 * Test projects: `unit` is pure and fast, `property` tries the same rooms many times more, `integration` starts real
 * servers (Postgres, livekit-server, local engines), `e2e` the whole product with nothing beside it, since its tests
 * watch tenths of seconds. `e2e-tools` and `e2e-engines` wait for what happens, whenever it does: they run side by side.
 */
import { defineConfig } from 'vitest/config';

const tools = ['e2e/{cost,dispatch,tools,typed}.e2e.test.ts'];
const engines = ['e2e/{engine-trouble,redis}.e2e.test.ts', 'chaos/engine-matrix/short.e2e.test.ts'];
const productTests = {
  environment: 'node',
  globalSetup: './packages/testkit/src/postgres-global-setup.ts',
  testTimeout: 90_000,
  hookTimeout: 180_000,
  fileParallelism: false,
} as const;

export default defineConfig({
  test: {
    // Vitest would leave one processor idle: on two, everything took twice as long.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{apps,packages,scripts,bench,chaos}/**/*.test.ts'],
          exclude: ['**/*.{integration,e2e}.test.ts', '**/node_modules/**', '**/dist/**', 'apps/web/**'],
          environment: 'node',
          provide: { propertyRuns: 2_000 },
        },
      },
      {
        test: {
          name: 'property',
          include: ['packages/**/*.property.test.ts'],
          exclude: ['**/node_modules/**'],
          environment: 'node',
          provide: { propertyRuns: 100_000 },
          // It runs beside tests that watch the clock and takes only what they leave.
          setupFiles: './scripts/check/low-priority.ts',
        },
      },
      {
        extends: './apps/web/vite.config.ts',
        root: './apps/web',
        test: { name: 'web', include: ['src/**/*.test.{ts,tsx}'], environment: 'happy-dom' },
      },
      {
        test: {
          name: 'integration',
          include: ['{apps,packages,scripts}/**/*.integration.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          environment: 'node',
          globalSetup: './packages/testkit/src/postgres-global-setup.ts',
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['{e2e,chaos}/**/*.e2e.test.ts'],
          exclude: ['**/node_modules/**', ...tools, ...engines],
          ...productTests,
        },
      },
      { test: { name: 'e2e-tools', include: tools, ...productTests } },
      { test: { name: 'e2e-engines', include: engines, ...productTests } },
    ],
  },
});
