/** Every engine as a played service on loopback, with the settings that choose it and the ways in which it can fail. */
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import type { SettingsPatch } from '@sophy/contracts/settings';
import type { ProviderStage } from '@sophy/conversation/provider-error';
import { startCartesiaLoopback } from '@sophy/providers/cartesia/cartesia-loopback';
import { startCerebrasLoopback } from '@sophy/providers/cerebras/start-cerebras-loopback';
import { startDeepgramLoopback } from '@sophy/providers/deepgram/deepgram-loopback';
import { startEdgeLoopback } from '@sophy/providers/edge/start-edge-loopback';
import { startElevenLabsLoopback } from '@sophy/providers/elevenlabs/start-elevenlabs-loopback';
import { startGroqLoopback } from '@sophy/providers/groq/start-groq-loopback';
import type { EngineFault } from '@sophy/providers/http/engine-fault';
import { startOllamaLoopback } from '@sophy/providers/ollama/start-ollama-loopback';
import { speechShapedAudio } from '@sophy/providers/scripted/speech-shaped-audio';
import type { TranscriptScript } from '@sophy/providers/scripted/transcript-script';
import { startSpeechServerLoopback } from '@sophy/providers/speech-server/start-speech-server-loopback';
import { trim } from '@sophy/testkit/pcm';
import { type ScriptedEngineServer, startScriptedEngineServer } from '@sophy/testkit/scripted-engine-server';
import { wordsHeard } from '@sophy/testkit/scripted-engine-server-hearing';

export type EngineUnderTest = {
  readonly stage: ProviderStage;
  readonly engine: string;
  /** Chooses the engine, and one that is well to take over. */
  readonly settings: SettingsPatch;
  /** Where its answer breaks off when it stalls or disconnects: pieces that are given before. */
  readonly breaksAfterPieces: number;
  setFault(fault: EngineFault | undefined): void;
  /** What must be so before a call chooses it. */
  prepare?(): void;
};

export type EnginesUnderTest = {
  readonly engines: readonly EngineUnderTest[];
  readonly env: Readonly<Record<string, string>>;
  /** Chooses engines that are well in every stage. */
  readonly usual: SettingsPatch;
  /** What every brain answers from now on. */
  setAnswer(answer: string): void;
  close(): Promise<void>;
};

export const msPerCharacter = 60;
const voiceSampleRateHz = 24_000;
/** Sentences come four times as fast as they are spoken: there is a middle to break off in. */
const pieceEveryMs = 25;

