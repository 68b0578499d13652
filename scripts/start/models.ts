/** The local models that this start needs, fetched once. */
import type { LaunchContext } from './launch.ts';
import type { Stage } from './launch-plan.ts';
import type { ReportDetail } from './progress.ts';

export async function fetchNeededModels(
  context: LaunchContext,
  stages: readonly Stage[],
  report: ReportDetail,
): Promise<void> {
  void context;
  void stages;
  void report;
}
