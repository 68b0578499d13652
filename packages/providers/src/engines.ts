/** The engines that the settings choose, as one port for each stage that goes on as long as one of them works. */
import { createHash } from 'node:crypto';
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import type { Settings } from '@sophy/contracts/settings';
import type { LlmPort } from '@sophy/conversation/llm-port';
import type { ProviderError, ProviderStage } from '@sophy/conversation/provider-error';
import type { SttOptions, SttPort, Transcript, UploadSttPort } from '@sophy/conversation/stt-port';
import type { TtsPort } from '@sophy/conversation/tts-port';
import { upsample } from './audio/upsample.ts';
import { EngineCache } from './engine-cache.ts';
import { llmCatalog, sttCatalog, ttsCatalog } from './engine-catalog.ts';
import type { EngineEndpoints } from './engine-endpoints.ts';
import type { EngineContext, EngineEntry, LlmEntry, SttEntry, TtsEntry } from './engine-entry.ts';
import { chosenEngines, engineFingerprint } from './engine-settings.ts';
import { engineFailure } from './http/engine-failure.ts';
import { type BrainDescription, KeylessBrain } from './local/keyless-brain.ts';
import { missingLlm, missingStt, missingTts } from './missing-engine.ts';
import type { PhraseCache } from './phrase-cache.ts';
import type { BreakerStore } from './resilience/breaker-store.ts';
import type { Chain } from './resilience/chain.ts';
import { type EngineClock, systemClock } from './resilience/engine-clock.ts';
import type { EngineEvents } from './resilience/engine-events.ts';
import { EngineGate } from './resilience/engine-gate.ts';
import type { EngineLink } from './resilience/engine-link.ts';
import { createGuardedStreamingStt } from './resilience/guarded-streaming-stt.ts';
import { LocalBreakerStore } from './resilience/local-breaker-store.ts';
import { probeLlm, probeStt, probeTts } from './resilience/probes.ts';
import { createResilientLlm } from './resilience/resilient-llm.ts';
import { createResilientStt } from './resilience/resilient-stt.ts';
import { createResilientTts } from './resilience/resilient-tts.ts';
import { uploadFromStreaming } from './resilience/upload-from-streaming.ts';
import { createSpeakingTts } from './speaking-tts.ts';
import { warmEngines } from './warm-engines.ts';

export type EnginesOptions = {
  readonly endpoints: EngineEndpoints;
  /** Left out: breakers of this process. */
  readonly breakers?: BreakerStore;
  readonly clock?: EngineClock;
  readonly events?: Partial<EngineEvents>;
  /** Left out: every phrase is spoken anew. */
  readonly phrases?: PhraseCache;
};

/** An engine with the settings that it is opened with. */
type Choice<Entry> = { readonly entry: Entry; readonly context: EngineContext };

/** Without a first piece after so long the next engine is asked too, and after so long a turn is given up, ms. */
const patience: Readonly<
  Record<
    'hosted' | 'selfHosted',
    Record<ProviderStage, { readonly hedgeMs: number; readonly budgetMs: number }>
  >
> = {
  hosted: {
    stt: { hedgeMs: 2_000, budgetMs: 6_000 },
    // Together 8 s from the end of a turn to a sound.
    llm: { hedgeMs: 2_500, budgetMs: 5_000 },
    tts: { hedgeMs: 1_500, budgetMs: 3_000 },
  },
  // Engines on few cores queue behind each other, and one that has just started loads its model first.
  selfHosted: {
    stt: { hedgeMs: 2_300, budgetMs: 20_000 },
    llm: { hedgeMs: 3_000, budgetMs: 20_000 },
    tts: { hedgeMs: 2_500, budgetMs: 12_000 },
  },
};

/** As long as breakers that nobody writes to stay in Redis, ms. */
const forgottenAfterMs = 120_000;

const ignored = (): void => undefined;

