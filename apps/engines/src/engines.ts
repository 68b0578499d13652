/** The engines of the process: what serves by default is loaded at the start, the rest on demand. */
import type { EnginesReadiness } from '@sophy/contracts/http-engines';
import type { Logger } from '@sophy/telemetry/logger';
import { modelCatalogue } from '../../../scripts/models/model-catalogue.ts';
import { chooseProvider, machineFacts } from './compute-provider.ts';
import type { EnginesConfiguration } from './configuration.ts';
import type { LanguageModel } from './llm/language-model.ts';
import { modelLoaders } from './model-loaders.ts';
import { MemoryBudget } from './models/memory-budget.ts';
import { MemoryWatch } from './models/memory-watch.ts';
import { ModelDownloads } from './models/model-downloads.ts';
import { type BrainItem, modelItem, type RecognitionItem } from './models/model-item.ts';
import { ModelLibrary } from './models/model-library.ts';
import { ModelPool, type PoolItem } from './models/model-pool.ts';
import { ModelShelf } from './models/model-shelf.ts';
import { Stage, type StageTimes } from './stage.ts';
import type { Recognizer } from './stt/recognizer.ts';
import type { StreamingRecognizer } from './stt/streaming-recognizer.ts';
import type { SpeechEngine } from './tts/speech-voice.ts';
import { type VoiceCatalogue, type VoiceItem, voiceCatalogue } from './tts/voice-catalogue.ts';

export type Engines = {
  readonly stt: Stage<RecognitionItem, Recognizer>;
  readonly tts: Stage<VoiceItem, SpeechEngine>;
  readonly llm: Stage<BrainItem, LanguageModel>;
  /** Recognizers that hear audio as it comes. */
  readonly streaming: ModelPool<RecognitionItem, StreamingRecognizer>;
  readonly library: ModelLibrary;
  readonly shelf: ModelShelf;
  readonly memory: MemoryBudget;
  /** What to load for the recognition or language model of that name. Throws `EngineError` as `ModelLibrary.choose`. */
  recognition(asked: string | undefined): RecognitionItem;
  brain(asked: string | undefined): BrainItem;
  /** The voices of what is installed now. */
  voices(): VoiceCatalogue;
  readiness(): EnginesReadiness;
  /** Fulfilled when every stage is ready or has failed. */
  readonly settled: Promise<void>;
  close(): Promise<void>;
};

const fetchAdvice = 'Fetch the models with: node scripts/models/main.ts';
const neverAborted = new AbortController().signal;
/** Node, the programs and the native libraries without any model, measured. */
const processBytes = 150_000_000;

