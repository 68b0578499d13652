/** One thing that is checked, and what came of it. */

export type TaskOutcome = {
  readonly passed: number;
  readonly failed: number;
  /** What a person needs to see when something failed; empty when all is well. */
  readonly details: string;
};

export type CheckTask = {
  /** Shown in the table, e.g. `types`. */
  readonly name: string;
  run(): Promise<TaskOutcome>;
};

export type TaskReport = TaskOutcome & { readonly name: string; readonly durationMs: number };

/** Runs the tasks, at most `atOnce` at a time, and returns their reports in the given order. Never throws: a task that does counts as failed. */
export async function runTasks(
  tasks: readonly CheckTask[],
  atOnce: number,
  onEnd: (report: TaskReport) => void,
): Promise<readonly TaskReport[]> {
  const reports = new Map<CheckTask, TaskReport>();
  const waiting = [...tasks];
  const runOne = async (): Promise<void> => {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
      const report = await runTask(task);
      reports.set(task, report);
      onEnd(report);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, runOne));
  return tasks.flatMap((task) => reports.get(task) ?? []);
}

async function runTask(task: CheckTask): Promise<TaskReport> {
  const startedAtMs = performance.now();
  let outcome: TaskOutcome;
  try {
    outcome = await task.run();
  } catch (error) {
    const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
    outcome = { passed: 0, failed: 1, details };
  }
  return { ...outcome, name: task.name, durationMs: performance.now() - startedAtMs };
}
