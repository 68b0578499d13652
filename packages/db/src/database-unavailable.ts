/** Tells "the database cannot be reached now" from every other failure of a query. */

const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ENOENT',
]);

/** Postgres: shutting down, starting up, out of connections, read only after a failover. */
const serverCodes = new Set(['57P01', '57P02', '57P03', '53300', '25006']);

/** What `pg` says without a code. */
const driverMessages = [
  'timeout exceeded when trying to connect',
  'Connection terminated',
  'Query read timeout',
  'Client has encountered a connection error',
  'Client was closed and is not queryable',
];

/** True where a later try of the same query may succeed because the server, not the query, was at fault. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isDatabaseUnavailable);
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code !== undefined && (networkCodes.has(code) || serverCodes.has(code) || code.startsWith('08'))) {
    return true;
  }
  return driverMessages.some((message) => error.message.includes(message));
}
