/**
 * What preparing replies gains and what it wastes: voice to voice with and without it, with recognition that gives words
 * while people speak, a third of the turns with a hesitation after a part that sounds complete.
 */
import { durationMs } from '@sophy/contracts/pcm-audio';
import type { SettingsPatch } from '@sophy/contracts/settings';
import type { Caller } from '@sophy/testkit/caller';
import { freeTcpPort } from '@sophy/testkit/free-port';
import { concatenate, silence } from '@sophy/testkit/pcm';
import { openaiEngines } from '@sophy/testkit/product';
import { startScriptedEngineServer } from '@sophy/testkit/scripted-engine-server';
import { type KnownClip, wordsHeard } from '@sophy/testkit/scripted-engine-server-hearing';
import { withProduct } from './bench-product.ts';
import { pauseBeforeTurnMs, questions, warmUpTurns } from './clips.ts';
import { streamingDelays } from './interruptions.ts';
import { summarize } from './percentiles.ts';
import { alignRows, type BenchReport } from './report.ts';
import { scriptedDelays, type VoiceBenchOptions } from './voice-to-voice.ts';

/** Waits on the path of a turn that is not prepared: the final text, the first token, the first sound. */
const injectedMs = streamingDelays.finalMs + scriptedDelays.llmFirstTokenMs + scriptedDelays.ttsFirstByteMs;

/** Soft beginnings and ends of the parts that the scripted recognition does not hear, ms. */
const softMs = 400;

/** The first part sounds complete; then comes the rest. */
const hesitations = [
  { parts: ['What time is it', 'in New York?'], reply: 'It is nine in the morning in New York.' },
  { parts: ['Tell me a story', 'about a dragon.'], reply: 'Once upon a time there was a dragon.' },
  { parts: ['How far is the station', 'on foot?'], reply: 'It is about ten minutes on foot.' },
  { parts: ['Please call my mother', 'tomorrow at nine.'], reply: 'Of course, I will do that tomorrow.' },
  { parts: ['Where is the museum', 'of modern art?'], reply: 'It is right behind the old theater.' },
] as const;

type SpokenTurn = {
  readonly clips: readonly KnownClip[];
  readonly audio: KnownClip['audio'];
  readonly hasHesitation: boolean;
  readonly reply: string;
};

type MeasuredTurn = {
  readonly hasHesitation: boolean;
  /** Last voiced sample sent to first voiced sample received, ms. */
  readonly receiverMs: number | undefined;
  /** As the worker's own timing says: last voice heard to first sample of the reply out, ms. */
  readonly workerMs: number | undefined;
  /** What the policy went by when it ended the turn. */
  readonly evidence: Readonly<Record<string, string | number | boolean>>;
  readonly llmRequests: number;
  readonly failure: string | undefined;
};

/**
 * A confident turn is one whose words say that it is over, so the audio model has no say in the first two: what it makes
 * of synthetic voices costs more than preparing gains. The third is the product as it comes.
 */
const variants = [
  { prepare_replies: false, end_of_turn_model: false },
  { prepare_replies: true, end_of_turn_model: false },
  { prepare_replies: true, end_of_turn_model: true },
] as const satisfies readonly SettingsPatch[];
type Variant = (typeof variants)[number];

type Run = {
  readonly variant: Variant;
  readonly turns: readonly MeasuredTurn[];
  readonly tokens: { readonly delivered: number; readonly wasted: number };
};

export async function benchSpeculation(options: VoiceBenchOptions): Promise<readonly BenchReport[]> {
  const runs: Run[] = [];
  for (const variant of variants) {
    options.onTurn(nameOf(variant));
    runs.push(await measureRun(options, variant));
  }
  return [report(runs)];
}

