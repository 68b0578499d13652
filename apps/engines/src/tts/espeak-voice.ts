/** The stand-in voice for a language without a Piper voice: intelligible, robotic, 7 MB. */
import { Worker } from 'node:worker_threads';
import { EngineError } from '../engine-error.ts';
import type { EspeakReply, EspeakRequest } from './espeak-messages.ts';
import { PieceStream } from './piece-stream.ts';
import type { SpeechEngine } from './speech-voice.ts';

export type EspeakVoiceOptions = {
  readonly id: string;
  readonly language: string;
  /** The thread died; the voice refuses from then on. */
  readonly onDeath: (error: Error) => void;
};

/** espeak-ng's default rate, and the limits it takes. */
const normalWordsPerMinute = 175;
const minWordsPerMinute = 80;
const maxWordsPerMinute = 450;

export async function openEspeakVoice(options: EspeakVoiceOptions): Promise<SpeechEngine> {
  const worker = new Worker(new URL('./espeak-thread.ts', import.meta.url));
  const streams = new Map<number, PieceStream<Int16Array<ArrayBuffer>>>();
  let lastId = 0;
  let death: Error | undefined;

  const sampleRateHz = await new Promise<number>((resolve, reject) => {
    const die = (error: Error) => {
      death = error;
      for (const stream of streams.values()) stream.fail(failure(options.id, error));
      streams.clear();
      reject(error);
      options.onDeath(error);
    };
    worker.on('error', die);
    worker.on('message', (reply: EspeakReply) => {
      switch (reply.type) {
        case 'ready':
          return resolve(reply.sampleRateHz);
        case 'audio':
          return streams.get(reply.id)?.push(reply.samples);
        case 'done':
          streams.get(reply.id)?.end();
          return void streams.delete(reply.id);
        case 'failed':
          streams.get(reply.id)?.fail(failure(options.id, new Error(reply.message)));
          return void streams.delete(reply.id);
        default:
          return reply satisfies never;
      }
    });
  });

  return {
    sampleRateHz,
    async *speak(text, { speed, signal }) {
      if (death !== undefined) throw failure(options.id, death);
      lastId += 1;
      const id = lastId;
      const stop = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
      const stopNow = () => void Atomics.store(new Int32Array(stop), 0, 1);
      const stream = new PieceStream<Int16Array<ArrayBuffer>>();
      streams.set(id, stream);
      signal.addEventListener('abort', stopNow, { once: true });
      const request: EspeakRequest = {
        id,
        text,
        language: options.language,
        wordsPerMinute: Math.round(
          Math.max(minWordsPerMinute, Math.min(maxWordsPerMinute, normalWordsPerMinute * speed)),
        ),
        stop,
      };
      worker.postMessage(request);
      try {
        for await (const piece of stream) {
          if (signal.aborted) return;
          yield piece;
        }
      } finally {
        stopNow();
        signal.removeEventListener('abort', stopNow);
      }
    },
    async close() {
      await worker.terminate();
    },
  };
}

function failure(id: string, cause: Error): EngineError {
  return new EngineError('engine_failed', `The voice ${id} failed.`, { cause });
}