export class Engines {
  readonly #endpoints: EngineEndpoints;
  readonly #events: EngineEvents;
  readonly #gate: EngineGate;
  readonly #store: BreakerStore;
  readonly #phrases: PhraseCache | undefined;
  readonly #stt = new EngineCache<EngineLink<SttPort>>();
  readonly #llm = new EngineCache<EngineLink<LlmPort>>();
  readonly #tts = new EngineCache<EngineLink<TtsPort>>();
  /** The same port as long as the settings mean the same: lanes listen on with it. */
  readonly #ports = {
    stt: new EngineCache<SttPort>(),
    llm: new EngineCache<LlmPort>(),
    tts: new EngineCache<TtsPort>(),
  };

  constructor({ endpoints, breakers, clock, events, phrases }: EnginesOptions) {
    this.#endpoints = endpoints;
    this.#phrases = phrases;
    this.#events = {
      onFailure: ignored,
      onTakeover: ignored,
      onServed: ignored,
      onBreaker: ignored,
      onUsage: ignored,
      ...events,
    };
    this.#store = breakers ?? new LocalBreakerStore();
    this.#gate = new EngineGate({
      store: this.#store,
      clock: clock ?? systemClock,
      onSuccess: ({ stage, engine, breakerKey }) => this.#events.onServed({ stage, engine, breakerKey }),
      onBreaker: ({ stage, engine }, isOpen) => this.#events.onBreaker({ stage, engine, isOpen }),
    });
  }

  /**
   * Recognition as the settings choose it. One that is not set up gives a port that says what is missing.
   * @param lastGood settings that worked before these: their engine is the last to be asked.
   */
  stt(settings: Settings, lastGood?: Settings): SttPort {
    const choices = this.#choices('stt', sttCatalog, settings, lastGood);
    return this.#ports.stt.get(choices.map(fingerprintOf), () => this.#listening(choices, settings));
  }

  /** The brain as the settings choose it; as `stt`. */
  llm(settings: Settings, lastGood?: Settings): LlmPort {
    const choices = this.#choices('llm', llmCatalog, settings, lastGood);
    return this.#ports.llm.get(choices.map(fingerprintOf), () => {
      const links = choices.map((choice) => this.#llmLink(choice));
      return links.length > 0
        ? createResilientLlm(this.#chain(links))
        : missingLlm(settings.llm_provider, this.#advice('llm', settings));
    });
  }

  /** The voice as the settings choose it; as `stt`. */
  tts(settings: Settings, lastGood?: Settings): TtsPort {
    const choices = this.#choices('tts', ttsCatalog, settings, lastGood);
    return this.#ports.tts.get([choices.map(fingerprintOf), voicesOf(settings)], () => {
      const links = choices.map((choice) => this.#ttsLink(choice));
      const [chosen] = choices;
      if (chosen === undefined) return missingTts(settings.tts_engine, this.#advice('tts', settings));
      const port = createResilientTts(this.#chain(links));
      return this.#phrases?.serving(voiceName(chosen), port) ?? port;
    });
  }

  /**
   * Asks the chosen engine of a stage, and no other, for the smallest thing that it can do. Its breaker is not asked and
   * learns nothing: what is tried here may be a wrong key in a form.
   * @throws ProviderError that says what is wrong with it.
   */
  async probe(stage: ProviderStage, settings: Settings, signal: AbortSignal): Promise<void> {
    const context = this.#context(settings);
    const entry = entryOf(stage, chosenEngines(settings, stage).chosen);
    const missing = this.#missing(stage, settings);
    if (entry === undefined || missing !== undefined)
      throw engineFailure(
        { stage, engine: chosenEngines(settings, stage).chosen },
        'invalid-request',
        missing ?? 'there is no such engine',
      );
    switch (entry.stage) {
      case 'stt':
        return probeStt(entry.open(context), signal);
      case 'llm':
        return probeLlm(entry.open(context), signal);
      case 'tts':
        return probeTts(createSpeakingTts(entry, context), probeVoice(settings), signal);
    }
  }

  /**
   * What the chosen recognition engine, and no other, hears in a clip; its breaker as with `probe`.
   * @throws ProviderError
   */
  async hear(settings: Settings, audio: PcmAudio, options: SttOptions): Promise<Transcript> {
    const entry = sttCatalog[settings.stt_engine];
    const missing = this.#missing('stt', settings);
    if (missing !== undefined)
      throw engineFailure({ stage: 'stt', engine: entry.id }, 'invalid-request', missing);
    const port = entry.open(this.#context(settings));
    return this.#upload({ engine: entry.id, port }).transcribe(audio, options);
  }

  /**
   * Whether calls leave this engine out, as far as the store of breakers knows. Whoever leaves it out probes it: after
   * two minutes in which nobody did, it counts as well.
   */
  isLeftOut(stage: ProviderStage, engine: string, settings: Settings): boolean {
    const entry = entryOf(stage, engine);
    if (entry === undefined) return false;
    const { probeAtMs } = this.#store.read(linkFields(entry, this.#context(settings)).breakerKey);
    return probeAtMs !== undefined && this.#gate.clock.unixMs() - probeAtMs < forgottenAfterMs;
  }

  /** Names the breaker of the engine that the settings choose for a stage: engine, model and account. */
  breakerKey(stage: ProviderStage, settings: Settings): string | undefined {
    const entry = entryOf(stage, chosenEngines(settings, stage).chosen);
    return entry && linkFields(entry, this.#context(settings)).breakerKey;
  }

  /** Opens the connections of the chosen engines and of those that take over. Returns what is wrong already. */
  async warm(settings: Settings, signal: AbortSignal): Promise<readonly ProviderError[]> {
    const choices: readonly Choice<EngineEntry>[] = [
      ...this.#choices('stt', sttCatalog, settings, undefined),
      ...this.#choices('llm', llmCatalog, settings, undefined),
      ...this.#choices('tts', ttsCatalog, settings, undefined),
    ];
    return warmEngines(
      choices.map(({ entry }) => entry),
      this.#context(settings),
      signal,
    );
  }

  /**
   * The brain by name, for the interface and the status; "demo brain" is part of the label where it is one.
   * @throws ProviderError when `local` or `ollama` without a model finds no brain at all.
   */
  async describeBrain(settings: Settings): Promise<BrainDescription> {
    const entry = llmCatalog[settings.llm_provider];
    const link = entry && this.#llmLink({ entry, context: this.#context(settings) });
    if (link?.port instanceof KeylessBrain) return link.port.describe();
    return { label: this.llm(settings).label, demo: false };
  }

  /** Ends the probes of engines that fail. */
  async close(): Promise<void> {
    await this.#gate.close();
    await this.#store.close();
  }

  #context(settings: Settings): EngineContext {
    return { settings, endpoints: this.#endpoints };
  }

  /** What can be used of the chosen engine, the fallbacks, and the engine that worked before, each once. */
  #choices<Entry extends EngineEntry>(
    stage: ProviderStage,
    catalog: Readonly<Partial<Record<string, Entry>>>,
    settings: Settings,
    lastGood: Settings | undefined,
  ): readonly Choice<Entry>[] {
    const { chosen, fallbacks } = chosenEngines(settings, stage);
    const named = [chosen, ...fallbacks].map((id) => ({ id, context: this.#context(settings) }));
    const before =
      lastGood === undefined
        ? []
        : [{ id: chosenEngines(lastGood, stage).chosen, context: this.#context(lastGood) }];
    const seen = new Set<string>();
    return [...named, ...before].flatMap(({ id, context }) => {
      const entry = catalog[id];
      const fingerprint = engineFingerprint(context.settings, stage, id);
      if (entry === undefined || seen.has(fingerprint) || entry.missing(context) !== undefined) return [];
      seen.add(fingerprint);
      return [{ entry, context }];
    });
  }

  #missing(stage: ProviderStage, settings: Settings): string | undefined {
    return entryOf(stage, chosenEngines(settings, stage).chosen)?.missing(this.#context(settings));
  }

  #advice(stage: ProviderStage, settings: Settings): string {
    return this.#missing(stage, settings) ?? 'choose another engine';
  }

  #chain<Port>(links: readonly EngineLink<Port>[]): Chain<Port> {
    const [first, ...rest] = links;
    if (first === undefined) throw new Error('a chain of engines needs one');
    return { links: [first, ...rest], gate: this.#gate, events: this.#events };
  }

  #listening(choices: readonly Choice<SttEntry>[], settings: Settings): SttPort {
    const [first, ...rest] = choices.map((choice) => this.#sttLink(choice));
    if (first === undefined) return missingStt(settings.stt_engine, this.#advice('stt', settings));
    if (first.port.kind === 'upload') return createResilientStt(this.#chain(this.#uploads([first, ...rest])));
    const backups = this.#uploads(rest);
    return createGuardedStreamingStt({
      link: { ...first, port: first.port },
      backup: backups.length === 0 ? undefined : createResilientStt(this.#chain(backups)),
      gate: this.#gate,
      events: this.#events,
    });
  }

  #sttLink({ entry, context }: Choice<SttEntry>): EngineLink<SttPort> {
    return this.#stt.get(engineFingerprint(context.settings, 'stt', entry.id), () => {
      const port = entry.open(context);
      return { ...linkFields(entry, context), port, probe: (signal) => probeStt(port, signal) };
    });
  }

  #llmLink({ entry, context }: Choice<LlmEntry>): EngineLink<LlmPort> {
    return this.#llm.get(engineFingerprint(context.settings, 'llm', entry.id), () => {
      const port = entry.open(context);
      return { ...linkFields(entry, context), port, probe: (signal) => probeLlm(port, signal) };
    });
  }

  #ttsLink({ entry, context }: Choice<TtsEntry>): EngineLink<TtsPort> {
    const { settings } = context;
    // A voice belongs to how the port speaks, not to which engine it is.
    const key = [engineFingerprint(settings, 'tts', entry.id), voicesOf(settings)];
    return this.#tts.get(key, () => {
      const spoken = createSpeakingTts(entry, context);
      const port = this.#phrases?.keeping(voiceName({ entry, context }), spoken) ?? spoken;
      const probe = (signal: AbortSignal) => probeTts(port, probeVoice(settings), signal);
      return { ...linkFields(entry, context), port, probe };
    });
  }

  /** Engines that take whole utterances, those that stream among them. */
  #uploads(links: readonly EngineLink<SttPort>[]): readonly EngineLink<UploadSttPort>[] {
    return links.map((link) => ({ ...link, port: this.#upload(link) }));
  }

  #upload({ engine, port }: Pick<EngineLink<SttPort>, 'engine' | 'port'>): UploadSttPort {
    if (port.kind === 'upload') return port;
    return uploadFromStreaming(port, { engine, clock: this.#gate.clock, resample: upsample });
  }
}

function fingerprintOf({ entry, context }: Choice<EngineEntry>): string {
  return engineFingerprint(context.settings, entry.stage, entry.id);
}

/** Engine, model, account and voice in one name that holds no secret. */
function voiceName({ entry, context }: Choice<TtsEntry>): string {
  const parts = [fingerprintOf({ entry, context }), voicesOf(context.settings)];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function voicesOf({ tts_engine, tts_voice, tts_voices }: Settings): readonly unknown[] {
  return [tts_engine, tts_voice, tts_voices];
}

function entryOf(stage: ProviderStage, engine: string): EngineEntry | undefined {
  const catalog: Readonly<Partial<Record<string, EngineEntry>>> =
    stage === 'stt' ? sttCatalog : stage === 'llm' ? llmCatalog : ttsCatalog;
  return catalog[engine];
}

/** All of a link but its port and its probe. */
function linkFields(entry: EngineEntry, context: EngineContext) {
  const { stage, id, isSelfHosted } = entry;
  const model = entry.model(context);
  const fingerprint = engineFingerprint(context.settings, stage, id);
  const account = createHash('sha256').update(fingerprint).digest('hex').slice(0, 12);
  return {
    stage,
    engine: id,
    model,
    breakerKey: `${stage}:${id}:${model}:${account}`,
    ...patience[isSelfHosted ? 'selfHosted' : 'hosted'][stage],
  };
}

function probeVoice(settings: Settings): { readonly language: string; readonly voice: undefined } {
  return { language: settings.tts_language === 'it' ? 'it' : 'en', voice: undefined };
}