async function measureRun(options: VoiceBenchOptions, variant: Variant): Promise<Run> {
  let spoken: SpokenTurn | undefined;
  const engines = await startScriptedEngineServer({
    delays: { ...scriptedDelays, realtimeMs: streamingDelays.finalMs },
    tokensPerSecond: 1_000,
    transcripts: (audio) => wordsHeard(audio, spoken?.clips ?? []),
    reply: () => spoken?.reply ?? '',
    realtimeInterimLagMs: streamingDelays.interimLagMs,
    // Hears where the sentence is whole, so that its final marks the end of the turn, not of a breath.
    realtimeHangoverMs: streamingDelays.finalMs - 10,
    realtimeMinimumMs: () => (spoken === undefined ? 0 : durationMs(spoken.audio) - softMs),
  });
  const metricsPort = await freeTcpPort();
  const settings: SettingsPatch = { stt_engine: 'openai-realtime', ...variant };
  const env = { WORKER_METRICS_PORT: String(metricsPort) };
  try {
    return await withProduct({ engines: openaiEngines(engines.baseUrl), settings, env }, async (product) => {
      const caller = await product.joinCaller({ roomName: 'bench', name: 'Anna' });
      await caller.waitForAgent();
      await caller.waitForAgentState('listening');
      const turns: MeasuredTurn[] = [];
      for (let turn = 0; turn < warmUpTurns + options.turns; turn += 1) {
        spoken = await speakTurn(options, turn);
        const before = engines.requests.length;
        const measured = await measureTurn(caller, spoken, pauseBeforeTurnMs(turn));
        const llmRequests = engines.requests.slice(before).filter(({ stage }) => stage === 'llm').length;
        const isWarmUp = turn < warmUpTurns;
        options.onTurn(
          `turn ${turn + 1}: ${describe({ ...measured, llmRequests })}${isWarmUp ? ' (warm-up)' : ''}`,
        );
        if (!isWarmUp) turns.push({ ...measured, llmRequests });
      }
      // A job sends its figures when it ends, at the latest.
      await caller.leave();
      return { variant, turns, tokens: await readTokens(metricsPort) };
    });
  } finally {
    await engines.stop();
  }
}

async function speakTurn({ speech }: VoiceBenchOptions, turn: number): Promise<SpokenTurn> {
  const clipOf = async (text: string): Promise<KnownClip> => ({ text, audio: await speech.synthesize(text) });
  // Every third turn of those that count.
  if (turn < warmUpTurns || (turn - warmUpTurns) % 3 !== 2) {
    const { text, reply } = questions[turn % questions.length] ?? questions[0];
    const clip = await clipOf(text);
    return { clips: [clip], audio: clip.audio, hasHesitation: false, reply };
  }
  const { parts, reply } = hesitations[Math.floor(turn / 3) % hesitations.length] ?? hesitations[0];
  const [first, rest] = await Promise.all(parts.map(clipOf));
  if (first === undefined || rest === undefined) throw new Error('a hesitation has two parts');
  const pauseMs = 400 + ((turn * 137) % 400);
  const pause = silence(pauseMs, first.audio.sampleRateHz);
  return {
    clips: [first, rest],
    audio: concatenate(first.audio, pause, rest.audio),
    hasHesitation: true,
    reply,
  };
}

async function measureTurn(
  caller: Caller,
  { audio, hasHesitation }: SpokenTurn,
  pauseMs: number,
): Promise<Omit<MeasuredTurn, 'llmRequests'>> {
  const sinceMs = performance.now();
  const spoken = await caller.say(concatenate(silence(pauseMs, audio.sampleRateHz), audio));
  let receiverMs: number | undefined;
  let failure: string | undefined;
  const isEarly = caller
    .heardAgent()
    .segments(spoken.onsetMs)
    .some(({ startMs }) => startMs < spoken.endMs);
  if (isEarly) failure = 'the agent spoke before the person had ended';
  else {
    try {
      receiverMs = (await caller.waitForVoice(spoken.endMs, 12_000)) - spoken.endMs;
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
    }
  }
  await caller.waitForAgentSilence(800);
  const since = caller.notices.flatMap(({ notice, atMs }) => (atMs >= sinceMs ? [notice] : []));
  const timing = since.findLast((notice) => notice.type === 'timing');
  const decision = since.findLast((notice) => notice.type === 'decision' && notice.action === 'answer');
  return {
    hasHesitation,
    receiverMs,
    workerMs: failure === undefined ? timing?.totalMs : undefined,
    evidence: decision?.type === 'decision' ? decision.evidence : {},
    failure,
  };
}

