/** espeak-ng, compiled to WebAssembly, in a thread of its own because it makes a whole text in one synchronous call. */
import { parentPort } from 'node:worker_threads';
import createEspeak from '@echogarden/espeak-ng-emscripten';
import type { EspeakReply, EspeakRequest } from './espeak-messages.ts';

const port = parentPort;
if (port === null) throw new Error('espeak-thread.ts runs as a worker thread only');

const espeak = await createEspeak();
const worker = new espeak.eSpeakNGWorker();

function reply(message: EspeakReply): void {
  port?.postMessage(message);
}

port.on('message', ({ id, text, language, wordsPerMinute, stop }: EspeakRequest) => {
  const stopFlag = new Int32Array(stop);
  try {
    worker.set_voice(language);
    worker.set_rate(wordsPerMinute);
    worker.synthesize(text, (samples) => {
      // The package's memory is reused for the next piece.
      if (samples !== null && samples.length > 0) reply({ type: 'audio', id, samples: samples.slice() });
      return Atomics.load(stopFlag, 0) !== 0;
    });
    reply({ type: 'done', id });
  } catch (error) {
    reply({ type: 'failed', id, message: error instanceof Error ? error.message : String(error) });
  }
});

reply({ type: 'ready', sampleRateHz: worker.get_samplerate() });
