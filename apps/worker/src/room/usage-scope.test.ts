import type { LlmEvent, LlmPort } from '@sophy/conversation/llm-port';
import { expect, test } from 'vitest';
import { UsageScope } from './usage-scope.ts';

const purpose = { turnId: 't1', replyId: 'r1' };
const request = { messages: [], maxTokens: 1 };

/** Says what it was asked for when it ends, as the wrapper of the engines does. */
function scripted(scope: UsageScope, told: unknown[], pieces: number): LlmPort {
  return {
    label: 'scripted',
    async *stream(): AsyncGenerator<LlmEvent> {
      try {
        for (let piece = 0; piece < pieces; piece += 1) {
          await Promise.resolve();
          yield { type: 'text', text: `${piece}` };
        }
      } finally {
        await Promise.resolve();
        told.push(scope.current);
      }
    },
  };
}

test('an answer that is read to its end, or cut, is known to be for its reply', async () => {
  const scope = new UsageScope();
  const told: unknown[] = [];
  const llm = scope.llm(scripted(scope, told, 3), purpose);
  const { signal } = new AbortController();
  const whole: string[] = [];
  for await (const event of llm.stream(request, { signal }))
    if (event.type === 'text') whole.push(event.text);
  for await (const _ of llm.stream(request, { signal })) break;
  expect(whole).toEqual(['0', '1', '2']);
  expect(told).toEqual([purpose, purpose]);
  expect(scope.current).toBeUndefined();
});

test('two replies at the same moment do not take over each other’s requests', async () => {
  const scope = new UsageScope();
  const told: unknown[] = [];
  const { signal } = new AbortController();
  const others = ['r1', 'r2'].map((replyId) => ({ turnId: 't1', replyId }));
  await Promise.all(
    others.map(async (each) => {
      const llm = scope.llm(scripted(scope, told, 5), each);
      for await (const _ of llm.stream(request, { signal }));
    }),
  );
  expect(told).toEqual(others);
});

test('an engine that fails is known to have failed for its reply', async () => {
  const scope = new UsageScope();
  const told: unknown[] = [];
  const failing: LlmPort = {
    label: 'failing',
    // biome-ignore lint/correctness/useYield: it fails before its first piece.
    async *stream() {
      told.push(scope.current);
      throw new Error('no');
    },
  };
  const pieces = scope.llm(failing, purpose).stream(request, { signal: new AbortController().signal });
  await expect(pieces[Symbol.asyncIterator]().next()).rejects.toThrow('no');
  expect(told).toEqual([purpose]);
});
