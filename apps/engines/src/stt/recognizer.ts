/** The recognizer threads of the process; each works on one utterance at a time. */
import { Worker } from 'node:worker_threads';
import { EngineError } from '../engine-error.ts';
import type {
  RecognizerReply,
  RecognizerRequest,
  RecognizerSettings,
  Transcription,
} from './recognizer-messages.ts';

export type Recognizer = {
  /**
   * Transcribes a WAV file. Throws `EngineError` invalid_audio or engine_failed; rejects with the signal's reason when
   * it aborts, and the thread then stops after the piece it is at.
   */
  transcribe(wav: Uint8Array, language: string | undefined, signal: AbortSignal): Promise<Transcription>;
  /** Loads the threads after the first, which opening leaves out to be ready sooner. Throws when that fails. */
  openRest(): Promise<void>;
  close(): Promise<void>;
};

export type RecognizerOptions = RecognizerSettings & {
  readonly threadCount: number;
  /** A thread died; requests are refused from then on. */
  readonly onDeath: (error: Error) => void;
};

/** Loads and warms up the first thread; the others come when they are first needed. Throws when the model cannot be loaded. */
export async function openRecognizer(options: RecognizerOptions): Promise<Recognizer> {
  const threads = [await RecognizerThread.open(options)];
  let isClosing = false;
  let growing: Promise<void> | undefined;

  async function grow(): Promise<void> {
    while (threads.length < options.threadCount && !isClosing) {
      const thread = await RecognizerThread.open(options);
      threads.push(thread);
      // It came too late to be closed with the others.
      if (isClosing) await thread.close();
    }
  }

  function openRest(): Promise<void> {
    growing ??= grow();
    return growing;
  }

  return {
    transcribe(wav, language, signal) {
      const [idlest] = threads.toSorted((one, other) => one.pendingCount - other.pendingCount);
      if (idlest === undefined) throw new EngineError('not_ready', 'There is no recognizer thread.');
      if (idlest.pendingCount > 0) {
        // What a thread fails with, `onDeath` has heard.
        openRest().catch(() => undefined);
      }
      return idlest.transcribe(wav, language, signal);
    },
    openRest,
    async close() {
      isClosing = true;
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}

type Pending = {
  readonly resolve: (transcription: Transcription) => void;
  readonly reject: (error: unknown) => void;
};

class RecognizerThread {
  private readonly worker: Worker;
  private readonly pending = new Map<number, Pending>();
  private lastId = 0;
  private death: Error | undefined;

  private constructor(worker: Worker) {
    this.worker = worker;
  }

  static open(options: RecognizerOptions): Promise<RecognizerThread> {
    const { family, modelPath, threads: processorThreads, provider } = options;
    const settings: RecognizerSettings = { family, modelPath, threads: processorThreads, provider };
    const worker = new Worker(new URL('./recognizer-thread.ts', import.meta.url), { workerData: settings });
    const thread = new RecognizerThread(worker);
    return new Promise((resolve, reject) => {
      const die = (error: Error) => {
        reject(error);
        thread.die(error);
        options.onDeath(error);
      };
      worker.on('error', die);
      worker.on('exit', (code) => {
        if (code !== 0 && thread.death === undefined) die(new Error(`recognizer thread ended with ${code}`));
      });
      worker.on('message', (reply: RecognizerReply) => {
        if (reply.type === 'ready') resolve(thread);
        else thread.settle(reply);
      });
    });
  }

  get pendingCount(): number {
    return this.pending.size;
  }

  transcribe(wav: Uint8Array, language: string | undefined, signal: AbortSignal): Promise<Transcription> {
    if (this.death !== undefined) {
      throw new EngineError(
        'engine_failed',
        'Speech recognition stopped; the next request starts it again.',
        {
          cause: this.death,
        },
      );
    }
    this.lastId += 1;
    const id = this.lastId;
    const { promise, resolve, reject } = Promise.withResolvers<Transcription>();
    const cancel = () => {
      this.send({ type: 'cancel', id });
      reject(signal.reason);
    };
    signal.addEventListener('abort', cancel, { once: true });
    this.pending.set(id, { resolve, reject });
    this.send({ type: 'transcribe', id, wav, language });
    return promise.finally(() => signal.removeEventListener('abort', cancel));
  }

  async close(): Promise<void> {
    this.die(new Error('the engines are stopping'));
    await this.worker.terminate();
  }

  private send(request: RecognizerRequest): void {
    this.worker.postMessage(request);
  }

  private settle(reply: Exclude<RecognizerReply, { type: 'ready' }>): void {
    const pending = this.pending.get(reply.id);
    this.pending.delete(reply.id);
    if (reply.type === 'transcribed') pending?.resolve(reply.transcription);
    else pending?.reject(new EngineError(reply.code, reply.message));
  }

  private die(error: Error): void {
    this.death = error;
    for (const { reject } of this.pending.values()) {
      reject(
        new EngineError('engine_failed', 'Speech recognition stopped; the next request starts it again.', {
          cause: error,
        }),
      );
    }
    this.pending.clear();
  }
}
