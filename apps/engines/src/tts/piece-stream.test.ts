import { expect, it } from 'vitest';
import { PieceStream } from './piece-stream.ts';

it('hands on what comes before and while it is read, then ends', async () => {
  const stream = new PieceStream<number>();
  stream.push(1);
  const pieces: number[] = [];
  const read = (async () => {
    for await (const piece of stream) pieces.push(piece);
  })();
  await Promise.resolve();
  stream.push(2);
  stream.end();
  await read;
  expect(pieces).toEqual([1, 2]);
});

it('hands on the pieces before an error', async () => {
  const stream = new PieceStream<number>();
  stream.push(1);
  stream.fail(new Error('broken'));
  const reader = stream[Symbol.asyncIterator]();
  expect(await reader.next()).toEqual({ done: false, value: 1 });
  await expect(reader.next()).rejects.toThrow('broken');
});
