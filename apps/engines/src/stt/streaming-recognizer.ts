/** A recognizer that hears audio as it comes: words follow the speaker by a fraction of a second. */
import { Worker } from 'node:worker_threads';
import { EngineError } from '../engine-error.ts';
import type { StreamingReply, StreamingRequest, StreamingSettings } from './streaming-messages.ts';

export type StreamedUtterance = {
  /** Mono, 16 kHz. */
  hear(samples: Float32Array): void;
  /** The final words. Throws `EngineError` engine_failed. */
  finish(): Promise<string>;
  abandon(): void;
};

export type StreamingRecognizer = {
  /** `onWords` gets the text so far whenever it changes. */
  open(onWords: (text: string) => void): StreamedUtterance;
  close(): Promise<void>;
};

type Utterance = {
  readonly onWords: (text: string) => void;
  readonly finished: PromiseWithResolvers<string>;
};

export async function openStreamingRecognizer(
  options: StreamingSettings & { readonly onDeath: (error: Error) => void },
): Promise<StreamingRecognizer> {
  const { onDeath, ...settings } = options;
  const worker = new Worker(new URL('./streaming-thread.ts', import.meta.url), { workerData: settings });
  const utterances = new Map<number, Utterance>();
  let lastId = 0;
  let isClosing = false;
  const send = (request: StreamingRequest) => worker.postMessage(request);

  await new Promise<void>((resolve, reject) => {
    const die = (error: Error) => {
      reject(error);
      const failure = new EngineError('engine_failed', 'Streaming recognition stopped.', { cause: error });
      for (const { finished } of utterances.values()) finished.reject(failure);
      utterances.clear();
      onDeath(error);
    };
    worker.on('error', die);
    worker.on('exit', (code) => {
      if (code !== 0 && !isClosing) die(new Error(`streaming recognizer ended with ${code}`));
    });
    worker.on('message', (reply: StreamingReply) => {
      switch (reply.type) {
        case 'ready':
          return resolve();
        case 'words':
          return utterances.get(reply.id)?.onWords(reply.text);
        case 'finished':
          utterances.get(reply.id)?.finished.resolve(reply.text);
          return void utterances.delete(reply.id);
        default:
          return reply satisfies never;
      }
    });
  });

  return {
    open(onWords) {
      lastId += 1;
      const id = lastId;
      const finished = Promise.withResolvers<string>();
      // Nobody awaits the end of an utterance that was abandoned.
      finished.promise.catch(() => undefined);
      utterances.set(id, { onWords, finished });
      send({ type: 'open', id });
      return {
        hear: (samples) => send({ type: 'audio', id, samples }),
        finish: () => {
          send({ type: 'finish', id });
          return finished.promise;
        },
        abandon: () => {
          utterances.delete(id);
          send({ type: 'abandon', id });
        },
      };
    },
    async close() {
      isClosing = true;
      await worker.terminate();
    },
  };
}
