/** The model and its tools in turns, without any server. */
import type { LlmMessage } from '@sophy/conversation/llm-port';
import { createScriptedLlm, type ScriptedAnswer } from '@sophy/providers/scripted/scripted-llm';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CallOutcome, ToolExchange } from './reply-tools.ts';
import { type ThinkOptions, type Thought, think } from './think.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const call = (name: string, callId = name) => ({ callId, name, argumentsJson: '{}' });
const question: LlmMessage = { role: 'user', content: 'Book a table' };

type Scene = {
  readonly answers: readonly ScriptedAnswer[];
  readonly outcome?: (name: string) => Promise<CallOutcome>;
  readonly earlier?: Promise<readonly ToolExchange[]>;
  readonly started?: Promise<void>;
  readonly takesTools?: boolean;
  readonly signal?: AbortSignal;
};

function scene({ answers, outcome, earlier, started, takesTools = true, signal }: Scene) {
  const asked: { messages: readonly LlmMessage[]; tools: number }[] = [];
  const scripted = createScriptedLlm({
    firstTokenMs: 0,
    reply: ({ messages, tools = [] }) => {
      asked.push({ messages, tools: tools.length });
      return answers[Math.min(asked.length - 1, answers.length - 1)] ?? '';
    },
  });
  const made: string[] = [];
  const tools: ThinkOptions['tools'] = {
    offered: [{ name: 'book', description: 'Books', parameters: {} }],
    started: async () => started,
    earlier: async () => (await earlier) ?? [],
    async call({ name }) {
      made.push(name);
      return outcome === undefined ? { content: `${name} done`, isFarewell: false } : outcome(name);
    },
  };
  const thoughts = think({
    llm: { ...scripted, takesTools },
    messages: [question],
    maxTokens: 50,
    tools,
    language: 'it',
    signal: signal ?? new AbortController().signal,
  });
  return { thoughts, asked, made };
}

async function read(thoughts: AsyncIterable<Thought>): Promise<string[]> {
  const read: string[] = [];
  for await (const thought of thoughts) {
    if (thought.type === 'pause') read.push('|');
    else read.push(thought.type === 'filler' ? `(${thought.text})` : thought.text);
  }
  return read;
}

test('the result of a call stands behind it in the next request', async () => {
  const { thoughts, asked, made } = scene({ answers: [{ toolCalls: [call('book')] }, 'Done.'] });
  expect(await read(thoughts)).toEqual(['|', 'Done.']);
  expect(made).toEqual(['book']);
  expect(asked[1]?.messages).toEqual([
    question,
    { role: 'assistant', content: '', toolCalls: [{ type: 'tool-call', ...call('book') }] },
    { role: 'tool', callId: 'book', content: 'book done' },
  ]);
});

test('calls of one answer are made at once, and no more than four', async () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const { thoughts, made, asked } = scene({
    answers: [{ toolCalls: names.map((name) => call(name)) }, 'Done.'],
  });
  await read(thoughts);
  expect(made).toEqual(['a', 'b', 'c', 'd']);
  expect(asked[1]?.messages.filter(({ role }) => role === 'tool')).toHaveLength(5);
});

test('after three rounds the model has to answer with what it has', async () => {
  const { thoughts, asked, made } = scene({ answers: [{ text: 'And', toolCalls: [call('book')] }] });
  expect((await read(thoughts)).filter((part) => part !== '|')).toEqual(['And', 'And', 'And', 'And']);
  expect(made).toHaveLength(3);
  expect(asked.map(({ tools }) => tools)).toEqual([1, 1, 1, 0]);
});

test('an engine without tools is never told of them', async () => {
  const { thoughts, asked } = scene({ answers: ['Hello.'], takesTools: false });
  expect(await read(thoughts)).toEqual(['Hello.']);
  expect(asked.map(({ tools }) => tools)).toEqual([0]);
});

test('a slow tool is bridged once, counted from when somebody waits', async () => {
  const reply = Promise.withResolvers<void>();
  const works = [Promise.withResolvers<CallOutcome>(), Promise.withResolvers<CallOutcome>()];
  let calls = 0;
  const { thoughts } = scene({
    answers: [{ toolCalls: [call('book')] }, { toolCalls: [call('book')] }, 'Done.'],
    started: reply.promise,
    outcome: () => {
      calls += 1;
      return (works[calls - 1] ?? Promise.withResolvers<CallOutcome>()).promise;
    },
  });
  const parts: string[] = [];
  const reading = (async () => {
    for await (const thought of thoughts) parts.push(thought.type === 'pause' ? '|' : thought.text);
  })();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(parts).toEqual(['|']);
  reply.resolve();
  await vi.advanceTimersByTimeAsync(1_100);
  expect(parts).toEqual(['|']);
  await vi.advanceTimersByTimeAsync(200);
  expect(parts).toEqual(['|', 'Un attimo…']);
  works[0]?.resolve({ content: 'first', isFarewell: false });
  await vi.advanceTimersByTimeAsync(5_000);
  works[1]?.resolve({ content: 'second', isFarewell: false });
  await reading;
  expect(parts).toEqual(['|', 'Un attimo…', '|', 'Done.']);
});

test('who has said something already needs no filler', async () => {
  const work = Promise.withResolvers<CallOutcome>();
  const { thoughts } = scene({
    answers: [{ text: 'Guardo.', toolCalls: [call('book')] }, 'Fatto.'],
    outcome: () => work.promise,
  });
  const reading = read(thoughts);
  await vi.advanceTimersByTimeAsync(5_000);
  work.resolve({ content: 'ok', isFarewell: false });
  expect((await reading).join(' ')).toBe('Guardo. | Fatto.');
});

test('a goodbye that was said with the call is not said twice, one that was not is said', async () => {
  const outcome = async (): Promise<CallOutcome> => ({ content: 'waiting', isFarewell: true });
  const said = scene({ answers: [{ text: 'Ciao!', toolCalls: [call('end_call')] }], outcome });
  expect(await read(said.thoughts)).toEqual(['Ciao!', '|']);
  const silent = scene({ answers: [{ toolCalls: [call('end_call')] }], outcome });
  expect(await read(silent.thoughts)).toEqual(['|', 'Arrivederci!']);
});

test('what tools gave before stands in front of the words to be answered', async () => {
  const earlier: readonly ToolExchange[] = [{ call: call('book', 'e1'), content: 'done' }];
  const { thoughts, asked } = scene({ answers: ['Yes.'], earlier: Promise.resolve(earlier) });
  await read(thoughts);
  expect(asked[0]?.messages).toEqual([
    { role: 'assistant', content: '', toolCalls: [call('book', 'e1')] },
    { role: 'tool', callId: 'e1', content: 'done' },
    question,
  ]);
});

test('a reply that is given up while a tool runs ends, and its timers with it', async () => {
  const control = new AbortController();
  const { thoughts } = scene({
    answers: [{ toolCalls: [call('book')] }],
    outcome: () =>
      new Promise((_resolve, reject) => {
        control.signal.addEventListener('abort', () => reject(control.signal.reason));
      }),
    signal: control.signal,
  });
  const reading = read(thoughts);
  const ended = expect(reading).rejects.toThrow();
  await vi.advanceTimersByTimeAsync(100);
  control.abort();
  await ended;
  expect(vi.getTimerCount()).toBe(0);
});
