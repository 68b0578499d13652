/** A Piper or Kokoro model, run by sherpa-onnx. */
import { join } from 'node:path';
import sherpa, { type OfflineTtsConfig } from 'sherpa-onnx-node';
import { collectGarbage } from '../collect-garbage.ts';
import { EngineError } from '../engine-error.ts';
import { pcm16 } from './pcm16.ts';
import { PieceStream } from './piece-stream.ts';
import type { SpeechEngine } from './speech-voice.ts';
import type { VoiceItem } from './voice-catalogue.ts';

export type SherpaVoiceOptions = {
  readonly item: VoiceItem;
  readonly espeakDataPath: string;
  readonly threads: number;
  readonly provider: string;
  /** Said once at loading, because the first synthesis takes twice as long as the rest. */
  readonly warmUpText: string;
};

export async function openSherpaVoice(options: SherpaVoiceOptions): Promise<SpeechEngine> {
  const { title } = options.item;
  let engine: Awaited<ReturnType<typeof sherpa.OfflineTts.createAsync>> | undefined =
    await sherpa.OfflineTts.createAsync({
      model: {
        ...voiceFiles(options),
        numThreads: options.threads,
        provider: options.provider,
        debug: false,
      },
      // A callback a sentence: the first is heard while the second is made.
      maxNumSentences: 1,
    });
  const voice: SpeechEngine = {
    sampleRateHz: engine.sampleRate,
    speak(text, { speed, speakerId, signal }) {
      const pieces = new PieceStream<Int16Array<ArrayBuffer>>();
      if (engine === undefined) throw new EngineError('engine_failed', `${title} was unloaded.`);
      engine
        .generateAsync({
          text,
          sid: speakerId,
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
            pieces.fail(new EngineError('engine_failed', `The voice ${title} failed.`, { cause: error })),
        );
      return pieces;
    },
    close: () => {
      // The native model goes with the last reference to it.
      engine = undefined;
      collectGarbage();
      return Promise.resolve();
    },
  };
  const never = new AbortController().signal;
  for await (const _piece of voice.speak(options.warmUpText, { speed: 1, speakerId: 0, signal: never })) {
    // Only the time counts.
  }
  return voice;
}

function voiceFiles({
  item,
  espeakDataPath,
}: SherpaVoiceOptions): Pick<OfflineTtsConfig['model'], 'vits' | 'kokoro'> {
  const model = join(item.modelPath, 'model.onnx');
  const tokens = join(item.modelPath, 'tokens.txt');
  if (item.family !== 'kokoro') return { vits: { model, tokens, dataDir: espeakDataPath } };
  return {
    kokoro: {
      model,
      tokens,
      voices: join(item.modelPath, 'voices.bin'),
      dataDir: espeakDataPath,
      lexicon: join(item.modelPath, 'lexicon-us-en.txt'),
      // English goes through the lexicon, every other language through espeak-ng.
      ...(item.language === 'en' ? {} : { lang: item.language }),
    },
  };
}
