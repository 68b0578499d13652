/** Stands in for an engine that the settings choose but do not describe: every use says what is missing. */
import type { LlmPort } from '@sophy/conversation/llm-port';
import type { UploadSttPort } from '@sophy/conversation/stt-port';
import type { TtsPort } from '@sophy/conversation/tts-port';
import { engineFailure } from './http/engine-failure.ts';

export function missingStt(engine: string, advice: string): UploadSttPort {
  return {
    kind: 'upload',
    label: `${engine} (not set up)`,
    maxAudioMs: 30_000,
    transcribe: async () => {
      throw engineFailure({ stage: 'stt', engine }, 'invalid-request', advice);
    },
  };
}

export function missingLlm(engine: string, advice: string): LlmPort {
  return {
    label: `${engine} (not set up)`,
    stream: () => failing(() => engineFailure({ stage: 'llm', engine }, 'invalid-request', advice)),
  };
}

export function missingTts(engine: string, advice: string): TtsPort {
  return {
    label: `${engine} (not set up)`,
    synthesize: () => failing(() => engineFailure({ stage: 'tts', engine }, 'invalid-request', advice)),
  };
}

function failing(makeError: () => Error): AsyncIterable<never> {
  return { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(makeError()) }) };
}
