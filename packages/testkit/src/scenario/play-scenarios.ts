/** Plays scenarios through the policy, both kinds of recognition, and says what was not as expected. */
import type { decide } from '@sophy/conversation/turn-policy';
import { type CheckOptions, checkScenario } from './check-scenario.ts';
import { runInPolicy } from './run-in-policy.ts';
import type { Scenario } from './scenario.ts';

export type PlayOptions = CheckOptions & {
  readonly seed: number;
  readonly decide?: typeof decide;
};

/** One line for each thing that is wrong; empty: a well-mannered agent. */
export function playInPolicy(scenario: Scenario, options: PlayOptions): readonly string[] {
  const { seed, decide: policy } = options;
  return scenario.recognition.flatMap((recognition) => {
    const run = runInPolicy(scenario, {
      recognition,
      seed,
      ...(policy === undefined ? {} : { decide: policy }),
    });
    const broken = run.broken.map((what) => `${scenario.file}: ${what}`);
    return [...checkScenario(scenario, run.record, options), ...broken].map(
      (line) => `${line} [${recognition}]`,
    );
  });
}
