import type { TtsAudio, TtsPort, TtsRequest } from '@sophy/conversation/tts-port';
import { describe, expect, it } from 'vitest';
import { createResilientTts } from './resilient-tts.ts';
import {
  collect,
  createScriptedWorld,
  failure,
  linkTo,
  ScriptedEngine,
  type Step,
} from './scripted-links.test-support.ts';

type Line = Step<TtsAudio>;

const request: TtsRequest = { text: 'one two three four', language: 'en', voice: 'anna', speed: 1 };
const breaksOff: Line = { fail: failure('connectivity', { stage: 'tts' }) };
const wait = (waitMs: number): Line => ({ waitMs });

/** Speech of so many ms at a rate; `spokenCharacters` where the engine tells. */
function speech(ms: number, spokenCharacters?: number, sampleRateHz = 16_000): Line {
  const samples = new Int16Array((sampleRateHz * ms) / 1_000).fill(9_000);
  return { give: { samples, sampleRateHz, ...(spokenCharacters === undefined ? {} : { spokenCharacters }) } };
}

function setUp(scripts: Readonly<Record<string, readonly (readonly Line[])[]>>) {
  const world = createScriptedWorld();
  const requests: (TtsRequest & { readonly engine: string })[] = [];
  const links = Object.entries(scripts).map(([name, ofEngine]) => {
    const engine = new ScriptedEngine(world.clock, ...ofEngine);
    const port: TtsPort = {
      label: name,
      synthesize(asked, { signal }) {
        requests.push({ ...asked, engine: name });
        return engine.give(signal);
      },
    };
    return linkTo('tts', name, port, { hedgeMs: 1_500, budgetMs: 3_000 });
  });
  const [first, ...rest] = links;
  if (first === undefined) throw new Error('no engine');
  const tts = createResilientTts(world.chain(first, ...rest));
  const signal = new AbortController().signal;
  const speak = async (asked = request) => {
    const { given, error } = await world.clock.finish(collect(tts.synthesize(asked, { signal })), 60_000);
    return {
      ms: given.map(({ samples, sampleRateHz }) => (samples.length * 1_000) / sampleRateHz),
      given,
      error,
    };
  };
  return { ...world, tts, requests, speak };
}

