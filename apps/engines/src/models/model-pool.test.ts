import { describe, expect, it } from 'vitest';
import { MemoryBudget } from './memory-budget.ts';
import { ModelPool, type PoolItem } from './model-pool.ts';

const never = new AbortController().signal;

function pool(limitBytes = 1_000) {
  const events: string[] = [];
  const gates = new Map<string, PromiseWithResolvers<void>>();
  const budget = new MemoryBudget({ limitBytes, baseBytes: 0, residentBytes: () => 0 });
  const models = new ModelPool<PoolItem, string>(budget, async ({ key }) => {
    events.push(`load ${key}`);
    await gates.get(key)?.promise;
    return {
      engine: `engine ${key}`,
      close: async () => {
        events.push(`close ${key}`);
      },
    };
  });
  return { models, events, gates, budget };
}

function item(key: string, bytes = 600): PoolItem {
  return { key, title: key, bytes };
}

describe('ModelPool', () => {
  it('loads once for all who ask at the same time', async () => {
    const { models, events } = pool();
    const leases = await Promise.all([models.use(item('a'), never), models.use(item('a'), never)]);
    expect(leases.map(({ engine }) => engine)).toEqual(['engine a', 'engine a']);
    expect(events).toEqual(['load a']);
  });

  it('unloads an idle model for the next, and loads it again when it is wanted', async () => {
    const { models, events } = pool();
    (await models.use(item('a'), never)).release();
    (await models.use(item('b'), never)).release();
    (await models.use(item('a'), never)).release();
    expect(events).toEqual(['load a', 'close a', 'load b', 'close b', 'load a']);
    expect(models.loadedKeys).toEqual(['a']);
  });

  it('keeps a model as long as anybody uses it', async () => {
    const { models, events } = pool();
    const [one, other] = [await models.use(item('a'), never), await models.use(item('a'), never)];
    const next = models.use(item('b'), never);
    one.release();
    // Giving back twice must not count for the other user.
    one.release();
    expect(models.isInUse('a')).toBe(true);
    expect(events).toEqual(['load a']);
    other.release();
    await next;
    expect(events).toEqual(['load a', 'close a', 'load b']);
  });

  it('tries again after a failure, without keeping room for it', async () => {
    let attempts = 0;
    const budget = new MemoryBudget({ limitBytes: 1_000, baseBytes: 0, residentBytes: () => 0 });
    const models = new ModelPool<PoolItem, string>(budget, async () => {
      attempts += 1;
      if (attempts === 1) throw new Error('damaged');
      return { engine: 'engine', close: () => Promise.resolve() };
    });
    await expect(models.use(item('a'), never)).rejects.toThrow('damaged');
    expect(budget.modelBytes).toBe(0);
    expect((await models.use(item('a'), never)).engine).toBe('engine');
  });

  it('goes on loading for the next when the one who asked has gone', async () => {
    const { models, events, gates } = pool();
    gates.set('a', Promise.withResolvers());
    const leaving = new AbortController();
    const first = models.use(item('a'), leaving.signal);
    leaving.abort(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    const second = models.use(item('a'), never);
    gates.get('a')?.resolve();
    expect((await second).engine).toBe('engine a');
    expect(events).toEqual(['load a']);
  });

  it('closes what is loaded', async () => {
    const { models, events } = pool();
    await models.use(item('a'), never);
    await models.close();
    expect(events).toEqual(['load a', 'close a']);
  });
});
