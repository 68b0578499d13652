/** A Piper voice, run by sherpa-onnx. */
import { join } from 'node:path';
import sherpa from 'sherpa-onnx-node';
import { EngineError } from '../engine-error.ts';
import { pcm16 } from './pcm16.ts';
import { PieceStream } from './piece-stream.ts';
import type { SpeechVoice } from './speech-voice.ts';

export type PiperVoiceOptions = {
  readonly id: string;
  readonly name: string;
  readonly gender: string;
  readonly locale: string;
  readonly language: string;
  readonly modelPath: string;
  readonly espeakDataPath: string;
  readonly threads: number;
  /** Said once at loading, because the first synthesis takes twice as long as the rest. */
  readonly warmUpText: string;
};

export async function openPiperVoice(options: PiperVoiceOptions): Promise<SpeechVoice> {
  const engine = await sherpa.OfflineTts.createAsync({
    model: {
      vits: {
        model: join(options.modelPath, 'model.onnx'),
        tokens: join(options.modelPath, 'tokens.txt'),
        dataDir: options.espeakDataPath,
      },
      numThreads: options.threads,
      provider: 'cpu',
      debug: false,
    },
    // A callback a sentence: the first is heard while the second is made.
    maxNumSentences: 1,
  });
  const voice: SpeechVoice = {
    id: options.id,
    name: options.name,
    gender: options.gender,
    locale: options.locale,
    language: options.language,
    sampleRateHz: engine.sampleRate,
    speak(text, { speed, signal }) {
      const pieces = new PieceStream<Int16Array<ArrayBuffer>>();
      engine
        .generateAsync({
          text,
          sid: 0,
          speed,
          onProgress: ({ samples }) => {
            if (signal.aborted) return 0;
            pieces.push(pcm16(samples));
            return 1;
          },
        })
        .then(
          () => pieces.end(),
          (error: unknown) =>
            pieces.fail(
              new EngineError('engine_failed', `The voice ${options.id} failed.`, { cause: error }),
            ),
        );
      return pieces;
    },
    close: () => Promise.resolve(),
  };
  const never = new AbortController().signal;
  for await (const _piece of voice.speak(options.warmUpText, { speed: 1, signal: never })) {
    // Only the time counts.
  }
  return voice;
}
