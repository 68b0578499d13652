import { describe, expect, it } from 'vitest';
import { EngineError } from './engine-error.ts';
import { PlaceQueue } from './place-queue.ts';

const never = new AbortController().signal;

function queue(places: number, maxWaiting: number): PlaceQueue {
  return new PlaceQueue({ stage: 'stt', places, maxWaiting });
}

describe('PlaceQueue', () => {
  it('admits in order as places are given back', async () => {
    const places = queue(1, 5);
    const order: string[] = [];
    const first = await places.enter(never);
    const others = ['second', 'third'].map(async (name) => {
      const release = await places.enter(never);
      order.push(name);
      release();
    });
    expect(places.waitingCount).toBe(2);
    first();
    await Promise.all(others);
    expect(order).toEqual(['second', 'third']);
    expect(places.takenCount).toBe(0);
  });

  it('tells the one too many when to come back', async () => {
    const places = queue(1, 1);
    await places.enter(never);
    const waiting = new AbortController();
    const second = places.enter(waiting.signal);
    await expect(places.enter(never)).rejects.toMatchObject({
      code: 'overloaded',
      status: 429,
      retryAfterSeconds: 1,
    });
    waiting.abort(new EngineError('invalid_request', 'over'));
    await expect(second).rejects.toThrow('over');
  });

  it('lets a waiting request leave without taking the place of the next', async () => {
    const places = queue(1, 5);
    const release = await places.enter(never);
    const gone = new AbortController();
    const leaving = places.enter(gone.signal);
    const staying = places.enter(never);
    gone.abort(new Error('gone'));
    await expect(leaving).rejects.toThrow('gone');
    expect(places.waitingCount).toBe(1);
    release();
    (await staying)();
    expect(places.takenCount).toBe(0);
  });

  it('counts a place given back twice once', async () => {
    const places = queue(2, 0);
    const release = await places.enter(never);
    await places.enter(never);
    release();
    release();
    expect(places.takenCount).toBe(1);
  });

  it('refuses a request whose client has gone already', async () => {
    const places = queue(1, 1);
    await expect(places.enter(AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect(places.takenCount).toBe(0);
  });
});