function describe(turn: MeasuredTurn): string {
  const { receiverMs, workerMs, evidence, llmRequests, failure } = turn;
  return [
    turn.hasHesitation ? 'hesitates,' : 'clean,    ',
    failure ?? `${receiverMs?.toFixed(0)} ms, at the worker ${workerMs?.toFixed(0)} ms`,
    `${llmRequests} LLM requests`,
    `ended by ${evidence['ending'] ?? '-'} after ${evidence['sinceVoiceMs'] ?? '-'} ms, model ${evidence['endProbability'] ?? '-'}`,
  ].join(' ');
}

/** Tokens that all calls of the worker have delivered and wasted so far. */
async function readTokens(metricsPort: number): Promise<Run['tokens']> {
  const read = async (): Promise<Run['tokens']> => {
    const response = await fetch(`http://127.0.0.1:${metricsPort}/metrics`);
    const text = await response.text();
    const of = (outcome: string): number =>
      Number(
        new RegExp(`^sophy_reply_tokens_total\\{.*outcome="${outcome}".*\\} (\\d+)`, 'm').exec(text)?.[1] ??
          0,
      );
    return { delivered: of('delivered'), wasted: of('wasted') };
  };
  // Reports go out every 5 s and at the end of a job.
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  return read();
}

function nameOf({ prepare_replies, end_of_turn_model }: Variant): string {
  return `${prepare_replies ? 'prepared' : 'not prepared'}, ${end_of_turn_model ? 'audio model' : 'words alone'}`;
}

function report(runs: readonly Run[]): BenchReport {
  const rows = runs.flatMap((run) =>
    [false, true].flatMap((hasHesitation) => {
      const turns = run.turns.filter((turn) => turn.hasHesitation === hasHesitation);
      const name = `${nameOf(run.variant)}, ${hasHesitation ? 'hesitating' : 'clean'}`;
      return [
        row(
          `${name}, receiver`,
          turns.map(({ receiverMs }) => receiverMs),
        ),
        row(
          `${name}, worker`,
          turns.map(({ workerMs }) => workerMs),
        ),
      ];
    }),
  );
  const lines = [
    `injected: final ${streamingDelays.finalMs} + first token ${scriptedDelays.llmFirstTokenMs} + first sound ${scriptedDelays.ttsFirstByteMs} = ${injectedMs} ms`,
    alignRows(['ms', 'n', 'failed', 'p50', 'p95', 'p50 / inj', 'p95 / inj'], rows),
    ...runs.map(
      ({ variant, tokens }) =>
        `${nameOf(variant)}: ${tokens.wasted} tokens wasted, ${tokens.delivered} delivered: ${(tokens.wasted / tokens.delivered).toFixed(2)} wasted per delivered one`,
    ),
  ];
  return { name: 'speculation', lines, data: { injectedMs, streamingDelays, scriptedDelays, runs } };
}

function row(name: string, values: readonly (number | undefined)[]): readonly string[] {
  const measured = values.filter((value) => value !== undefined);
  const failed = String(values.length - measured.length);
  if (measured.length === 0) return [name, '0', failed, '-', '-', '-', '-'];
  const { count, p50, p95 } = summarize(measured);
  return [
    name,
    String(count),
    failed,
    p50.toFixed(0),
    p95.toFixed(0),
    (p50 / injectedMs).toFixed(2),
    (p95 / injectedMs).toFixed(2),
  ];
}