/** @param question what the caller asks, spoken: what every recognizer that hears it whole understands. */
export async function startEnginesUnderTest(question: {
  readonly text: string;
  readonly audio: PcmAudio;
}): Promise<EnginesUnderTest> {
  let answer = '';
  const known = [{ text: question.text, audio: trim(question.audio) }];
  const transcribe = (samples: Int16Array, sampleRateHz: number): string =>
    wordsHeard({ samples, sampleRateHz }, known);
  const speak = (text: string): PcmAudio =>
    speechShapedAudio(text.length * msPerCharacter, voiceSampleRateHz);
  const pace = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, pieceEveryMs));
  const scripted = (hearing: TranscriptScript): Promise<ScriptedEngineServer> =>
    startScriptedEngineServer({
      transcripts: hearing,
      reply: () => answer,
      tokensPerSecond: 40,
      speech: speak,
      speechPace: 4,
      realtimeInterimLagMs: 60,
    });
  const reply = (): string => answer;
  const [well, local, deepgram, cartesia, elevenlabs, edge, speechServer, groq, cerebras, ollama] =
    await Promise.all([
      scripted(() => question.text),
      scripted(() => question.text),
      startDeepgramLoopback({ transcribe, speak }),
      startCartesiaLoopback({ transcribe, speak }),
      startElevenLabsLoopback({ speak, pace }),
      startEdgeLoopback({ speak, pace }),
      startSpeechServerLoopback({ speak, pace }),
      startGroqLoopback({ reply, pace }),
      startCerebrasLoopback({ reply, pace }),
      startOllamaLoopback({ reply, pace, models: { 'qwen3:4b': ['completion', 'tools'] } }),
    ]);
  // It streams, so what it has understood must depend on what it has heard.
  const failing = await scripted(({ samples, sampleRateHz }) => transcribe(samples, sampleRateHz));
  const server = (stage: 'stt' | 'llm' | 'tts', baseUrl: string): SettingsPatch => ({
    [`${stage}_base_url`]: baseUrl,
    [`${stage}_api_key`]: 'key',
    [`${stage}_model`]: 'scripted',
  });
  const usual: SettingsPatch = {
    stt_engine: 'openai',
    stt_fallbacks: ['local'],
    llm_provider: 'openai',
    llm_fallbacks: [],
    tts_engine: 'openai',
    tts_fallbacks: ['local'],
    tts_voice: '',
    ...server('stt', well.baseUrl),
    ...server('llm', well.baseUrl),
    ...server('tts', well.baseUrl),
    ollama_model: 'qwen3:4b',
    openrouter_api_key: 'key',
    openrouter_model: 'scripted',
    deepgram_api_key: 'key',
    cartesia_api_key: 'key',
    elevenlabs_api_key: 'k',
    groq_api_key: 'key',
    cerebras_api_key: 'key',
    speech_server_url: speechServer.url,
  };
  const stt = (
    engine: SettingsPatch['stt_engine'],
    setFault: EngineUnderTest['setFault'],
    more: SettingsPatch = {},
  ): EngineUnderTest => ({
    stage: 'stt',
    // An upload has one answer.
    breaksAfterPieces: engine === 'local' || engine === 'openai' ? 0 : 1,
    engine: engine ?? '',
    setFault,
    settings: {
      ...usual,
      stt_engine: engine,
      stt_fallbacks: engine === 'openai' || engine === 'openai-realtime' ? ['local'] : ['openai'],
      ...more,
    },
  });
  const llm = (
    engine: SettingsPatch['llm_provider'],
    setFault: EngineUnderTest['setFault'],
    more: SettingsPatch = {},
  ): EngineUnderTest => ({
    stage: 'llm',
    breaksAfterPieces: 4,
    engine: engine ?? '',
    setFault,
    settings: {
      ...usual,
      llm_provider: engine,
      llm_fallbacks: engine === 'openai' ? ['groq'] : ['openai'],
      ...more,
    },
  });
  const tts = (
    engine: SettingsPatch['tts_engine'],
    setFault: EngineUnderTest['setFault'],
    more: SettingsPatch = {},
  ): EngineUnderTest => ({
    stage: 'tts',
    // A third of the sentence.
    breaksAfterPieces: 12,
    engine: engine ?? '',
    setFault,
    settings: {
      ...usual,
      tts_engine: engine,
      tts_fallbacks: engine === 'openai' ? ['local'] : ['openai'],
      ...more,
    },
  });
  return {
    usual,
    engines: [
      stt('local', (fault) => local.setFault('stt', fault)),
      stt('openai', (fault) => failing.setFault('stt', fault), server('stt', failing.baseUrl)),
      stt('openai-realtime', (fault) => failing.setFault('realtime', fault), server('stt', failing.baseUrl)),
      stt('deepgram', (fault) => deepgram.setFault('stt', fault)),
      stt('cartesia', (fault) => cartesia.setFault('stt', fault)),
      {
        ...llm('local', (fault) => local.setFault('llm', fault)),
        // The local brain would be an Ollama that answers.
        prepare: () => ollama.setFault({ type: 'refused' }),
      },
      { ...llm('ollama', (fault) => ollama.setFault(fault)), prepare: () => ollama.setFault(undefined) },
      llm('openrouter', (fault) => failing.setFault('llm', fault)),
      llm('openai', (fault) => failing.setFault('llm', fault), server('llm', failing.baseUrl)),
      llm('groq', (fault) => groq.setFault(fault)),
      llm('cerebras', (fault) => cerebras.setFault(fault)),
      tts('local', (fault) => local.setFault('tts', fault)),
      tts('speech-server', (fault) => speechServer.setFault(fault)),
      tts('edge', (fault) => edge.setFault(fault)),
      tts('openai', (fault) => failing.setFault('tts', fault), server('tts', failing.baseUrl)),
      tts('deepgram', (fault) => deepgram.setFault('tts', fault)),
      tts('cartesia', (fault) => cartesia.setFault('tts', fault)),
      tts('elevenlabs', (fault) => elevenlabs.setFault(fault)),
    ],
    env: {
      ENGINES_URL: local.baseUrl,
      OLLAMA_HOST: ollama.url,
      OPENROUTER_BASE_URL: failing.baseUrl,
      GROQ_BASE_URL: groq.url,
      CEREBRAS_BASE_URL: cerebras.url,
      DEEPGRAM_BASE_URL: deepgram.url,
      CARTESIA_BASE_URL: cartesia.url,
      ELEVENLABS_BASE_URL: elevenlabs.url,
      EDGE_BASE_URL: edge.url,
    },
    setAnswer: (next) => {
      answer = next;
    },
    async close() {
      await Promise.all([
        ...[well, local, failing].map((one) => one.stop()),
        ...[deepgram, cartesia, elevenlabs, edge, speechServer, groq, cerebras, ollama].map((one) =>
          one.close(),
        ),
      ]);
    },
  };
}
