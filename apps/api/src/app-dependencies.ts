/** What the app is made of; tests give their own. */
import type { Settings } from '@sophy/contracts/settings';
import type { Database } from '@sophy/db/database';
import type { Engines } from '@sophy/providers/engines';
import type { Logger } from '@sophy/telemetry/logger';
import type { ApiMetrics, createRegistry } from '@sophy/telemetry/metrics';
import type { Redis } from 'ioredis';
import type { ApiConfiguration } from './configuration.ts';
import type { LivekitGateway } from './livekit/livekit-gateway.ts';

export type AppDependencies = {
  readonly configuration: ApiConfiguration;
  readonly logger: Logger;
  readonly database: Database;
  /** Shared rate limits; undefined: kept in memory. */
  readonly redis: Redis | undefined;
  readonly secretsKey: Buffer;
  readonly baseSettings: Settings;
  readonly livekit: LivekitGateway;
  readonly engines: Engines;
  readonly registry: ReturnType<typeof createRegistry>;
  readonly metrics: ApiMetrics;
  /** LiveKit said that something happened in this room: look at it soon. */
  readonly onRoomHint: (roomName: string) => void;
  /** Unix time, ms. */
  readonly now: () => number;
};
