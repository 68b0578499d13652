/** One streaming transducer in a thread of its own; every utterance has a stream in it. */
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import sherpa from 'sherpa-onnx-node';
import { z } from 'zod';
import type { StreamingReply, StreamingRequest } from './streaming-messages.ts';

const sampleRateHz = 16_000;
/** Silence that lets the last words come out of the model's look-ahead. */
const tailSeconds = 0.66;

const settings = z
  .object({ modelPath: z.string(), threads: z.number(), provider: z.string() })
  .parse(workerData);
const port = parentPort;
if (port === null) throw new Error('streaming-thread.ts runs as a worker thread only');

const file = (name: string) => join(settings.modelPath, name);
const recognizer = new sherpa.OnlineRecognizer({
  featConfig: { sampleRate: sampleRateHz, featureDim: 80 },
  modelConfig: {
    transducer: {
      encoder: file('encoder.int8.onnx'),
      decoder: file('decoder.int8.onnx'),
      joiner: file('joiner.int8.onnx'),
    },
    tokens: file('tokens.txt'),
    numThreads: settings.threads,
    provider: settings.provider,
    debug: false,
  },
  enableEndpoint: false,
});
type Stream = ReturnType<typeof recognizer.createStream>;
const streams = new Map<number, { readonly stream: Stream; text: string }>();

function reply(message: StreamingReply): void {
  port?.postMessage(message);
}

function hear(stream: Stream, samples: Float32Array): string {
  stream.acceptWaveform({ samples, sampleRate: sampleRateHz });
  while (recognizer.isReady(stream)) recognizer.decode(stream);
  return recognizer.getResult(stream).text.trim();
}

port.on('message', (request: StreamingRequest) => {
  const { id } = request;
  switch (request.type) {
    case 'open':
      streams.set(id, { stream: recognizer.createStream(), text: '' });
      return;
    case 'audio': {
      const utterance = streams.get(id);
      if (utterance === undefined) return;
      const text = hear(utterance.stream, request.samples);
      if (text !== utterance.text) reply({ type: 'words', id, text });
      utterance.text = text;
      return;
    }
    case 'finish': {
      const utterance = streams.get(id);
      streams.delete(id);
      const tail = new Float32Array(tailSeconds * sampleRateHz);
      reply({ type: 'finished', id, text: utterance === undefined ? '' : hear(utterance.stream, tail) });
      return;
    }
    case 'abandon':
      streams.delete(id);
      return;
    default:
      request satisfies never;
  }
});

reply({ type: 'ready' });
