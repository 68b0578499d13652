/** `POST /v1/audio/transcriptions`: a WAV file in, its words out. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { EngineError } from '../engine-error.ts';
import type { Engines } from '../engines.ts';
import type { Transcription } from '../stt/recognizer-messages.ts';
import { requestedLanguage } from '../stt/requested-language.ts';
import { parseBody } from './parse-body.ts';
import { requestSignal } from './request-signal.ts';

const formSchema = z.object({
  response_format: z.enum(['json', 'text', 'verbose_json']).default('json'),
  language: z.string().max(20).optional(),
  model: z.string().max(200).optional(),
});

export function registerTranscriptionRoutes(app: FastifyInstance, engines: Engines): void {
  app.post('/v1/audio/transcriptions', async (request, reply) => {
    const signal = requestSignal(reply);
    const { file, fields } = await readForm(request);
    const form = parseBody(formSchema, fields);
    if (!engines.library.isInstalled(form.model ?? '')) engines.stt.requireReady();
    const item = engines.recognition(form.model);
    if (item.model.family === 'streaming-transducer') {
      throw new EngineError(
        'invalid_request',
        `${item.model.title} hears streams only: use /v1/realtime, or another model for files.`,
      );
    }
    const language = requestedLanguage(form.language, item.model);
    const { engine, release } = await engines.stt.enter(item, signal);
    try {
      const transcription = await engine.transcribe(file, language, signal);
      const heard = transcription.language ?? onlyLanguage(item.model.languages);
      switch (form.response_format) {
        case 'text':
          return reply.type('text/plain; charset=utf-8').send(`${transcription.text}\n`);
        case 'json':
          return { text: transcription.text, language: heard };
        case 'verbose_json':
          return verbose(transcription, heard);
        default:
          return form.response_format satisfies never;
      }
    } finally {
      release();
    }
  });
}

function onlyLanguage(languages: readonly string[]): string | undefined {
  return languages.length === 1 ? languages[0] : undefined;
}

/** `words` is there when the model tells times: Whisper's files carry none. */
function verbose({ text, durationSeconds, segments }: Transcription, language: string | undefined) {
  const words = segments.flatMap((segment) => segment.words);
  return {
    task: 'transcribe',
    language,
    duration: durationSeconds,
    text,
    segments: segments.map((segment, id) => ({
      id,
      start: segment.startSeconds,
      end: segment.endSeconds,
      text: segment.text,
    })),
    ...(words.length === 0
      ? {}
      : {
          words: words.map(({ word, startSeconds, endSeconds }) => ({
            word,
            start: startSeconds,
            end: endSeconds,
          })),
        }),
  };
}

async function readForm(
  request: FastifyRequest,
): Promise<{ file: Uint8Array; fields: Record<string, string> }> {
  if (!request.isMultipart()) {
    throw new EngineError('invalid_request', 'Send multipart/form-data with a WAV in the field "file".');
  }
  let file: Uint8Array | undefined;
  const fields: Record<string, string> = {};
  for await (const part of request.parts()) {
    if (part.type === 'file') {
      const content = await part.toBuffer();
      if (part.fieldname === 'file') file = content;
    } else if (typeof part.value === 'string') {
      fields[part.fieldname] = part.value;
    }
  }
  if (file === undefined || file.length === 0) {
    throw new EngineError('invalid_request', 'file: a WAV file is required');
  }
  return { file, fields };
}
