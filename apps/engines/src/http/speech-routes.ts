/** `POST /v1/audio/speech`: text in, sound out while it is being made. */
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { EngineError } from '../engine-error.ts';
import type { Engines } from '../engines.ts';
import { pcm16Bytes, wavHeader } from '../tts/pcm16.ts';
import type { SpeechEngine, SpeechOptions } from '../tts/speech-voice.ts';
import { selectVoice } from '../tts/voice-selection.ts';
import { parseBody } from './parse-body.ts';
import { requestSignal } from './request-signal.ts';

/** OpenAI's limit. */
const maxCharacters = 4_096;

const bodySchema = z.object({
  input: z
    .string()
    .max(maxCharacters)
    // Control characters are nothing to say, and NUL ends a text in the native code.
    .transform((input) => input.replace(/\p{Cc}+/gu, ' ').trim())
    .refine((input) => input !== '', 'must not be empty'),
  model: z.string().max(200).nullish(),
  voice: z.string().max(200).nullish(),
  language: z.string().max(20).nullish(),
  speed: z.number().min(0.25).max(4).default(1),
  response_format: z.enum(['pcm', 'wav']).default('wav'),
});

export function registerSpeechRoutes(app: FastifyInstance, engines: Engines): void {
  app.post('/v1/audio/speech', async (request, reply) => {
    const signal = requestSignal(reply);
    const body = parseBody(bodySchema, request.body);
    engines.tts.requireReady();
    const { voices, items } = engines.voices();
    const model = namedModel(engines, body.model ?? undefined);
    const voice = selectVoice(
      model === undefined ? voices : voices.filter(({ modelId }) => modelId === model),
      { voice: body.voice ?? undefined, language: body.language ?? undefined },
    );
    const item = items.get(voice.engineKey);
    if (item === undefined) throw new EngineError('engine_failed', `Voice ${voice.id} has no model.`);
    const { engine, release } = await engines.tts.enter(item, signal);
    const options = { speed: body.speed, speakerId: voice.speakerId, signal };
    const pieces = speech(engine, body.input, options, release);
    // Waiting for the first sound lets an engine that fails answer with a status.
    const first = await pieces.next();
    const isWav = body.response_format === 'wav';
    reply.type(isWav ? 'audio/wav' : `audio/pcm;rate=${engine.sampleRateHz}`);
    reply.header('x-sample-rate', engine.sampleRateHz);
    return reply.send(Readable.from(audioBytes(first, pieces, isWav ? engine.sampleRateHz : undefined)));
  });
}

/** Id of the model that is asked for; undefined: any. Throws `EngineError` when it is not installed. */
function namedModel({ library }: Engines, asked: string | undefined): string | undefined {
  if (asked === undefined || !library.isNameOf('tts', asked)) return undefined;
  return library.choose('tts', asked).id;
}

/** The place is given back when the last piece was read, or the reader or the client has left. */
async function* speech(
  voice: SpeechEngine,
  text: string,
  options: SpeechOptions,
  release: () => void,
): AsyncGenerator<Buffer, void, undefined> {
  try {
    // Punctuation alone is silence.
    if (!/[\p{L}\p{N}]/u.test(text)) return;
    for await (const piece of voice.speak(text, options)) {
      options.signal.throwIfAborted();
      yield pcm16Bytes(piece);
    }
  } finally {
    release();
  }
}

async function* audioBytes(
  first: IteratorResult<Buffer, void>,
  rest: AsyncGenerator<Buffer, void, undefined>,
  wavRateHz: number | undefined,
): AsyncGenerator<Buffer, void, undefined> {
  try {
    if (wavRateHz !== undefined) yield wavHeader(wavRateHz);
    if (first.done === true) return;
    yield first.value;
    yield* rest;
  } finally {
    await rest.return();
  }
}
