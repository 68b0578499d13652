import type { ServerResponse } from 'node:http';
import type { TtsRequest } from '@sophy/conversation/tts-port';
import { afterEach, describe, expect, it } from 'vitest';
import { encodeWav } from '../audio/encode-wav.ts';
import { bytesOfSamples } from '../audio/pcm-bytes.ts';
import { closeConnections } from '../http/connection-pool.ts';
import { type LoopbackServer, startLoopbackServer } from '../http/loopback-server.ts';
import { createOpenAiTts } from './openai-tts.ts';

let server: LoopbackServer | undefined;

afterEach(async () => {
  await closeConnections();
  await server?.close();
  server = undefined;
});

async function speakWith(
  answer: (response: ServerResponse) => void,
  request: Partial<TtsRequest> = {},
  sendsLanguage = false,
) {
  server = await startLoopbackServer((_request, response) => answer(response));
  const port = createOpenAiTts({
    baseUrl: `${server.url}/v1`,
    apiKey: 'sk-1',
    model: 'tts-1',
    engine: 'openai',
    timeouts: { connectMs: 1_000, answerMs: 2_000, stallMs: 2_000 },
    sendsLanguage,
  });
  const samples: number[] = [];
  const rates = new Set<number>();
  const full = { text: 'Hello', language: 'it', voice: 'alloy', speed: 1, ...request };
  for await (const audio of port.synthesize(full, { signal: new AbortController().signal })) {
    samples.push(...audio.samples);
    rates.add(audio.sampleRateHz);
  }
  return { samples, rates: [...rates] };
}

const samples = Int16Array.of(5, -6, 7, -8);
const asked = () => JSON.parse(server?.requests[0]?.body.toString() ?? '');

describe('createOpenAiTts', () => {
  it('asks for PCM and puts samples together that were split in the middle', async () => {
    const spoken = await speakWith((response) => {
      response.writeHead(200, { 'content-type': 'audio/pcm' });
      const bytes = bytesOfSamples(samples);
      response.write(bytes.subarray(0, 3), () => response.end(bytes.subarray(3)));
    });
    expect(spoken).toEqual({ samples: [...samples], rates: [24_000] });
    expect(asked()).toEqual({ model: 'tts-1', input: 'Hello', voice: 'alloy', response_format: 'pcm' });
  });

  it('takes the rate from the content type', async () => {
    const spoken = await speakWith((response) => {
      response.writeHead(200, { 'content-type': 'audio/pcm; rate=16000; channels=1' });
      response.end(bytesOfSamples(samples));
    });
    expect(spoken.rates).toEqual([16_000]);
  });

  it('takes WAV, whatever the server calls it', async () => {
    const spoken = await speakWith((response) => {
      response.writeHead(200, { 'content-type': 'application/octet-stream' });
      response.end(encodeWav({ samples, sampleRateHz: 22_050 }));
    });
    expect(spoken).toEqual({ samples: [...samples], rates: [22_050] });
  });

  it('sends speed when it is not normal, and language where it is known', async () => {
    const answer = (response: ServerResponse) => response.end(bytesOfSamples(samples));
    await speakWith(answer, { speed: 1.5, voice: undefined }, true);
    expect(asked()).toMatchObject({ speed: 1.5, language: 'it' });
    expect(asked()).not.toHaveProperty('voice');
  });

  it.each([
    ['audio/mpeg', Buffer.from('ID3')],
    ['application/json', Buffer.from('{"error":"x"}')],
    ['audio/pcm;channels=2', bytesOfSamples(samples)],
    ['audio/pcm;rate=lots', bytesOfSamples(samples)],
    ['audio/pcm', Buffer.alloc(0)],
  ])('refuses %s that is no mono audio', async (contentType, body) => {
    const speaking = speakWith((response) => {
      response.writeHead(200, { 'content-type': contentType });
      response.end(body);
    });
    await expect(speaking).rejects.toMatchObject({ category: 'bad-response', stage: 'tts' });
  });

  it('refuses stereo WAV', async () => {
    const wav = encodeWav({ samples, sampleRateHz: 16_000 });
    wav.writeUInt16LE(2, 22);
    await expect(speakWith((response) => response.end(wav))).rejects.toThrow('2 channels');
  });

  it('asks nothing for a text without a word', async () => {
    expect(await speakWith((response) => response.end(), { text: ' … !' })).toEqual({
      samples: [],
      rates: [],
    });
    expect(server?.requests).toEqual([]);
  });
});
