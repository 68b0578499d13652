/** The whole app over a database of its own and a LiveKit that does what the test says. */
import { settingsSchema } from '@sophy/contracts/settings';
import { priceBook } from '@sophy/conversation/cost/price-book';
import { type Database, openDatabase } from '@sophy/db/database';
import { Engines } from '@sophy/providers/engines';
import { noEndpoints } from '@sophy/providers/no-endpoints.test-support';
import { createLogger } from '@sophy/telemetry/logger';
import { createApiMetrics, createRegistry } from '@sophy/telemetry/metrics';
import { createTestDatabase } from '@sophy/testkit/postgres';
import { createApp } from '../src/app.ts';
import type { AppDependencies } from '../src/app-dependencies.ts';
import type { ApiConfiguration } from '../src/configuration.ts';
import type { App } from '../src/http/app-type.ts';
import { HttpProblem } from '../src/http/http-problem.ts';
import { createLivekitGateway, type RoomParticipant } from '../src/livekit/livekit-gateway.ts';

export const testConfiguration: ApiConfiguration = {
  host: '127.0.0.1',
  port: 0,
  httpsPort: 0,
  publicUrl: undefined,
  trustedProxies: undefined,
  adminPassword: undefined,
  livekit: {
    url: 'ws://127.0.0.1:9',
    publicUrl: undefined,
    apiKey: 'testkey',
    apiSecret: 'a-secret-of-more-than-thirty-two-characters',
  },
  agentDispatchName: 'sophy',
  endpoints: noEndpoints,
  prices: priceBook().prices,
  certificate: undefined,
  webFolder: '/nowhere',
  version: '0.0.0-test',
};

export type ScriptedLivekit = {
  readonly participants: Map<string, RoomParticipant[]>;
  isDown: boolean;
};

export type TestApp = {
  readonly app: App;
  readonly database: Database;
  readonly databaseUrl: string;
  readonly livekit: ScriptedLivekit;
  /** Rooms that webhooks told of. */
  readonly hints: string[];
  close(): Promise<void>;
};

export type TestAppOptions = {
  readonly configuration?: Partial<ApiConfiguration>;
  readonly dependencies?: Partial<AppDependencies>;
  /** Address that the app connects to, made of the one of the test database. */
  readonly rewriteUrl?: (url: string) => string;
};

export async function createTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const testDatabase = await createTestDatabase();
  const database = openDatabase({
    url: options.rewriteUrl?.(testDatabase.url) ?? testDatabase.url,
    onConnectionLost: () => undefined,
  });
  const configuration = { ...testConfiguration, ...options.configuration };
  const livekit: ScriptedLivekit = { participants: new Map(), isDown: false };
  const hints: string[] = [];
  const registry = createRegistry('api');
  const { roomOfWebhook } = createLivekitGateway(configuration.livekit);
  const throwWhenDown = () => {
    if (livekit.isDown) throw new HttpProblem(503, 'LiveKit cannot be reached.');
  };
  const engines = new Engines({ endpoints: configuration.endpoints });
  const app = await createApp({
    configuration,
    engines,
    logger: createLogger({ service: 'api', level: 'silent' }),
    database,
    redis: undefined,
    secretsKey: Buffer.alloc(32, 1),
    baseSettings: settingsSchema.parse({}),
    livekit: {
      async listParticipants(roomName) {
        throwWhenDown();
        return livekit.participants.get(roomName) ?? [];
      },
      ping: async () => throwWhenDown(),
      async countSipTrunks() {
        throwWhenDown();
        return 0;
      },
      roomOfWebhook,
    },
    registry,
    metrics: createApiMetrics(registry),
    onRoomHint: (roomName) => hints.push(roomName),
    now: Date.now,
    ...options.dependencies,
  });
  return {
    app,
    database,
    databaseUrl: testDatabase.url,
    livekit,
    hints,
    async close() {
      await app.close();
      await database.close();
      await testDatabase.drop();
    },
  };
}
