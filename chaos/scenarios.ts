/** The scenarios by name, each on a fleet of its own that ends with its ledger. */
import type { FleetOptions } from './fleet.ts';
import { planKills, playKills } from './scenarios/kills.ts';
import type { Stage } from './stage.ts';

export type ScenarioContext = {
  readonly kills: number;
  readonly calls: number;
  open(fleet: Omit<FleetOptions, 'random' | 'logFolder'>): Promise<Stage>;
};

export type Scenario = {
  readonly name: string;
  readonly about: string;
  play(context: ScenarioContext): Promise<void>;
};

/** Enough for every call when one of three workers is gone. */
function pool(calls: number): Omit<FleetOptions, 'random' | 'logFolder'> {
  return { apis: 2, workers: 3, slotsPerWorker: Math.ceil(calls / 2) + 1 };
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'kills',
    about: 'kill -9 of jobs, worker parents, worker trees, API replicas, supervisors mid-transaction.',
    async play({ kills, calls, open }) {
      const stage = await open(pool(calls));
      try {
        await stage.openCalls(calls);
        await playKills(stage, planKills(kills, stage.random.branch('plan')));
      } finally {
        await stage.close();
      }
    },
  },
];
