/** The only place where tests and benches read `process.env`. */

const given = process.env;

export const testEnvironment = {
  /** livekit-server program; unset: PATH, then what `npm start` has fetched. */
  livekitServerBin: given['LIVEKIT_SERVER_BIN'],
  chromiumBin: given['CHROMIUM_BIN'],
  /** Unset: redis-server on PATH. */
  redisServerBin: given['REDIS_SERVER_BIN'] ?? 'redis-server',
  path: given['PATH'] ?? '',
  /** A voice that runs already, up to /v1; unset: the local engines are started when a clip is missing. */
  speechUrl: given['SOPHY_SPEECH_URL'],
  /** Folder for screenshots of the pages; unset: none are written. */
  screenshotDirectory: given['SOPHY_SCREENSHOTS'],
  /** Log level of the started product. */
  logLevel: given['LOG_LEVEL'] ?? 'info',
  /** What a child program needs of the machine, and none of the operator's own configuration. */
  childBase: { PATH: given['PATH'], HOME: given['HOME'], LANG: given['LANG'], TMPDIR: given['TMPDIR'] },
} as const;
