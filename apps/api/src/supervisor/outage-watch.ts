/** Tells when a part that the supervisor leans on goes away and comes back: one log line for each change. */
import type { Logger } from '@sophy/telemetry/logger';

export type OutageWatch = {
  /** The part did not answer. */
  failed(error: unknown): void;
  /** The part answered. */
  answered(): void;
};

/** @param onChange Told with every answer and every failure, e.g. to keep a gauge. */
export function createOutageWatch(
  part: string,
  logger: Logger,
  onChange: (isThere: boolean) => void,
): OutageWatch {
  let isAway = false;
  return {
    failed(error) {
      onChange(false);
      if (!isAway) logger.warn({ part, error }, 'supervisor lost a part and keeps trying');
      isAway = true;
    },
    answered() {
      onChange(true);
      if (isAway) logger.info({ part }, 'supervisor has the part again');
      isAway = false;
    },
  };
}
