import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sseData } from './sse-data.ts';

async function dataOf(chunks: readonly Uint8Array[]): Promise<string[]> {
  const all: string[] = [];
  const stream = (async function* () {
    yield* chunks;
  })();
  for await (const data of sseData(stream)) all.push(data);
  return all;
}

/** Splits bytes at sorted positions. */
function split(bytes: Uint8Array, positions: readonly number[]): Uint8Array[] {
  const cuts = [0, ...[...positions].map((p) => p % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return cuts.slice(1).map((end, index) => bytes.subarray(cuts[index], end));
}

describe('sseData', () => {
  it('gives the same data wherever the bytes are split and whatever ends the lines', async () => {
    const line = fc
      .string({ unit: 'grapheme', maxLength: 20 })
      .map((text) => text.replace(/[\r\n\0]/g, '') || 'x');
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 6 }),
        fc.constantFrom('\n', '\r\n'),
        fc.array(fc.nat(), { maxLength: 12 }),
        async (events, end, positions) => {
          const text = events
            .map((data) => `: comment${end}event: x${end}data: ${data}${end}${end}`)
            .join('');
          expect(await dataOf(split(Buffer.from(text), positions))).toEqual(events);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('counts a last event whose blank line never came', async () => {
    expect(await dataOf([Buffer.from('data: one\n\ndata: [DONE]')])).toEqual(['one', '[DONE]']);
  });

  it('joins several data lines of one event', async () => {
    expect(await dataOf([Buffer.from('data: {"a":\ndata: 1}\n\n')])).toEqual(['{"a":\n1}']);
  });

  it('refuses an event without an end', async () => {
    await expect(dataOf([Buffer.from(`data: ${'x'.repeat(1_100_000)}`), Buffer.from('x')])).rejects.toThrow(
      RangeError,
    );
  });
});
