import { afterEach, describe, expect, it } from 'vitest';
import { closeConnections } from '../http/connection-pool.ts';
import { type LoopbackServer, startLoopbackServer } from '../http/loopback-server.ts';
import { createOpenAiStt } from './openai-stt.ts';

let server: LoopbackServer | undefined;

afterEach(async () => {
  await closeConnections();
  await server?.close();
  server = undefined;
});

async function answerWith(text: string) {
  server = await startLoopbackServer((_request, response) => response.end(text));
  return createOpenAiStt({
    baseUrl: `${server.url}/v1`,
    apiKey: 'sk-1',
    model: 'whisper-1',
    engine: 'openai',
    timeouts: { connectMs: 1_000, answerMs: 2_000, stallMs: 2_000 },
  });
}

const audio = { samples: Int16Array.of(1, -2, 3), sampleRateHz: 16_000 };
const signal = new AbortController().signal;

describe('createOpenAiStt', () => {
  it('uploads a WAV file with its fields and gives the text', async () => {
    const port = await answerWith('{"text":" Ciao a tutti. ","usage":{"type":"duration","seconds":1}}');
    expect(await port.transcribe(audio, { language: 'it', signal })).toEqual({
      text: 'Ciao a tutti.',
      language: undefined,
    });
    const [request] = server?.requests ?? [];
    expect(request?.url).toBe('/v1/audio/transcriptions');
    const body = new Uint8Array(request?.body ?? []);
    const contentType = request?.headers['content-type'] ?? '';
    const form = await new Response(body, { headers: { 'content-type': contentType } }).formData();
    expect(form.get('model')).toBe('whisper-1');
    expect(form.get('language')).toBe('it');
    expect(form.get('response_format')).toBe('json');
    const file = form.get('file');
    if (!(file instanceof File)) throw new Error('no file was sent');
    const wav = Buffer.from(await file.arrayBuffer());
    expect(file.name).toBe('speech.wav');
    expect(wav.toString('latin1', 0, 4)).toBe('RIFF');
    expect(wav.readUInt32LE(24)).toBe(16_000);
    expect([wav.readInt16LE(44), wav.readInt16LE(46), wav.readInt16LE(48)]).toEqual([1, -2, 3]);
  });

  it('says which language was heard, as a code', async () => {
    const named = await answerWith('{"text":"x","language":"italian"}');
    expect(await named.transcribe(audio, { language: undefined, signal })).toEqual({
      text: 'x',
      language: 'it',
    });
    expect(server?.requests[0]?.body.toString('latin1')).not.toContain('name="language"');
    const coded = await answerWith('{"text":"x","language":"en"}');
    expect(await coded.transcribe(audio, { language: undefined, signal })).toEqual({
      text: 'x',
      language: 'en',
    });
  });

  it.each(['<html>', '{}', '[]', ''])('refuses the answer %j', async (answer) => {
    const port = await answerWith(answer);
    await expect(port.transcribe(audio, { language: undefined, signal })).rejects.toMatchObject({
      category: 'bad-response',
      stage: 'stt',
    });
  });
});
