import { expect, test } from 'vitest';
import { createRoomQueue } from './room-queue.ts';

/** Work that ends when the test says so. */
function controlledWork() {
  const started: string[] = [];
  const underway = new Map<string, () => void>();
  const work = (roomName: string) => {
    started.push(roomName);
    const { promise, resolve } = Promise.withResolvers<void>();
    underway.set(roomName, resolve);
    return promise;
  };
  const finish = async (roomName: string) => {
    underway.get(roomName)?.();
    // Lets the queue go on.
    await new Promise((next) => setImmediate(next));
  };
  return { started, work, finish };
}

test('hints for a room being looked at lead to one more look, however many they are', async () => {
  const { started, work, finish } = controlledWork();
  const queue = createRoomQueue(4, work);
  for (let hint = 0; hint < 5; hint += 1) queue.add('kitchen');
  expect(started).toEqual(['kitchen']);
  await finish('kitchen');
  expect(started).toEqual(['kitchen', 'kitchen']);
  await finish('kitchen');
  expect(started).toEqual(['kitchen', 'kitchen']);
});

test('no more rooms at once than allowed, and a busy room does not hold up the others', async () => {
  const { started, work, finish } = controlledWork();
  const queue = createRoomQueue(2, work);
  for (const room of ['a', 'b', 'a', 'c']) queue.add(room);
  expect(started).toEqual(['a', 'b']);
  await finish('b');
  expect(started).toEqual(['a', 'b', 'c']);
  await finish('a');
  expect(started).toEqual(['a', 'b', 'c', 'a']);
});

test('idle waits for what was added while other work was under way', async () => {
  const { work, finish } = controlledWork();
  const queue = createRoomQueue(1, work);
  queue.add('a');
  queue.add('b');
  let isIdle = false;
  const idle = queue.idle().then(() => {
    isIdle = true;
  });
  await finish('a');
  expect(isIdle).toBe(false);
  await finish('b');
  await idle;
  expect(isIdle).toBe(true);
});
