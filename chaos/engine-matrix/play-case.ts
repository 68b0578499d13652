/** One engine with one fault in a live call: a question is asked, and what people hear of the answer is measured. */
import { parseAgentIdentity } from '@sophy/contracts/job-metadata';
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import type { EngineFault } from '@sophy/providers/http/engine-fault';
import type { Caller } from '@sophy/testkit/caller';
import { concatenate, silence } from '@sophy/testkit/pcm';
import type { Product } from '@sophy/testkit/product';
import { type EnginesUnderTest, type EngineUnderTest, msPerCharacter } from './engines-under-test.ts';

export const matrixFaults = {
  ok: undefined,
  refused: { type: 'refused' },
  '401': { type: 'status', status: 401 },
  '429': { type: 'status', status: 429, retryAfterSeconds: 20 },
  '500': { type: 'status', status: 500 },
  hangs: { type: 'hang' },
  stalls: { type: 'stall', afterPieces: 0 },
  garbage: { type: 'garbage' },
  disconnect: { type: 'disconnect', afterPieces: 0 },
} as const satisfies Record<string, EngineFault | undefined>;
export type MatrixFault = keyof typeof matrixFaults;
export const matrixFaultNames = [
  'ok',
  'refused',
  '401',
  '429',
  '500',
  'hangs',
  'stalls',
  'garbage',
  'disconnect',
] as const satisfies readonly MatrixFault[];

export type CaseResult = {
  readonly stage: string;
  readonly engine: string;
  readonly fault: MatrixFault;
  /** From the last word of the question to the first sound of the agent, a filler included, ms. */
  readonly firstSoundMs: number;
  /** Longest silence from the question until the answer was over, ms. */
  readonly deadAirMs: number;
  /** From the last word of the question to the beginning of the answer itself, ms; null: there was none. */
  readonly answerMs: number | null;
  /** Words that were heard more than once where a voice was taken over, by the length of the sound. */
  readonly repeatedWords: number;
  /** The agent was there and listening afterwards, the same one. */
  readonly hasGoneOn: boolean;
};

/** The journal and the first words are there; connections are open and phrases are kept. */
const settleMs = 700;
const answerLimitMs = 20_000;
const silenceAfterMs = 600;

export async function playCase(options: {
  readonly product: Product;
  readonly under: EnginesUnderTest;
  readonly engine: EngineUnderTest;
  readonly fault: MatrixFault;
  readonly question: PcmAudio;
  readonly answer: string;
  readonly roomName: string;
}): Promise<CaseResult> {
  const { product, under, engine, fault, question, answer, roomName } = options;
  const stored = await product.api('POST', '/api/settings', { settings: engine.settings, check: false });
  if (stored.status !== 200) throw new Error(`settings were refused: ${JSON.stringify(stored.body)}`);
  under.setAnswer(answer);
  engine.prepare?.();
  const caller = await product.joinCaller({ roomName, name: 'Anna' });
  try {
    await caller.waitForAgent(30_000);
    await caller.waitForAgentState('listening', 30_000);
    const agent = caller.agentIdentity;
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    engine.setFault(faultOf(engine, fault));
    const spoken = await caller.say(
      concatenate(silence(300, question.sampleRateHz), question, silence(20, question.sampleRateHz)),
    );
    const heard = await listen(caller, spoken.endMs, answer);
    engine.setFault(undefined);
    await caller.waitForAgentState('listening', answerLimitMs);
    const hasGoneOn =
      caller.agentIdentity === agent &&
      parseAgentIdentity(agent ?? '') !== undefined &&
      caller.agents.length === 1;
    return { stage: engine.stage, engine: engine.engine, fault, ...heard, hasGoneOn };
  } finally {
    engine.setFault(undefined);
    await caller.leave();
  }
}

/** The fault, where an answer breaks off at the place that is the engine's. */
function faultOf({ breaksAfterPieces }: EngineUnderTest, name: MatrixFault): EngineFault | undefined {
  const fault: EngineFault | undefined = matrixFaults[name];
  return fault !== undefined && 'afterPieces' in fault ? { ...fault, afterPieces: breaksAfterPieces } : fault;
}

async function listen(
  caller: Caller,
  askedMs: number,
  answer: string,
): Promise<Pick<CaseResult, 'firstSoundMs' | 'deadAirMs' | 'answerMs' | 'repeatedWords'>> {
  const firstMs = await caller.waitForVoice(askedMs, answerLimitMs);
  const captionOf = () =>
    caller.captions.find(
      ({ speaker, text, updatedMs }) =>
        speaker === caller.agentIdentity && updatedMs > askedMs && text.includes(answer),
    );
  const answered = await caller
    .until('caption of the whole answer', captionOf, answerLimitMs)
    .catch(() => undefined);
  await caller.waitForAgentSilence(silenceAfterMs, answerLimitMs);
  const segments = caller.heardAgent().segments(askedMs, 60);
  let deadAirMs = firstMs - askedMs;
  for (const [index, segment] of segments.entries()) {
    const before = segments[index - 1];
    if (before !== undefined) deadAirMs = Math.max(deadAirMs, segment.startMs - before.endMs);
  }
  const soundMs = segments.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  const said = answered?.text ?? answer;
  const words = answer.split(' ').length;
  const extraMs = soundMs - said.length * msPerCharacter;
  return {
    firstSoundMs: firstMs - askedMs,
    deadAirMs,
    answerMs: answered === undefined ? null : segmentOf(segments, said, answer) - askedMs,
    repeatedWords: Math.max(0, extraMs / ((answer.length / words) * msPerCharacter)),
  };
}

/** When the answer itself began, behind what was said to bridge the wait. */
function segmentOf(
  segments: readonly { readonly startMs: number; readonly endMs: number }[],
  said: string,
  answer: string,
): number {
  let beforeMs = said.indexOf(answer) * msPerCharacter;
  for (const { startMs, endMs } of segments) {
    const lengthMs = endMs - startMs;
    // A hundredth of a second or so is lost at the edges of what counts as sound.
    if (beforeMs < lengthMs - 100) return startMs + beforeMs;
    beforeMs -= lengthMs;
  }
  return segments.at(-1)?.startMs ?? Number.NaN;
}
