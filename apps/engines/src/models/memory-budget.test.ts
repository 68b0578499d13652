import { describe, expect, it } from 'vitest';
import { MemoryBudget, type MemoryTenant } from './memory-budget.ts';

const never = new AbortController().signal;

function budgetOf(limitBytes: number, residentBytes = () => 0): MemoryBudget {
  return new MemoryBudget({ limitBytes, baseBytes: 100, residentBytes });
}

type Tenant = MemoryTenant & { isBusy: boolean; isUnloaded: boolean };

async function move(budget: MemoryBudget, title: string, bytes: number): Promise<Tenant> {
  await budget.reserve(title, bytes, never);
  const use = budget.nextUse();
  const tenant: Tenant = {
    title,
    bytes,
    isBusy: false,
    isUnloaded: false,
    isIdle: () => !tenant.isBusy,
    lastUse: () => use,
    unload: async () => {
      tenant.isUnloaded = true;
    },
  };
  budget.settle(bytes, tenant);
  return tenant;
}

describe('MemoryBudget', () => {
  it('lets the least recently used idle model go', async () => {
    const budget = budgetOf(1_000);
    const [first, second] = [await move(budget, 'first', 400), await move(budget, 'second', 400)];
    await move(budget, 'third', 300);
    expect([first.isUnloaded, second.isUnloaded]).toEqual([true, false]);
    expect(budget.modelBytes).toBe(700);
  });

  it('refuses at once what can never fit', async () => {
    await expect(budgetOf(1_000).reserve('huge', 901, never)).rejects.toMatchObject({
      code: 'memory_exceeded',
      status: 503,
    });
  });

  it('waits for a busy model to become idle', async () => {
    const budget = budgetOf(1_000);
    const first = await move(budget, 'first', 800);
    first.isBusy = true;
    const waiting = move(budget, 'second', 800);
    expect(first.isUnloaded).toBe(false);
    first.isBusy = false;
    budget.changed();
    await waiting;
    expect(first.isUnloaded).toBe(true);
  });

  it('forgets who stops waiting', async () => {
    const budget = budgetOf(1_000);
    const first = await move(budget, 'first', 800);
    first.isBusy = true;
    const leaving = new AbortController();
    const waiting = budget.reserve('second', 800, leaving.signal);
    leaving.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    expect(budget.modelBytes).toBe(800);
  });

  it('gives room back when loading failed', async () => {
    const budget = budgetOf(1_000);
    await budget.reserve('broken', 900, never);
    budget.settle(900, undefined);
    expect((await move(budget, 'next', 900)).isUnloaded).toBe(false);
  });

  it('counts what is being loaded, so that two loads at once do not exceed it', async () => {
    const budget = budgetOf(1_000);
    await budget.reserve('one', 600, never);
    let isIn = false;
    const second = budget.reserve('two', 600, never).then(() => {
      isIn = true;
    });
    await Promise.resolve();
    expect(isIn).toBe(false);
    budget.settle(600, undefined);
    await second;
    expect(isIn).toBe(true);
  });

  it('relieves the process when it takes more than it may, and says so, but keeps the last model', async () => {
    let residentBytes = 500;
    const budget = budgetOf(1_000, () => residentBytes);
    await move(budget, 'first', 300);
    await move(budget, 'second', 300);
    expect(await budget.relieve()).toBeUndefined();
    residentBytes = 1_001;
    expect(budget.describe()).toMatchObject({
      is_short: true,
      message: expect.stringContaining('ENGINES_MEMORY_MB'),
    });
    expect(await budget.relieve()).toBe('first');
    expect(await budget.relieve()).toBeUndefined();
  });
});
