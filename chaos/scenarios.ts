/** The scenarios by name, each on a fleet of its own that ends with its ledger. */
import { join } from 'node:path';
import { createFakeClock } from './fake-clock.ts';
import type { FleetOptions } from './fleet.ts';
import { playBurst } from './scenarios/burst.ts';
import { playClockJumps } from './scenarios/clock-jump.ts';
import { playDispatchLoss } from './scenarios/dispatch-loss.ts';
import { playFrozenWorker } from './scenarios/frozen-worker.ts';
import { planKills, playKills } from './scenarios/kills.ts';
import { playLivekitRestart } from './scenarios/livekit-restart.ts';
import { playPostgresStops } from './scenarios/postgres-stop.ts';
import { playRollingRestart } from './scenarios/rolling-restart.ts';
import type { Stage } from './stage.ts';

export type ScenarioContext = {
  readonly kills: number;
  readonly calls: number;
  /** For files of the scenario's own. */
  readonly folder: string;
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

/** Opens the pool, plays, and closes with the ledger whatever happened. */
async function onStage(
  { open, calls }: ScenarioContext,
  talking: number,
  play: (stage: Stage) => Promise<void>,
  fleet = pool(calls),
): Promise<void> {
  const stage = await open(fleet);
  try {
    await stage.openCalls(talking);
    await play(stage);
  } finally {
    await stage.close();
  }
}

const burstWorkers = 2;

export const scenarios: readonly Scenario[] = [
  {
    name: 'kills',
    about: 'kill -9 of jobs, worker parents, worker trees, API replicas, supervisors mid-transaction.',
    play: (context) =>
      onStage(context, context.calls, (stage) =>
        playKills(stage, planKills(context.kills, stage.random.branch('plan'))),
      ),
  },
  {
    name: 'postgres-stop',
    about:
      'Postgres stopped at once (immediate) while people talk, 45 s away the first time, 2 to 8 s later.',
    play: (context) =>
      onStage(context, context.calls, (stage) => {
        const stops = Math.max(2, Math.round(context.kills / 20));
        const short = Array.from({ length: stops - 1 }, () => stage.random.whole(2, 8) * 1_000);
        return playPostgresStops(stage, [45_000, ...short]);
      }),
  },
  {
    name: 'frozen-worker',
    about: 'kill -STOP of a worker and everything under it for 30 s, then -CONT.',
    play: (context) =>
      onStage(context, context.calls, (stage) =>
        playFrozenWorker(stage, Math.max(1, Math.round(context.kills / 40))),
      ),
  },
  {
    name: 'livekit-restart',
    about: 'kill -9 of livekit-server, started again, empty, after 10 s.',
    play: (context) => onStage(context, context.calls, (stage) => playLivekitRestart(stage)),
  },
  {
    name: 'dispatch-loss',
    about: 'rooms opened one after the other while a gate loses 30 % of the dispatches and answers 200.',
    play: (context) =>
      onStage(context, 0, (stage) => playDispatchLoss(stage, context.calls * 2), pool(context.calls * 2)),
  },
  {
    name: 'burst',
    about: 'six rooms a call, all at once, on a fixed pool with two slots a call.',
    play: (context) =>
      onStage(context, 0, (stage) => playBurst(stage, context.calls * 6, burstWorkers * context.calls), {
        apis: 2,
        workers: burstWorkers,
        slotsPerWorker: context.calls,
      }),
  },
  {
    name: 'clock-jump',
    about: 'the wall clock of one of three workers and one of two API replicas jumps by ±50 s and ±2 h.',
    async play(context) {
      const clock = await createFakeClock(join(context.folder, 'clock'));
      await onStage(
        context,
        context.calls,
        (stage) => playClockJumps(stage, clock, [50, -50, 7_200, -7_200]),
        { ...pool(context.calls), firstEnv: clock.env },
      );
    },
  },
  {
    name: 'rolling-restart',
    about:
      'SIGTERM to one worker of three after the other while half as many calls again talk and others come.',
    play: (context) => {
      const calls = Math.ceil(context.calls * 1.5);
      return onStage(context, calls, (stage) => playRollingRestart(stage), {
        ...pool(calls + 3),
        env: { WORKER_DRAIN_SECONDS: '20' },
      });
    },
  },
];
