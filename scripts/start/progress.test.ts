import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Progress } from './progress.ts';

let written = '';
const output = (isTerminal: boolean) => ({
  isTerminal,
  write: (text: string) => {
    written += text;
  },
});
beforeEach(() => {
  written = '';
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const seconds = (count: number) => async (): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, count * 1000));

describe('progress', () => {
  test('what is quick is not shown', async () => {
    const step = new Progress(output(false)).step('Quick', seconds(0.5));
    await vi.advanceTimersByTimeAsync(600);
    await step;
    expect(written).toBe('');
  });

  test('what takes longer is shown at its start and its end in a file', async () => {
    const step = new Progress(output(false)).step('Building', seconds(3));
    await vi.advanceTimersByTimeAsync(3000);
    await step;
    expect(written).toBe('Building …\nBuilding: done in 3.0 s\n');
  });

  test('how far it is comes every ten seconds in a file', async () => {
    const step = new Progress(output(false)).step('Fetching', async (report) => {
      report('46 of 108 MB');
      await seconds(12)();
    });
    await vi.advanceTimersByTimeAsync(12_000);
    await step;
    expect(written).toBe('Fetching …\nFetching: 46 of 108 MB\nFetching: done in 12.0 s\n');
  });

  test('a terminal has one line that moves, and other lines stand above it', async () => {
    const progress = new Progress(output(true));
    const step = progress.step('Fetching', async (report) => {
      report('1 of 2 MB');
      await seconds(2)();
    });
    await vi.advanceTimersByTimeAsync(1_100);
    progress.say('api is back');
    await vi.advanceTimersByTimeAsync(1_000);
    await step;
    expect(written).toContain('Fetching · 1 of 2 MB · 1.0 s');
    expect(written).toContain('\r\u001b[2Kapi is back\n');
    expect(written.endsWith('\r\u001b[2KFetching: done in 2.0 s\n')).toBe(true);
  });

  test('a step that fails says so and throws on', async () => {
    const step = new Progress(output(false)).step('Building', async () => {
      await seconds(2)();
      throw new Error('broken');
    });
    const outcome = expect(step).rejects.toThrow('broken');
    await vi.advanceTimersByTimeAsync(2_000);
    await outcome;
    expect(written).toBe('Building …\nBuilding: failed after 2.0 s\n');
  });
});
