/** For commands that run tools to their end: being told to stop ends the tools, and then us. */
import { onParentGone } from '../start/parent-watch.ts';
import { killRunningPrograms } from '../start/run-program.ts';

/** 128 + SIGINT, as shells count. */
const interruptedExitCode = 130;

export function endToolsWithUs(onInterrupt: () => void = () => undefined): void {
  const stop = (): never => {
    onInterrupt();
    killRunningPrograms();
    process.exit(interruptedExitCode);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
  onParentGone(stop);
}
