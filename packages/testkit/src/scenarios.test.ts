/** Every scenario, through the pure policy. */
import { describe, expect, it } from 'vitest';
import { loadScenarios } from './scenario/load-scenarios.ts';
import { playInPolicy } from './scenario/play-scenarios.ts';
import { runInPolicy } from './scenario/run-in-policy.ts';

const scenarios = loadScenarios();
const seed = 1;

describe('scenarios through the pure policy', () => {
  it.each(scenarios.map((scenario) => [scenario.file, scenario.title, scenario] as const))(
    '%s: %s',
    (_file, _title, scenario) => {
      const problems = playInPolicy(scenario, { seed });
      if (scenario.notYet === undefined) expect(problems).toEqual([]);
      else expect(problems, 'it is met now: take "not_yet" away').not.toEqual([]);
    },
  );
});

it('the same seed gives the same log, byte for byte, and another seed another', { timeout: 60_000 }, () => {
  const logOf = (of: number) =>
    scenarios
      .flatMap((scenario) =>
        scenario.recognition.flatMap((recognition) => runInPolicy(scenario, { recognition, seed: of }).log),
      )
      .join('\n');
  const log = logOf(seed);
  expect(logOf(seed) === log).toBe(true);
  expect(logOf(seed + 1) === log).toBe(false);
});
