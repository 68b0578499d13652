import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LlmEvent, LlmPort, LlmRequest } from './llm-port.ts';
import { continuingLlm, createRepetitionCutter } from './recover-continuation.ts';

const heard = 'The library opens at nine in';

test.each([
  ['goes on', 'the morning, and closes at seven.', 'the morning, and closes at seven.'],
  ['begins anew', 'The library opens at nine in the morning.', 'the morning.'],
  ['begins anew and spells otherwise', '«the Library, opens at Nine» in the morning.', 'the morning.'],
  ['repeats the last words', 'at nine in the morning.', 'the morning.'],
  ['has one word in common', 'in summer.', 'in summer.'],
  ['begins alike and says something else', 'The library opens late.', 'The library opens late.'],
  ['says only what was heard', heard, ''],
  ['says nothing', '', ''],
])('a model that %s', (_what, said, expected) => {
  for (const size of [1, 3, 7, 1_000]) {
    const cutter = createRepetitionCutter(heard);
    let spoken = '';
    for (let from = 0; from < said.length; from += size) spoken += cutter.push(said.slice(from, from + size));
    expect(spoken + cutter.flush()).toBe(expected);
  }
});

test('words that cannot be a repetition are not held back', () => {
  const cutter = createRepetitionCutter(heard);
  expect(cutter.push('And then ')).toBe('And then ');
  expect(cutter.push('at nine in ')).toBe('at nine in ');
});

test('whatever comes, in whatever pieces: only words that were heard are left out', () => {
  const words = fc.array(fc.constantFrom('at', 'nine', 'in', 'the', 'è', 'sì,'), { maxLength: 12 });
  fc.assert(
    fc.property(words, words, fc.array(fc.nat(5), { minLength: 1 }), (before, after, sizes) => {
      const cutter = createRepetitionCutter(before.join(' '));
      const said = after.join(' ');
      let spoken = '';
      for (let from = 0, turn = 0; from < said.length; turn += 1) {
        const size = 1 + (sizes[turn % sizes.length] ?? 0);
        spoken += cutter.push(said.slice(from, from + size));
        from += size;
      }
      spoken += cutter.flush();
      expect(said.endsWith(spoken)).toBe(true);
      const cut = said.slice(0, said.length - spoken.length).trim();
      expect(
        cut === '' || ` ${before.join(' ')}`.replaceAll(',', '').endsWith(` ${cut.replaceAll(',', '')}`),
      ).toBe(true);
    }),
  );
});

test('the request ends with what was heard and the order to go on', async () => {
  const requests: LlmRequest[] = [];
  const llm: LlmPort = {
    label: 'scripted:model',
    async *stream(request) {
      requests.push(request);
      yield { type: 'text', text: 'nine in ' };
      yield { type: 'text', text: 'the morning.' };
      yield { type: 'usage', promptTokens: 1, completionTokens: 2 };
    },
  };
  const messages = [{ role: 'user', content: 'When does it open?' }] as const;
  const events: LlmEvent[] = [];
  const { signal } = new AbortController();
  for await (const event of continuingLlm(llm, heard).stream({ messages, maxTokens: 10 }, { signal }))
    events.push(event);
  expect(events).toEqual([
    { type: 'text', text: 'the morning.' },
    { type: 'usage', promptTokens: 1, completionTokens: 2 },
  ]);
  expect(requests[0]?.messages.slice(0, 2)).toEqual([...messages, { role: 'assistant', content: heard }]);
  expect(requests[0]?.messages[2]?.role).toBe('user');
});
