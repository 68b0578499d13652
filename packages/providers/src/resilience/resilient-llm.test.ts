import type { LlmEvent, LlmPort, LlmRequest } from '@sophy/conversation/llm-port';
import { describe, expect, it } from 'vitest';
import { createResilientLlm } from './resilient-llm.ts';
import {
  collect,
  createScriptedWorld,
  failure,
  linkTo,
  ScriptedEngine,
  type Step,
} from './scripted-links.test-support.ts';

type Line = Step<LlmEvent>;

const say = (text: string): Line => ({ give: { type: 'text', text } });
const callTool: Line = { give: { type: 'tool-call', callId: '1', name: 'book', argumentsJson: '{}' } };
const breaksOff: Line = { fail: failure('connectivity') };
const wait = (waitMs: number): Line => ({ waitMs });

const request: LlmRequest = {
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Tell me.' },
  ],
  maxTokens: 99,
  tools: [{ name: 'book', description: 'Books.', parameters: {} }],
};

/** Models by name, in the order in which they are asked. `tool-less` in the name: it takes no tools. */
function setUp(scripts: Readonly<Record<string, readonly (readonly Line[])[]>>) {
  const world = createScriptedWorld();
  const requests: { readonly engine: string; readonly request: LlmRequest }[] = [];
  const links = Object.entries(scripts).map(([name, ofEngine]) => {
    const engine = new ScriptedEngine(world.clock, ...ofEngine);
    const port: LlmPort = {
      label: name,
      takesTools: !name.includes('tool-less'),
      stream(asked, { signal }) {
        requests.push({ engine: name, request: asked });
        return engine.give(signal);
      },
    };
    return linkTo('llm', name, port);
  });
  const [first, ...rest] = links;
  if (first === undefined) throw new Error('no engine');
  const llm = createResilientLlm(world.chain(first, ...rest));
  const caller = new AbortController();
  const answer = async () => {
    const { given, error } = await collect(llm.stream(request, { signal: caller.signal }));
    return {
      text: given.map((event) => (event.type === 'text' ? event.text : `[${event.type}]`)).join(''),
      error,
    };
  };
  return { ...world, llm, requests, caller, answer, finish: () => world.clock.finish(answer(), 60_000) };
}

