/** Last voiced sample that a person sends → first voiced sample of the reply that the person receives. */
import { durationMs, type PcmAudio } from '@sophy/contracts/pcm-audio';
import type { SettingsPatch } from '@sophy/contracts/settings';
import type { Caller } from '@sophy/testkit/caller';
import { startLocalEngines } from '@sophy/testkit/local-engines';
import { concatenate, silence } from '@sophy/testkit/pcm';
import { localEngines, openaiEngines, type Product } from '@sophy/testkit/product';
import { startScriptedEngineServer } from '@sophy/testkit/scripted-engine-server';
import type { SpeechMaker } from '@sophy/testkit/speech';
import { withProduct } from './bench-product.ts';
import { pauseBeforeTurnMs, questions, warmUpTurns } from './clips.ts';
import type { BenchResult } from './report.ts';

export type VoiceBenchOptions = {
  readonly speech: SpeechMaker;
  readonly turns: number;
  readonly onTurn: (line: string) => void;
  /** Other settings than the product's own. */
  readonly settings?: SettingsPatch;
};

/** Waits of the scripted engines, ms: the same as in the published comparison with other frameworks. */
export const scriptedDelays = { sttMs: 100, llmFirstTokenMs: 150, ttsFirstByteMs: 80 } as const;
const ttsAndLlmMs = scriptedDelays.llmFirstTokenMs + scriptedDelays.ttsFirstByteMs;
/** Soft beginnings and ends of a clip that the scripted recognition does not hear, ms. */
const clipToleranceMs = 250;
/** A reply that has not begun by then counts as missing, ms. */
const patienceMs = 12_000;

/** Scripted engines of known delay, recognition by upload after the person has stopped. */
export function benchVoiceToVoiceUpload(options: VoiceBenchOptions): Promise<readonly BenchResult[]> {
  return benchScripted(options, {
    name: 'voice-to-voice-upload',
    what: 'voice to voice, upload STT',
    // The scripted server's wait for an upload is on the path whole, since it begins when the upload is complete.
    injectedMs: scriptedDelays.sttMs + ttsAndLlmMs,
    delays: scriptedDelays,
    sttEngine: 'openai',
  });
}

/**
 * The same with recognition that hears along and understands when a sentence is whole: its final text comes 100 ms
 * after the last voiced sample has arrived, and pauses inside the sentence do not end it.
 */
export function benchVoiceToVoiceStreaming(options: VoiceBenchOptions): Promise<readonly BenchResult[]> {
  return benchScripted(options, {
    name: 'voice-to-voice-streaming',
    what: 'voice to voice, streaming STT',
    injectedMs: scriptedDelays.sttMs + ttsAndLlmMs,
    delays: { ...scriptedDelays, realtimeMs: scriptedDelays.sttMs },
    sttEngine: 'openai-realtime',
  });
}

async function benchScripted(
  options: VoiceBenchOptions,
  variant: {
    name: string;
    what: string;
    injectedMs: number;
    delays: Readonly<Record<string, number>>;
    sttEngine: 'openai' | 'openai-realtime';
  },
): Promise<readonly BenchResult[]> {
  let question: (typeof questions)[number] = questions[0];
  let clipMs = 0;
  const engines = await startScriptedEngineServer({
    delays: variant.delays,
    // Only the first token is injected: the ones after it come at once.
    tokensPerSecond: 1_000,
    // The silence that it must hear is part of its 100 ms.
    realtimeHangoverMs: scriptedDelays.sttMs - 10,
    realtimeMinimumMs: () => clipMs - clipToleranceMs,
    transcripts: () => question.text,
    reply: () => question.reply,
  });
  try {
    const settings: SettingsPatch = { stt_engine: variant.sttEngine, ...options.settings };
    const measured = await withProduct({ engines: openaiEngines(engines.baseUrl), settings }, (product) =>
      runTurns(options, product, async (turn) => {
        question = questions[turn % questions.length] ?? questions[0];
        const clip = await options.speech.synthesize(question.text);
        clipMs = durationMs(clip);
        return clip;
      }),
    );
    const waits = (stage: string): readonly (number | undefined)[] =>
      engines.requests.filter((request) => request.stage === stage).map(({ waitedMs }) => waitedMs);
    return [
      {
        name: variant.name,
        what: variant.what,
        injectedMs: variant.injectedMs,
        ...measured,
        conditions: {
          delays: variant.delays,
          settings,
          warmUpTurns,
          // What the engines really waited, request by request; recognition asked early and discarded included.
          waitedMs: { stt: waits('stt'), realtime: waits('realtime'), llm: waits('llm'), tts: waits('tts') },
        },
      },
    ];
  } finally {
    await engines.stop();
  }
}

/** The engines that come with the product; their work is part of the figure. */
export async function benchVoiceToVoiceLocal(options: VoiceBenchOptions): Promise<readonly BenchResult[]> {
  const engines = await startLocalEngines({ brain: true });
  try {
    const measured = await withProduct({ engines: localEngines(engines.baseUrl) }, (product) =>
      runTurns(options, product, (turn) =>
        options.speech.synthesize(questions[turn % questions.length]?.text ?? ''),
      ),
    );
    return [
      {
        name: 'voice-to-voice-local',
        what: 'voice to voice, local engines',
        injectedMs: 0,
        ...measured,
        conditions: { warmUpTurns },
      },
    ];
  } finally {
    await engines.stop();
  }
}

async function runTurns(
  options: VoiceBenchOptions,
  product: Product,
  clipOf: (turn: number) => Promise<PcmAudio>,
): Promise<Pick<BenchResult, 'measuredMs' | 'failures'>> {
  const caller = await product.joinCaller({ roomName: 'bench', name: 'Anna' });
  await caller.waitForAgent();
  await caller.waitForAgentState('listening');
  const measuredMs: number[] = [];
  const failures: string[] = [];
  for (let turn = 0; turn < warmUpTurns + options.turns; turn += 1) {
    const clip = await clipOf(turn);
    const outcome = await oneTurn(caller, clip, pauseBeforeTurnMs(turn));
    options.onTurn(
      `turn ${turn + 1}: ${typeof outcome === 'number' ? `${outcome.toFixed(0)} ms` : outcome}${turn < warmUpTurns ? ' (warm-up)' : ''}`,
    );
    if (turn < warmUpTurns) continue;
    if (typeof outcome === 'number') measuredMs.push(outcome);
    else failures.push(`turn ${turn + 1}: ${outcome}`);
  }
  await caller.leave();
  return { measuredMs, failures };
}

/** Milliseconds from voice to voice, or what went wrong. */
async function oneTurn(caller: Caller, clip: PcmAudio, pauseMs: number): Promise<number | string> {
  const spoken = await caller.say(concatenate(silence(pauseMs, clip.sampleRateHz), clip));
  const early = caller
    .heardAgent()
    .segments(spoken.onsetMs)
    .find(({ startMs }) => startMs < spoken.endMs);
  if (early !== undefined) {
    await caller.waitForAgentSilence(800);
    return 'the agent spoke before the person had ended';
  }
  try {
    const voiceMs = await caller.waitForVoice(spoken.endMs, patienceMs);
    await caller.waitForAgentSilence(800);
    return voiceMs - spoken.endMs;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
