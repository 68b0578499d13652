/** Test support: a speech server on loopback, with its own side or only the OpenAI one. */
import { z } from 'zod';
import { bytesOfSamples } from '../audio/pcm-bytes.ts';
import type { EngineFault } from '../http/engine-fault.ts';
import { giveLoopbackAnswer } from '../http/loopback-answer.ts';
import { startLoopbackServer } from '../http/loopback-server.ts';
import {
  piecesOf,
  type SpeechLoopback,
  type SpeechLoopbackOptions,
  type SpeechLoopbackRequest,
} from '../http/loopback-speech.ts';

const synthesizeSchema = z
  .object({
    text: z.string().min(1),
    language: z.string().optional(),
    speaker: z.string().optional(),
    speed: z.number().default(1),
    engine: z.string().optional(),
  })
  .transform(({ speaker, engine, ...rest }) => ({ ...rest, voice: speaker, engine }));
const openAiSchema = z
  .object({
    input: z.string().min(1),
    voice: z.string().optional(),
    language: z.string().optional(),
    speed: z.number().default(1),
    response_format: z.literal('pcm'),
  })
  .transform(({ input, response_format: _, ...rest }) => ({ ...rest, text: input, engine: undefined }));

export type SpeechServerRequest = SpeechLoopbackRequest & { readonly engine: string | undefined };

export type SpeechServerLoopback = Omit<SpeechLoopback, 'requests'> & {
  readonly requests: readonly SpeechServerRequest[];
  /** How often its status was asked. */
  statusRequests(): number;
};

export async function startSpeechServerLoopback(
  options: SpeechLoopbackOptions & {
    /** `openai`: without `/status` and `/synthesize`. */
    readonly side?: 'synthesize' | 'openai';
    /** Further fields of its status. */
    readonly status?: object;
  },
): Promise<SpeechServerLoopback> {
  const { side = 'synthesize' } = options;
  const requests: SpeechServerRequest[] = [];
  let statusRequests = 0;
  let fault: EngineFault | undefined;
  const server = await startLoopbackServer(async ({ url, headers, body }, response) => {
    const give = (status: number, value: object) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(value));
    };
    const speakPath = side === 'synthesize' ? '/synthesize' : '/v1/audio/speech';
    if (url === '/health') return give(200, { status: 'healthy', engine: 'vibevoice', device: 'cpu' });
    if (url === '/status') {
      statusRequests += 1;
      if (side === 'openai') return give(404, { detail: 'Not Found' });
      const engines = { engine: 'vibevoice', available_engines: ['vibevoice', 'coqui', 'chatterbox'] };
      return give(200, { status: 'ready', device: 'cpu', model_loaded: true, ...engines, ...options.status });
    }
    if (url === (side === 'synthesize' ? '/voices' : '/v1/audio/voices'))
      return give(200, { engine: 'vibevoice', voices: ['carter', 'emma'] });
    if (url !== speakPath) return give(404, { detail: 'Not Found' });
    const schema = side === 'synthesize' ? synthesizeSchema : openAiSchema;
    const asked = schema.parse(JSON.parse(body.toString()));
    const request: SpeechServerRequest = {
      voice: undefined,
      language: undefined,
      ...asked,
      authorization: headers.authorization,
      outcome: 'running',
    };
    requests.push(request);
    request.outcome = await giveLoopbackAnswer(
      response,
      {
        headers: { 'content-type': 'audio/pcm', 'x-sample-rate': '24000', 'x-channels': '1' },
        pieces: piecesOf(options.speak(asked.text)).map(bytesOfSamples),
        pace: options.pace,
        refusal: (status) => ({ detail: `scripted ${status}` }),
      },
      fault,
    );
  });
  return {
    url: server.url,
    requests,
    statusRequests: () => statusRequests,
    connections: () => ({ opened: server.connections(), open: server.openConnections() }),
    setFault: (next) => {
      fault = next;
    },
    close: server.close,
  };
}
