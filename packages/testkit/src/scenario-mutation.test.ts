/** Each rule is needed: where it never decides, a scenario is played otherwise than its author expects. */
import { readdirSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { repositoryRoot } from './repository-root.ts';
import { checkScenario } from './scenario/check-scenario.ts';
import { loadScenarios } from './scenario/load-scenarios.ts';
import { playInPolicy } from './scenario/play-scenarios.ts';
import { runInPolicy } from './scenario/run-in-policy.ts';
import type { Scenario } from './scenario/scenario.ts';

const source = join(repositoryRoot, 'packages/conversation/src');
const seed = 1;
/** Those that the whole policy meets. */
const scenarios = loadScenarios().filter((scenario) => playInPolicy(scenario, { seed }).length === 0);

type Policy = NonNullable<Parameters<typeof runInPolicy>[1]['decide']>;

/** Every file of the two folders is a rule but for the ordered lists and the shapes. */
const ruleFiles = ['rules', 'rules/interruption'].flatMap((folder) =>
  readdirSync(join(source, folder))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .filter((file) => !file.startsWith('judge-') && !/(?:^|-)rule\.ts$/.test(file))
    .map((file) => join(source, folder, file)),
);

type Caught = { readonly rule: string; readonly how: 'deed' | 'name'; readonly file: string };
const table: Caught[] = [];

afterEach(() => vi.resetModules());
afterAll(() => {
  const lines = table.map(({ rule, how, file }) => `${rule.padEnd(40)} ${how}  ${file}`);
  process.stdout.write(`${'rule that never decides'.padEnd(40)} seen in a scenario's\n${lines.join('\n')}\n`);
});

describe('a rule that never decides is noticed by a scenario', () => {
  it.each(ruleFiles.map((file) => [relative(source, file), file] as const))('%s', async (rule, file) => {
    const decide = await policyWithout(file);
    const caught = firstToNotice(likelyFirst(basename(file, '.ts')), decide);
    expect(caught, `no scenario needs ${rule}: write one in scenarios/`).toBeDefined();
    if (caught !== undefined) table.push({ rule, ...caught });
  });
});

/** Scenarios whose expectations name the rule before all others. */
function likelyFirst(rule: string): readonly Scenario[] {
  const names = ({ expectations }: Scenario) =>
    expectations.some(({ place }) => place.source.split(/[^\w-]+/).includes(rule));
  return [...scenarios.filter(names), ...scenarios.filter((scenario) => !names(scenario))];
}

/** The first scenario in which the agent does something else; where there is none, in which a rule is called otherwise. */
function firstToNotice(inOrder: readonly Scenario[], decide: Policy): Omit<Caught, 'rule'> | undefined {
  let byName: string | undefined;
  for (const scenario of inOrder) {
    const { failsByDeed, failsByName } = playWithout(scenario, decide);
    if (failsByDeed) return { how: 'deed', file: scenario.file };
    if (failsByName) byName ??= scenario.file;
  }
  return byName === undefined ? undefined : { how: 'name', file: byName };
}

/** The policy in which the rule of a file passes on every time. */
async function policyWithout(file: string) {
  vi.resetModules();
  const name = basename(file, '.ts').replace(/-(\w)/g, (_match, letter: string) => letter.toUpperCase());
  vi.doMock(file, async (importOriginal) => {
    const original: unknown = await importOriginal();
    expect(original, `${file} exports its rule by its own name`).toHaveProperty(name, expect.any(Function));
    return { ...Object(original), [name]: () => undefined };
  });
  const mutated = await import('@sophy/conversation/turn-policy');
  vi.doUnmock(file);
  return mutated.decide;
}

/** Whether it shows in what the agent does, or only in the name of the rule. A policy that throws shows it too. */
function playWithout(scenario: Scenario, decide: Policy) {
  try {
    const runs = scenario.recognition.map((recognition) =>
      runInPolicy(scenario, { recognition, seed, decide }),
    );
    const fails = (ignoresRules: boolean) =>
      runs.some(
        ({ record, broken }) =>
          broken.length > 0 || checkScenario(scenario, record, { ignoresRules }).length > 0,
      );
    return { failsByDeed: fails(true), failsByName: fails(false) };
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    return { failsByDeed: true, failsByName: true };
  }
}