export function openEngines(configuration: EnginesConfiguration, logger: Logger, times: StageTimes): Engines {
  const { concurrency } = configuration;
  const { provider, fallbackReason } = chooseProvider(configuration.provider, machineFacts());
  if (fallbackReason !== undefined) {
    logger.warn({ wanted: configuration.provider, provider, reason: fallbackReason }, 'provider not used');
  }
  const memory = new MemoryBudget({
    limitBytes: configuration.memoryLimitBytes,
    baseBytes: processBytes,
    residentBytes: () => process.memoryUsage.rss(),
  });
  const watch = new MemoryWatch(memory, logger);
  const library = new ModelLibrary(configuration.modelDirectory, modelCatalogue);
  let voices: VoiceCatalogue = { voices: [], items: new Map() };

  const loaders = modelLoaders({ configuration, provider, library, logger, onDeath: forget });
  const places = { places: concurrency, maxWaiting: configuration.maxWaiting, times };
  const stt = new Stage({ ...places, name: 'stt', pool: new ModelPool(memory, loaders.recognizer) });
  const tts = new Stage({ ...places, name: 'tts', pool: new ModelPool(memory, loaders.voice) });
  const llm = new Stage({ ...places, name: 'llm', pool: new ModelPool(memory, loaders.languageModel) });
  const streaming = new ModelPool(memory, loaders.streamingRecognizer);
  const pools = [stt.pool, tts.pool, llm.pool, streaming];

  const shelf: ModelShelf = new ModelShelf({
    library,
    downloads: new ModelDownloads({
      directory: configuration.modelDirectory,
      source: configuration.modelSource,
      logger,
      onInstalled: () => shelf.installed(),
    }),
    loadedKeys: () => pools.flatMap((pool) => pool.loadedKeys),
    isInUse: (key) => pools.some((pool) => pool.isInUse(key)),
    unload: async (key) => {
      for (const pool of pools) await pool.unload(key);
    },
    onChanged: loadDefaults,
  });
  const settled = library.refresh().then(loadDefaults);
  // A failure of `settled` itself is heard by who awaits that.
  void settled.then(finishLoading, () => undefined);

  function forget(key: string): void {
    for (const pool of pools) {
      pool.unload(key).catch((error: unknown) => logger.error({ model: key, error }, 'model not closed'));
    }
  }

  function recognition(asked: string | undefined): RecognitionItem {
    return modelItem(library, library.choose('stt', asked), concurrency);
  }

  function brain(asked: string | undefined): BrainItem {
    return modelItem(library, library.choose('llm', asked), concurrency);
  }

  /**
   * Loads what serves requests that name no model. A stage that serves already is only described anew: it loads what it
   * needs when somebody asks for it.
   */
  async function loadDefaults(): Promise<void> {
    voices = voiceCatalogue(library);
    await Promise.all([
      attempt(stt, 'speech recognition', loadRecognition),
      attempt(tts, 'English voice', loadVoices),
      attempt(llm, 'language model', loadBrain),
    ]);
  }

  async function attempt(
    stage: Pick<Stage<never, unknown>, 'name' | 'fail' | 'modelName'>,
    need: string,
    loadDefault: () => Promise<boolean>,
  ): Promise<void> {
    try {
      if (await loadDefault()) return;
      const reason = `No ${need} is in the model directory. ${library.missingReason(need)} ${fetchAdvice}`;
      stage.fail(reason.replace(/\s+/g, ' '));
    } catch (error) {
      stage.fail(error instanceof Error ? error.message : String(error));
      logger.error({ stage: stage.name, model: stage.modelName, error }, 'engine not ready');
    }
  }

  async function load<Item extends PoolItem>(stage: Stage<Item, unknown>, item: Item): Promise<void> {
    if (!stage.describe().ready) (await stage.pool.use(item, neverAborted)).release();
  }

  async function loadRecognition(): Promise<boolean> {
    const model = library.default('stt');
    if (model === undefined) return false;
    stt.announce(model.title);
    await load(stt, modelItem(library, model, concurrency));
    stt.becomeReady(`${model.title} is loaded.`);
    return true;
  }

  async function loadVoices(): Promise<boolean> {
    if (library.phonemes === undefined || library.installed('tts').length === 0) return false;
    tts.announce(voices.voices.map((voice) => voice.name).join(', '));
    // The first voice of each language answers requests that name none.
    const languages = [...new Set(voices.voices.map(({ language }) => language))];
    for (const language of languages) {
      const first = voices.voices.find((voice) => voice.language === language);
      const item = voices.items.get(first?.engineKey ?? '');
      if (item !== undefined) await load(tts, item);
    }
    const isRobotic = voices.voices.some((voice) => voice.modelId === 'espeak-ng');
    tts.becomeReady(
      isRobotic
        ? `The voices are loaded; Italian is spoken by espeak-ng. ${library.missingReason('Italian voice')}`.trim()
        : 'The voices are loaded.',
    );
    return true;
  }

  async function loadBrain(): Promise<boolean> {
    const model = library.default('llm');
    if (model === undefined) return false;
    llm.announce(model.title);
    await load(llm, modelItem(library, model, concurrency));
    llm.becomeReady(
      model.demo
        ? 'This is the demo brain: it shows that the chain works and knows next to nothing. Run Ollama or set another engine for real answers.'
        : `${model.title} is loaded.`,
    );
    return true;
  }

  /**
   * What a first caller does not need. One after the other and after every stage, so that readiness is not delayed and
   * the processes that start beside this one keep a core.
   */
  async function finishLoading(): Promise<void> {
    const startedMs = performance.now();
    try {
      const [ears, mind] = [library.default('stt'), library.default('llm')];
      if (mind !== undefined) await llm.pool.peek(mind.id)?.warmUpRest();
      if (ears !== undefined) await stt.pool.peek(ears.id)?.openRest();
      logger.info({ loadMs: Math.round(performance.now() - startedMs) }, 'engines fully warm');
    } catch (error) {
      logger.error({ error }, 'engines not fully warm: further languages or callers at once will be slower');
    }
  }

  return {
    stt,
    tts,
    llm,
    streaming,
    library,
    shelf,
    memory,
    recognition,
    brain,
    voices: () => voices,
    readiness() {
      const stages = { stt: stt.describe(), tts: tts.describe(), llm: llm.describe() };
      return {
        ready: stages.stt.ready && stages.tts.ready && stages.llm.ready,
        stt: stages.stt,
        tts: {
          ...stages.tts,
          voices: voices.voices.map(({ id, name, gender, locale }) => ({ id, name, gender, locale })),
        },
        llm: { ...stages.llm, demo: library.default('llm')?.demo ?? false },
        memory: memory.describe(),
      };
    },
    settled,
    async close() {
      watch.close();
      await shelf.close();
      for (const pool of pools) await pool.close();
    },
  };
}
