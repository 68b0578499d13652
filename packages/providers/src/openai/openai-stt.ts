/** Recognition by upload: `POST /audio/transcriptions` of OpenAI and everything that speaks like it. */
import { randomUUID } from 'node:crypto';
import type { UploadSttPort } from '@sophy/conversation/stt-port';
import { z } from 'zod';
import { encodeWav } from '../audio/encode-wav.ts';
import { askEngine, readText } from '../http/exchange-with-engine.ts';
import { parseAnswer } from '../http/parse-answer.ts';
import { serviceUrl } from '../http/service-url.ts';
import {
  endpointHeaders,
  endpointLabel,
  givenFields,
  isOpenAiItself,
  type OpenAiEndpoint,
} from './openai-endpoint.ts';

export type OpenAiSttOptions = OpenAiEndpoint & {
  /** Longest audio of one request, ms; 25 MB is the limit of OpenAI, Whisper itself hears 30 s at once. */
  readonly maxAudioMs?: number;
};

const transcriptSchema = z.object({ text: z.string(), language: z.string().nullish() });
const answerBytes = 1_000_000;
/** Servers with `verbose_json` inside name languages in English. */
const languageCodes: Readonly<Record<string, string>> = { english: 'en', italian: 'it' };

/** An OpenAI-compatible transcription server. */
export function createOpenAiStt(options: OpenAiSttOptions): UploadSttPort {
  const identity = { stage: 'stt', engine: options.engine } as const;
  const model = options.model || (isOpenAiItself(options.baseUrl) ? 'gpt-4o-mini-transcribe' : undefined);
  return {
    kind: 'upload',
    label: endpointLabel({ ...options, model }),
    maxAudioMs: options.maxAudioMs ?? 30_000,
    async transcribe(audio, { language, signal }) {
      const boundary = `sophy-${randomUUID()}`;
      const body = multipart(
        boundary,
        givenFields({ model, language, response_format: 'json' }),
        encodeWav(audio),
      );
      const text = await askEngine(
        {
          identity,
          method: 'POST',
          url: serviceUrl(options.baseUrl, '/audio/transcriptions'),
          headers: endpointHeaders(options, `multipart/form-data; boundary=${boundary}`),
          body,
          timeouts: options.timeouts,
          awaited: 'transcript',
          signal,
        },
        (answer) => readText(answer.chunks, answerBytes),
      );
      const transcript = parseAnswer(identity, text, transcriptSchema, 'transcript');
      return { text: transcript.text.trim(), language: languageCode(transcript.language ?? undefined) };
    },
  };
}

function languageCode(language: string | undefined): string | undefined {
  const name = language?.toLowerCase();
  if (name === undefined) return undefined;
  return /^[a-z]{2,3}(-[a-z0-9]+)?$/.test(name) ? name : languageCodes[name];
}

/** RFC 7578 form with the text fields first and the audio last, so that servers may stream it. */
function multipart(boundary: string, fields: Readonly<Record<string, string>>, wav: Buffer): Buffer {
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const file = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="speech.wav"\r\ncontent-type: audio/wav\r\n\r\n`;
  return Buffer.concat([Buffer.from(parts.join('') + file), wav, Buffer.from(`\r\n--${boundary}--\r\n`)]);
}
