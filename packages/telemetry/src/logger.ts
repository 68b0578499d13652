/** The log: JSON lines, static messages with fields, content and secrets only under redacted keys. */
import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** Keys that never reach the log, at the top level or one level down. Speech, prompts and text go only under `content`. */
const redactedKeys = [
  'content',
  'text',
  'prompt',
  'transcript',
  'password',
  'token',
  'apiKey',
  'api_key',
  'secret',
  'authorization',
  'cookie',
];

export type LoggerOptions = {
  /** Process name, e.g. `api`. */
  readonly service: string;
  readonly level: string;
};

export function createLogger(options: LoggerOptions): Logger {
  return pino({
    name: options.service,
    level: options.level,
    redact: { paths: redactedKeys.flatMap((key) => [key, `*.${key}`]), censor: '[redacted]' },
    formatters: { level: (label) => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { error: pino.stdSerializers.err, err: pino.stdSerializers.err },
  });
}
