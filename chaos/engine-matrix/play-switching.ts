/** Calls that go on while every engine of every stage is put into their place, one after the other. */

import { parseAgentIdentity } from '@sophy/contracts/job-metadata';
import type { JournalEvent } from '@sophy/contracts/journal-event';
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import type { Caller } from '@sophy/testkit/caller';
import { concatenate, silence } from '@sophy/testkit/pcm';
import type { Product } from '@sophy/testkit/product';
import type { EnginesUnderTest } from './engines-under-test.ts';

export type SwitchingResult = {
  readonly calls: number;
  readonly switches: number;
  /** From the last word of a question to the first sound of its answer, ms. */
  readonly answersMs: readonly number[];
  /** What went wrong, as sentences. */
  readonly broken: readonly string[];
};

const answerLimitMs = 20_000;
const silenceAfterMs = 500;

export async function playSwitching(options: {
  readonly product: Product;
  readonly under: EnginesUnderTest;
  readonly calls: number;
  readonly question: PcmAudio;
  readonly answer: string;
  /** What the journal of a caller's call says of requests to engines. */
  readonly readUsage: (caller: Caller) => Promise<readonly JournalEvent[]>;
  readonly onProgress: (line: string) => void;
}): Promise<SwitchingResult> {
  const { product, under, calls, question, answer, readUsage, onProgress } = options;
  const broken: string[] = [];
  const answersMs: number[] = [];
  under.setAnswer(answer);
  const callers: { readonly caller: Caller; readonly agent: string }[] = [];
  for (let index = 0; index < calls; index += 1) {
    const caller = await product.joinCaller({ roomName: `switching-${index}`, name: 'Anna' });
    const agent = await caller.waitForAgent(30_000);
    await caller.waitForAgentState('listening', 30_000);
    callers.push({ caller, agent });
  }
  const clip = concatenate(silence(300, question.sampleRateHz), question, silence(20, question.sampleRateHz));

  const ask = async ({ caller, agent }: (typeof callers)[number], name: string): Promise<void> => {
    try {
      const spoken = await caller.say(clip);
      const voiceMs = await caller.waitForVoice(spoken.endMs, answerLimitMs);
      await caller.waitForCaption(
        ({ speaker, text, updatedMs }) =>
          speaker === agent && updatedMs > spoken.endMs && text.includes(answer),
        answerLimitMs,
      );
      await caller.waitForAgentSilence(silenceAfterMs, answerLimitMs);
      answersMs.push(voiceMs - spoken.endMs);
      if (caller.agentIdentity !== agent) broken.push(`${name}: the agent of ${caller.name} was replaced`);
    } catch (error) {
      broken.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };

  for (const { stage, engine, settings, prepare } of under.engines) {
    prepare?.();
    const name = `${stage}:${engine}`;
    // As an operator does it: the new engine is tried before it is accepted.
    const stored = await product.api('POST', '/api/settings', { settings });
    if (stored.status !== 200) broken.push(`${name} was refused: ${JSON.stringify(stored.body)}`);
    const before = answersMs.length;
    await Promise.all(callers.map((one) => ask(one, name)));
    onProgress(`${name}: ${answersMs.length - before} of ${calls} answered`);
  }
  for (const { caller, agent } of callers) {
    if (parseAgentIdentity(agent) === undefined) broken.push(`${agent} is no agent of ours`);
    const journal = await readUsage(caller);
    for (const { stage, engine } of under.engines) {
      const wasAsked = journal.some(
        (event) =>
          event.type === 'usage' &&
          event.stage === stage &&
          event.engine === engine &&
          // Recognition belongs to no turn yet; what is said ahead of time belongs to none.
          (stage === 'stt' || event.turnId !== null),
      );
      if (!wasAsked) broken.push(`${caller.identity}: ${stage}:${engine} was not asked`);
    }
    await caller.leave();
  }
  return { calls, switches: under.engines.length, answersMs, broken };
}
