/** The local engines: one process for the machine, shared by all rooms. */
import { createLogger } from '@sophy/telemetry/logger';
import { createRegistry } from '@sophy/telemetry/metrics';
import { readConfiguration } from './configuration.ts';
import { openEngines } from './engines.ts';
import { createStageTimes } from './engines-metrics.ts';
import { buildServer } from './http/server.ts';

const configuration = readConfiguration();
const logger = createLogger({ service: 'engines', level: configuration.logLevel });

const registry = createRegistry('engines');
const engines = openEngines(configuration, logger, createStageTimes(registry));
const app = await buildServer(engines, registry, logger);

let isClosing = false;
/** Requests first, then the threads and models that serve them. */
async function close(reason: string): Promise<void> {
  if (isClosing) return;
  isClosing = true;
  logger.info({ reason }, 'stopping');
  await app.close();
  await engines.close();
  process.exit(0);
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void close(signal));
process.once('disconnect', () => void close('parent gone'));
// The parent may have gone while the modules above were loaded, before anybody listened.
if (process.send !== undefined && !process.connected) void close('parent gone');

const { host } = configuration;
try {
  await app.listen({ host, port: configuration.port });
} catch (error) {
  // A stop that came while the socket was being opened.
  if (!isClosing) {
    logger.fatal({ error, host, port: configuration.port }, 'cannot listen: set another ENGINES_PORT');
    process.exit(1);
  }
}
const address = app.server.address();
const port = typeof address === 'object' && address !== null ? address.port : configuration.port;
if (!isClosing) logger.info({ host, port }, 'listening');
await engines.settled;
if (!isClosing) {
  logger.info({ port, isReady: engines.readiness().ready }, 'ready');
  process.send?.({ type: 'ready', port });
}
