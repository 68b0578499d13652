/** `POST /v1/audio/transcriptions`: a WAV file in, its words out. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { EngineError } from '../engine-error.ts';
import type { Engines } from '../engines.ts';
import { whisperLanguage } from '../stt/whisper-languages.ts';
import { parseBody } from './parse-body.ts';
import { requestSignal } from './request-signal.ts';

const formSchema = z.object({
  response_format: z.enum(['json', 'text', 'verbose_json']).default('json'),
  language: z.string().max(20).optional(),
});

export function registerTranscriptionRoutes(app: FastifyInstance, engines: Engines): void {
  app.post('/v1/audio/transcriptions', async (request, reply) => {
    const signal = requestSignal(reply);
    const { file, fields } = await readForm(request);
    const form = parseBody(formSchema, fields);
    const language = requestedLanguage(form.language);
    const recognizer = engines.stt.require();
    const release = await engines.stt.queue.enter(signal);
    try {
      const { text, language: heard, durationSeconds } = await recognizer.transcribe(file, language, signal);
      switch (form.response_format) {
        case 'text':
          return reply.type('text/plain; charset=utf-8').send(`${text}\n`);
        case 'json':
          return { text, language: heard };
        case 'verbose_json':
          return { task: 'transcribe', language: heard, duration: durationSeconds, text };
        default:
          return form.response_format satisfies never;
      }
    } finally {
      release();
    }
  });
}

function requestedLanguage(language: string | undefined): string | undefined {
  if (language === undefined || language === '' || language === 'auto') return undefined;
  const code = whisperLanguage(language);
  if (code !== undefined) return code;
  throw new EngineError(
    'unsupported_language',
    `Language "${language}" is unknown. Send a code such as en or it, or none to have it detected.`,
  );
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
