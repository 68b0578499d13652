import type { SttStreamEvent } from '@sophy/conversation/stt-port';
import { describe, expect, it } from 'vitest';
import { createScriptedLlm } from './scripted-llm.ts';
import type { ScriptedSleep } from './scripted-sleep.ts';
import { createScriptedStreamingStt } from './scripted-streaming-stt.ts';
import { createScriptedStt } from './scripted-stt.ts';
import { createScriptedTts } from './scripted-tts.ts';
import { speechShapedAudio } from './speech-shaped-audio.ts';

/** A clock that only moves when somebody waits. */
function virtualTime() {
  let nowMs = 0;
  const sleep: ScriptedSleep = async (waitMs, signal) => {
    signal.throwIfAborted();
    nowMs += waitMs;
  };
  return { sleep, now: () => nowMs };
}

const signal = new AbortController().signal;
const request = { messages: [{ role: 'user', content: 'hi' }], maxTokens: 9 } as const;

describe('scripted engines', () => {
  it('recognize by order, by length and by function, after an exact time', async () => {
    const time = virtualTime();
    const speech = (ms: number) => speechShapedAudio(ms, 16_000);
    const byOrder = createScriptedStt({ transcripts: ['one', 'two'], delayMs: 100, sleep: time.sleep });
    const hear = async (ms: number) =>
      (await byOrder.transcribe(speech(ms), { language: 'it', signal })).text;
    expect([await hear(10), await hear(10), await hear(10)]).toEqual(['one', 'two', '']);
    expect(time.now()).toBe(300);
    expect(byOrder.calls.map((call) => call.language)).toEqual(['it', 'it', 'it']);
    const script = {
      byDuration: [
        { upToMs: 500, text: 'short' },
        { upToMs: 2_000, text: 'long' },
      ],
    };
    const byLength = createScriptedStt({ transcripts: script, delayMs: 0 });
    expect((await byLength.transcribe(speech(900), { language: undefined, signal })).text).toBe('long');
  });

  it('answer word by word at an exact pace and stop when the caller leaves', async () => {
    const time = virtualTime();
    const llm = createScriptedLlm({
      reply: () => 'One two three',
      firstTokenMs: 150,
      tokensPerSecond: 20,
      ...time,
    });
    const times: [string, number][] = [];
    for await (const event of llm.stream(request, { signal }))
      if (event.type === 'text') times.push([event.text, time.now()]);
    expect(times).toEqual([
      ['One', 150],
      [' two', 200],
      [' three', 250],
    ]);
    const controller = new AbortController();
    const reading = (async () => {
      for await (const _event of llm.stream(request, { signal: controller.signal })) controller.abort();
    })();
    await expect(reading).rejects.toMatchObject({ category: 'cancelled' });
    expect(llm.calls.map(({ given, outcome }) => [given, outcome])).toEqual([
      ['One two three', 'complete'],
      ['One', 'cut'],
    ]);
  });

  it('speak sound of exact length that is loud from its first sample', async () => {
    const time = virtualTime();
    const tts = createScriptedTts({ firstByteMs: 80, msPerCharacter: 50, ...time });
    const pieces: Int16Array[] = [];
    const options = { text: 'Hello', language: 'en', voice: undefined, speed: 1 };
    for await (const piece of tts.synthesize(options, { signal })) pieces.push(piece.samples);
    expect(time.now()).toBe(80);
    expect(pieces.reduce((sum, piece) => sum + piece.length, 0)).toBe(6_000);
    expect(Math.abs(pieces[0]?.[0] ?? 0)).toBeGreaterThan(10_000);
  });

  it('stream: the words come when the audio falls silent, the final an exact time after the last sound', async () => {
    const time = virtualTime();
    const stt = createScriptedStreamingStt({
      transcripts: ['hello'],
      hangoverMs: 200,
      delayMs: 300,
      ...time,
    });
    const stream = stt.open({ language: 'en', signal });
    const speech = speechShapedAudio(400, 16_000).samples;
    stream.push(speech.subarray(0, 1_001));
    stream.push(speech.subarray(1_001));
    stream.push(new Int16Array(16 * 200));
    const events: SttStreamEvent[] = [];
    for await (const event of stream.events) {
      events.push(event);
      if (event.type === 'final') break;
    }
    await stream.close();
    expect(events).toEqual([
      { type: 'interim', text: 'hello' },
      { type: 'final', text: 'hello', language: 'en' },
    ]);
    expect(time.now()).toBe(100);
    expect(stt.calls).toEqual([{ language: 'en', pushedSamples: 16 * 600 }]);
  });
});
