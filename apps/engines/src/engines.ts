/** The three engines of the process: loads what the model directory holds, and closes it again. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EnginesReadiness } from '@sophy/contracts/http-engines';
import {
  type ModelManifest,
  modelManifestFileName,
  modelManifestSchema,
  type StoredModel,
} from '@sophy/contracts/model-manifest';
import type { Logger } from '@sophy/telemetry/logger';
import type { EnginesConfiguration } from './configuration.ts';
import { type LanguageModel, openLanguageModel } from './llm/language-model.ts';
import { Stage } from './stage.ts';
import { openRecognizer, type Recognizer } from './stt/recognizer.ts';
import { openEspeakVoice } from './tts/espeak-voice.ts';
import { openPiperVoice } from './tts/piper-voice.ts';
import type { SpeechVoice } from './tts/speech-voice.ts';

export type Engines = {
  readonly stt: Stage<Recognizer>;
  readonly tts: Stage<readonly SpeechVoice[]>;
  readonly llm: Stage<LanguageModel>;
  readonly isDemo: () => boolean;
  readonly readiness: () => EnginesReadiness;
  /** Fulfilled when every stage is ready or has failed. */
  readonly settled: Promise<void>;
  close(): Promise<void>;
};

const fetchAdvice = 'Fetch the models with: node scripts/models/main.ts';
const warmUpTexts: Readonly<Record<string, string>> = { en: 'Hello, I am ready.', it: 'Ciao, sono pronta.' };

