/** How each kind of model gets into memory. */
import { join } from 'node:path';
import type { Logger } from '@sophy/telemetry/logger';
import type { EnginesConfiguration } from './configuration.ts';
import { type LanguageModel, openLanguageModel } from './llm/language-model.ts';
import type { BrainItem, RecognitionItem } from './models/model-item.ts';
import type { ModelLibrary } from './models/model-library.ts';
import type { PooledModel, PoolItem } from './models/model-pool.ts';
import { openRecognizer, type Recognizer } from './stt/recognizer.ts';
import { openStreamingRecognizer, type StreamingRecognizer } from './stt/streaming-recognizer.ts';
import { openEspeakVoice } from './tts/espeak-voice.ts';
import { openSherpaVoice } from './tts/sherpa-voice.ts';
import type { SpeechEngine } from './tts/speech-voice.ts';
import type { VoiceItem } from './tts/voice-catalogue.ts';

export type LoaderOptions = {
  readonly configuration: EnginesConfiguration;
  /** What computes recognition and voices, as sherpa-onnx names it. */
  readonly provider: string;
  readonly library: ModelLibrary;
  readonly logger: Logger;
  /** A model died while it was loaded: it has to be forgotten. */
  readonly onDeath: (key: string) => void;
};

export type ModelLoaders = {
  recognizer(item: RecognitionItem): Promise<PooledModel<Recognizer>>;
  streamingRecognizer(item: RecognitionItem): Promise<PooledModel<StreamingRecognizer>>;
  voice(item: VoiceItem): Promise<PooledModel<SpeechEngine>>;
  languageModel(item: BrainItem): Promise<PooledModel<LanguageModel>>;
};

const warmUpTexts: Readonly<Record<string, string>> = { en: 'Hello, I am ready.', it: 'Ciao, sono pronta.' };

export function modelLoaders(options: LoaderOptions): ModelLoaders {
  const { configuration, provider, library, logger, onDeath } = options;
  const { threads, concurrency, gpuLayers } = configuration;

  const died = (item: PoolItem) => (error: Error) => {
    logger.error({ model: item.key, error }, 'model stopped: the next request loads it again');
    onDeath(item.key);
  };

  async function logged<Engine extends { close(): Promise<void> }>(
    item: PoolItem,
    open: () => Promise<Engine>,
  ): Promise<PooledModel<Engine>> {
    const startedMs = performance.now();
    const engine = await open();
    logger.info({ model: item.key, loadMs: Math.round(performance.now() - startedMs) }, 'model loaded');
    return {
      engine,
      close: async () => {
        await engine.close();
        logger.info({ model: item.key }, 'model unloaded');
      },
    };
  }

  return {
    recognizer: (item) =>
      logged(item, () =>
        openRecognizer({
          family: item.model.family === 'whisper' ? 'whisper' : 'transducer',
          modelPath: item.path,
          threads,
          provider,
          threadCount: concurrency,
          onDeath: died(item),
        }),
      ),
    streamingRecognizer: (item) =>
      logged(item, () =>
        openStreamingRecognizer({ modelPath: item.path, threads: 1, provider, onDeath: died(item) }),
      ),
    voice: (item) =>
      logged(item, () => {
        const { phonemes } = library;
        if (item.family === 'espeak') {
          return openEspeakVoice({ id: item.key, language: item.language, onDeath: died(item) });
        }
        if (phonemes === undefined) throw new Error(`${item.title} needs the espeak-ng data, which is gone.`);
        return openSherpaVoice({
          item,
          espeakDataPath: library.pathOf(phonemes),
          threads,
          provider,
          warmUpText: warmUpTexts[item.language] ?? 'OK.',
        });
      }),
    languageModel: (item) =>
      logged(item, () =>
        openLanguageModel({
          path: join(item.path, 'model.gguf'),
          demo: item.model.demo,
          threads,
          concurrency,
          gpuLayers,
          onGpuMissing: () =>
            logger.warn(
              { gpuLayers, reason: 'no graphics card or no build of node-llama-cpp for it' },
              'the language model is computed by the processor',
            ),
        }),
      ),
  };
}
