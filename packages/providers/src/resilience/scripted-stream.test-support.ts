/** A streaming recognizer whose words a test says when it wants. */
import type {
  StreamingSttPort,
  SttOptions,
  SttStreamEvent,
  UploadSttPort,
} from '@sophy/conversation/stt-port';
import { AsyncQueue } from '../async-queue.ts';
import { failure } from './scripted-links.test-support.ts';

export type ScriptedStream = {
  readonly options: SttOptions;
  readonly pushed: Int16Array[];
  commits: number;
  closes: number;
  interim(text: string): void;
  final(text: string, language?: string): void;
  /** The service ends the stream; with an error it fails. */
  end(error?: Error): void;
};

export type ScriptedStreams = { readonly port: StreamingSttPort; readonly streams: ScriptedStream[] };

/** @param onOpen what each stream does by itself. */
export function createScriptedStreams(
  onOpen: (stream: ScriptedStream, index: number) => void = () => undefined,
  sampleRateHz = 16_000,
  backup?: UploadSttPort,
): ScriptedStreams {
  const streams: ScriptedStream[] = [];
  const port: StreamingSttPort = {
    kind: 'streaming',
    label: 'a',
    sampleRateHz,
    ...(backup === undefined ? {} : { backup }),
    open(options) {
      const queue = new AsyncQueue<SttStreamEvent>();
      const stream: ScriptedStream = {
        options,
        pushed: [],
        commits: 0,
        closes: 0,
        interim: (text) => queue.push({ type: 'interim', text }),
        final: (text, language) => queue.push({ type: 'final', text, language }),
        end: (error) => queue.end(error),
      };
      options.signal.addEventListener('abort', () => queue.end());
      streams.push(stream);
      onOpen(stream, streams.length - 1);
      return {
        events: queue,
        push: (samples) => stream.pushed.push(samples),
        commit: () => {
          stream.commits += 1;
        },
        close: async () => {
          stream.closes += 1;
          queue.end();
        },
      };
    },
  };
  return { port, streams };
}

/** The service cannot be reached. */
export const gone = failure('connectivity', { stage: 'stt' });