export function openEngines(configuration: EnginesConfiguration, logger: Logger): Engines {
  const stt = new Stage<Recognizer>('stt', configuration.concurrency);
  const tts = new Stage<readonly SpeechVoice[]>('tts', configuration.concurrency);
  const llm = new Stage<LanguageModel>('llm', configuration.concurrency);
  let isDemo = false;

  const settled = loadAll();
  // A failure of `settled` itself is heard by who awaits that.
  void settled.then(finishLoading, () => undefined);

  async function loadAll(): Promise<void> {
    const manifest = await readManifest(configuration.modelDirectory);
    isDemo = manifest?.models.some((model) => model.kind === 'llm' && model.demo) ?? false;
    await Promise.all([
      attempt(stt, () => loadRecognizer(manifest)),
      attempt(tts, () => loadVoices(manifest)),
      attempt(llm, () => loadLanguageModel(manifest)),
    ]);
  }

  async function attempt<Engine>(stage: Stage<Engine>, load: () => Promise<void>): Promise<void> {
    const startedMs = performance.now();
    try {
      await load();
      logger.info(
        { stage: stage.name, model: stage.modelName, loadMs: Math.round(performance.now() - startedMs) },
        'engine ready',
      );
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      stage.fail(reason);
      logger.error({ stage: stage.name, model: stage.modelName, error }, 'engine not ready');
    }
  }

  /**
   * What a first caller does not need. One after the other and after every stage, so that readiness is not delayed and
   * the processes that start beside this one keep a core.
   */
  async function finishLoading(): Promise<void> {
    const startedMs = performance.now();
    try {
      await llm.loaded?.warmUpRest();
      await stt.loaded?.openRest();
      logger.info({ loadMs: Math.round(performance.now() - startedMs) }, 'engines fully warm');
    } catch (error) {
      logger.error({ error }, 'engines not fully warm: further languages or callers at once will be slower');
    }
  }

  function directoryOf(model: StoredModel): string {
    return join(configuration.modelDirectory, model.directory);
  }

  async function loadRecognizer(manifest: ModelManifest | undefined): Promise<void> {
    const model = manifest?.models.find((candidate) => candidate.kind === 'stt');
    if (model === undefined) throw new Error(missingMessage(manifest, 'speech recognition'));
    stt.announce(model.title);
    const recognizer = await openRecognizer({
      modelPath: directoryOf(model),
      threads: configuration.threads,
      threadCount: configuration.concurrency,
      onDeath: (error) => stt.fail(`The recognizer stopped (${error.message}); restart the engines.`),
    });
    stt.becomeReady(recognizer, `${model.title} is loaded.`);
  }

  async function loadVoices(manifest: ModelManifest | undefined): Promise<void> {
    const phonemes = manifest?.models.find((candidate) => candidate.kind === 'phonemes');
    const stored = manifest?.models.filter((candidate) => candidate.kind === 'tts') ?? [];
    if (phonemes === undefined || stored.length === 0)
      throw new Error(missingMessage(manifest, 'English voice'));
    tts.announce(stored.map((voice) => voice.title).join(', '));
    const voices: SpeechVoice[] = [];
    for (const voice of stored) {
      voices.push(
        await openPiperVoice({
          id: voice.id.replace(/^piper-/, ''),
          name: voice.title,
          gender: voice.gender,
          locale: voice.locale,
          language: voice.language,
          modelPath: directoryOf(voice),
          espeakDataPath: directoryOf(phonemes),
          threads: configuration.threads,
          warmUpText: warmUpTexts[voice.language] ?? 'OK.',
        }),
      );
    }
    const hasItalian = voices.some((voice) => voice.language === 'it');
    if (!hasItalian) {
      voices.push(
        await openEspeakVoice({
          id: 'espeak-it',
          name: 'espeak-ng (Italian, robotic)',
          locale: 'it_IT',
          language: 'it',
          onDeath: (error) => logger.error({ error }, 'espeak-ng thread stopped'),
        }),
      );
    }
    tts.announce(voices.map((voice) => voice.name).join(', '));
    tts.becomeReady(
      voices,
      hasItalian
        ? 'The voices are loaded.'
        : `The voices are loaded; Italian is spoken by espeak-ng. ${missingReason(manifest, 'Italian voice')}`.trim(),
    );
  }

  async function loadLanguageModel(manifest: ModelManifest | undefined): Promise<void> {
    const model = manifest?.models.find((candidate) => candidate.kind === 'llm');
    if (model === undefined) throw new Error(missingMessage(manifest, 'language model'));
    llm.announce(model.title);
    const languageModel = await openLanguageModel({
      path: join(directoryOf(model), 'model.gguf'),
      demo: model.demo,
      threads: configuration.threads,
      concurrency: configuration.concurrency,
    });
    llm.becomeReady(
      languageModel,
      model.demo
        ? 'This is the demo brain: it shows that the chain works and knows next to nothing. Run Ollama or set another engine for real answers.'
        : `${model.title} is loaded.`,
    );
  }

  return {
    stt,
    tts,
    llm,
    isDemo: () => isDemo,
    readiness() {
      const stages = { stt: stt.describe(), tts: tts.describe(), llm: llm.describe() };
      return {
        ready: stages.stt.ready && stages.tts.ready && stages.llm.ready,
        stt: stages.stt,
        tts: {
          ...stages.tts,
          voices: (tts.loaded ?? []).map(({ id, name, gender, locale }) => ({ id, name, gender, locale })),
        },
        llm: { ...stages.llm, demo: isDemo },
      };
    },
    settled,
    async close() {
      // What is still loading ends with the process: waiting for it would keep a stop waiting.
      await stt.loaded?.close();
      for (const voice of tts.loaded ?? []) await voice.close();
      await llm.loaded?.close();
    },
  };
}

async function readManifest(directory: string): Promise<ModelManifest | undefined> {
  const path = join(directory, modelManifestFileName);
  if (!existsSync(path)) return undefined;
  return modelManifestSchema.parse(JSON.parse(await readFile(path, 'utf8')));
}

function missingMessage(manifest: ModelManifest | undefined, need: string): string {
  return `No ${need} is in the model directory. ${missingReason(manifest, need)} ${fetchAdvice}`.replace(
    /\s+/g,
    ' ',
  );
}

function missingReason(manifest: ModelManifest | undefined, need: string): string {
  return manifest?.missing.find((missing) => missing.id === need)?.reason ?? '';
}