describe('a voice with others behind it', () => {
  it('is taken over at the word that was not whole, where the engine tells how far it is', async () => {
    for (const [spokenCharacters, rest] of [
      [0, 'one two three four'],
      [2, 'one two three four'],
      [3, 'two three four'],
      [7, 'three four'],
      [12, 'three four'],
      [13, 'four'],
    ] as const) {
      const at = setUp({ a: [[speech(50, spokenCharacters), breaksOff]], b: [[speech(200)]] });
      expect((await at.speak()).ms).toEqual([50, 200]);
      expect(at.requests.map(({ text }) => text)).toEqual([request.text, rest]);
    }
  });

  it('is taken over where its sound had come to, where the engine does not tell', async () => {
    // Unknown voices count as 10 % slower than 15 characters a second: "one two" are 7 of them, 513 ms.
    for (const [ms, rest] of [
      [210, 'one two three four'],
      [230, 'two three four'],
      [500, 'two three four'],
      [520, 'three four'],
    ] as const) {
      const at = setUp({ a: [[speech(ms), breaksOff]], b: [[speech(200)]] });
      await at.speak();
      expect(at.requests[1]?.text).toBe(rest);
    }
  });

  it('counts no pause as words', async () => {
    const silence: Line = { give: { samples: new Int16Array(16_000), sampleRateHz: 16_000 } };
    const at = setUp({ a: [[silence, speech(230), breaksOff]], b: [[speech(200)]] });
    await at.speak();
    expect(at.requests[1]?.text).toBe('two three four');
  });

  it('learns how fast it speaks from whole sentences, at any speed', async () => {
    // 18 characters in 1,800 ms: 100 ms each, so 700 ms are "one two" less the caution of 2 %.
    for (const [speed, ms, rest] of [
      [1, 720, 'three four'],
      [1, 700, 'two three four'],
      [2, 360, 'three four'],
      [2, 350, 'two three four'],
    ] as const) {
      const at = setUp({ a: [[speech(1_800)], [speech(ms), breaksOff]], b: [[speech(200)]] });
      await at.speak();
      await at.speak({ ...request, speed });
      expect(at.requests[2]?.text).toBe(rest);
    }
  });

  it('may go on at another sample rate; nothing of two engines is mixed', async () => {
    const at = setUp({
      a: [[speech(50, 3), breaksOff]],
      b: [[speech(100, 3, 24_000), speech(100, 14, 24_000)]],
    });
    const { given } = await at.speak();
    expect(given.map(({ sampleRateHz, samples }) => [sampleRateHz, samples.length])).toEqual([
      [16_000, 800],
      [24_000, 2_400],
      [24_000, 2_400],
    ]);
    expect(at.told).toEqual(['a failed: connectivity', 'b takes over from a midway']);
  });

  it('keeps a voice to the engine that has it', async () => {
    const at = setUp({ a: [[breaksOff]], b: [[speech(100)]] });
    await at.speak();
    expect(at.requests.map(({ engine, voice }) => [engine, voice])).toEqual([
      ['a', 'anna'],
      ['a', 'anna'],
      ['b', undefined],
    ]);
    expect(at.told.at(-1)).toBe('b takes over from a');
  });

  it('is asked once more in its own voice where there is no other', async () => {
    const at = setUp({ a: [[speech(50, 7), breaksOff], [speech(100)]] });
    expect((await at.speak()).error).toBeUndefined();
    expect(at.requests.map(({ text, voice }) => [text, voice])).toEqual([
      ['one two three four', 'anna'],
      ['three four', 'anna'],
    ]);
  });

  it('that breaks off after its last word has said all', async () => {
    const at = setUp({ a: [[speech(800, 18), breaksOff]], b: [[speech(200)]] });
    expect(await at.speak()).toMatchObject({ ms: [800], error: undefined });
    expect(at.requests).toHaveLength(1);
  });

  it('fails with what went wrong where nobody can go on', async () => {
    const at = setUp({
      a: [[speech(50, 3), breaksOff]],
      b: [[{ fail: failure('authentication', { engine: 'b' }) }]],
    });
    const { ms, error } = await at.speak();
    expect(ms).toEqual([50]);
    expect(error).toMatchObject({ engine: 'b', category: 'authentication' });
  });

  it('makes people wait no longer than eight seconds in all', async () => {
    const at = setUp({
      a: [[wait(1_000), speech(50, 3), wait(4_000), breaksOff]],
      b: [[wait(1_000), speech(50, 3), wait(60_000)]],
      c: [[wait(60_000)]],
    });
    expect((await at.speak()).error).toMatchObject({ category: 'timeout' });
    expect(at.clock.nowMs()).toBeLessThanOrEqual(10_000);
    expect(at.clock.sleeping).toBe(0);
  });

  it('does not count the time that its listener takes as waiting', async () => {
    const at = setUp({ a: [[speech(50, 3), breaksOff]], b: [[speech(100)]] });
    const signal = new AbortController().signal;
    const listen = async (): Promise<number> => {
      let pieces = 0;
      for await (const _audio of at.tts.synthesize(request, { signal })) {
        pieces += 1;
        await at.clock.sleep(20_000, signal);
      }
      return pieces;
    };
    expect(await at.clock.finish(listen(), 60_000)).toBe(2);
  });

  it('reports the characters that each engine was sent and the audio that it gave', async () => {
    const at = setUp({ a: [[speech(50, 7), breaksOff]], b: [[speech(200)]] });
    await at.speak();
    expect(at.usages).toMatchObject([
      { engine: 'a', characters: 18, audioMs: 50, outcome: 'failed' },
      { engine: 'b', characters: 10, audioMs: 200, outcome: 'complete' },
    ]);
  });
});