describe('a language model with others behind it', () => {
  it('is named after the chosen one and takes tools if that does', () => {
    expect(setUp({ a: [[]], 'tool-less': [[]] }).llm).toMatchObject({ label: 'a', takesTools: true });
    expect(setUp({ 'tool-less': [[]], b: [[]] }).llm.takesTools).toBe(false);
  });

  it('goes on with another in the middle of an answer, and repeats nothing', async () => {
    const at = setUp({
      a: [[say('It opens '), say('at nine '), breaksOff]],
      b: [[say('opens at nine '), say('on Saturday.')]],
    });
    expect(await at.finish()).toEqual({ text: 'It opens at nine on Saturday.', error: undefined });
    expect(at.told).toEqual(['a failed: connectivity', 'b takes over from a midway']);
    const asked = at.requests[1]?.request.messages;
    expect(asked?.slice(0, 2)).toEqual(request.messages);
    expect(asked?.[2]).toEqual({ role: 'assistant', content: 'It opens at nine ' });
    expect(at.clock.sleeping).toBe(0);
  });

  it('goes on with a word of its own, and puts no blank before a mark', async () => {
    for (const [next, text] of [
      ['nine.', 'It opens at nine.'],
      [' nine.', 'It opens at nine.'],
      [', I think.', 'It opens at, I think.'],
    ] as const) {
      const at = setUp({ a: [[say('It opens'), say(' at'), breaksOff]], b: [[say(next)]] });
      expect((await at.finish()).text).toBe(text);
    }
  });

  it('goes on twice when the second breaks off too, from where both had come to', async () => {
    const at = setUp({
      a: [[say('One two '), breaksOff]],
      b: [[say('three four '), breaksOff]],
      c: [[say('five.')]],
    });
    expect((await at.finish()).text).toBe('One two three four five.');
    expect(at.requests[2]?.request.messages[2]).toEqual({
      role: 'assistant',
      content: 'One two three four ',
    });
  });

  it('asks the same one once more where there is no other, and no third time', async () => {
    const at = setUp({ a: [[say('One '), breaksOff], [say('two.')]] });
    expect(await at.finish()).toEqual({ text: 'One two.', error: undefined });
    const hopeless = setUp({ a: [[say('One '), breaksOff]] });
    expect((await hopeless.finish()).error).toMatchObject({ category: 'connectivity' });
    expect(hopeless.requests).toHaveLength(2);
  });

  it('tells why it broke off where nobody may be asked to go on', async () => {
    const refused = failure('authentication');
    const at = setUp({ a: [[say('One '), { fail: refused }]] });
    expect((await at.finish()).error).toBe(refused);
  });

  it('never asks for anything again once a tool was asked for', async () => {
    const at = setUp({ a: [[say('Booking. '), callTool, breaksOff]], b: [[say('no')]] });
    expect(await at.finish()).toMatchObject({
      text: 'Booking. [tool-call]',
      error: { category: 'connectivity' },
    });
    expect(at.requests).toHaveLength(1);
  });

  it('tells an engine that takes no tools of none', async () => {
    const at = setUp({ a: [[{ fail: failure('authentication') }]], 'tool-less': [[say('Words.')]] });
    expect((await at.finish()).text).toBe('Words.');
    expect(at.requests.map(({ request: { tools } }) => tools?.length)).toEqual([1, 0]);
  });

  it('reports what each request used, estimated where the engine does not say', async () => {
    const usage: Line = { give: { type: 'usage', promptTokens: 7, completionTokens: 3 } };
    const at = setUp({ a: [[say('x'.repeat(40)), breaksOff]], b: [[say('done'), usage]] });
    await at.finish();
    const promptTokens = Math.ceil('Be brief.Tell me.'.length / 4);
    expect(at.usages).toMatchObject([
      { engine: 'a', promptTokens, completionTokens: 10, isEstimated: true, outcome: 'failed' },
      { engine: 'b', promptTokens: 7, completionTokens: 3, isEstimated: false, outcome: 'complete' },
    ]);
  });

  it('reports one that lost a race as cut', async () => {
    const at = setUp({ a: [[wait(60_000), say('late')]], b: [[wait(100), say('first')]] });
    expect((await at.finish()).text).toBe('first');
    expect(at.usages.map(({ engine, outcome }) => `${engine} ${outcome}`).toSorted()).toEqual([
      'a cut',
      'b complete',
    ]);
    expect(at.told).toContain('b takes over from a');
  });

  it('makes people wait no longer than eight seconds in all', async () => {
    const at = setUp({
      a: [[wait(2_000), say('One '), wait(3_000), breaksOff]],
      b: [[wait(2_000), say('two '), wait(60_000)]],
      c: [[wait(60_000)]],
    });
    expect(await at.finish()).toMatchObject({ text: 'One two ', error: { category: 'timeout' } });
    // 2 + 3 of the first, 2 until the second, and the gap of the second may take what was left: 3.
    expect(at.clock.nowMs()).toBeGreaterThanOrEqual(8_000);
    expect(at.clock.nowMs()).toBeLessThanOrEqual(10_000);
    expect(at.clock.sleeping).toBe(0);
  });

  it('does not count the time that its reader takes as waiting', async () => {
    const at = setUp({ a: [[say('One '), breaksOff]], b: [[say('two.')]] });
    const read = async (): Promise<string> => {
      let text = '';
      for await (const event of at.llm.stream(request, { signal: at.caller.signal })) {
        if (event.type === 'text') text += event.text;
        await at.clock.sleep(20_000, at.caller.signal);
      }
      return text;
    };
    expect(await at.clock.finish(read(), 60_000)).toBe('One two.');
  });

  it('stops when the caller is gone, which counts for nobody', async () => {
    const at = setUp({ a: [[say('One '), wait(60_000)]], b: [[say('two')]] });
    const answer = at.answer();
    await at.clock.run(100);
    at.caller.abort();
    expect((await answer).error).toMatchObject({ category: 'cancelled' });
    expect(at.requests).toHaveLength(1);
    expect(at.store.read('llm:a').consecutiveFailures).toBe(0);
    expect(at.usages).toMatchObject([{ engine: 'a', outcome: 'cut' }]);
    expect(at.clock.sleeping).toBe(0);
  });
});
