/** One call's person: asks again and again, typed or aloud, and keeps for each question what became of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseAgentIdentity } from '@sophy/contracts/job-metadata';
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import type { Caption } from '@sophy/testkit/captions';
import { greeting, markersIn, typedQuestion } from './engines.ts';
import type { Random } from './random.ts';
import type { Witness } from './witness.ts';

/** An answer that has not begun by then does not come. */
const answerTimeoutMs = 10_000;
const greetingTimeoutMs = 30_000;
const speakingTimeoutMs = 15_000;

export type Question = {
  readonly kind: 'typed' | 'spoken';
  readonly text: string;
  readonly askedMs: number;
  /** Agent that listened when it was asked. */
  readonly askedOf: string;
  /** First words of its answer in the captions, `performance.now()`; undefined: none came. */
  answeredMs: number | undefined;
  /** An agent that was there when it was asked was gone before it answered. */
  wasCutOff: boolean;
};

export type TalkOptions = {
  readonly witness: Witness;
  readonly random: Random;
  /** Makes the markers of typed questions unique in a run. */
  readonly nextMarker: () => string;
  /** What is said aloud; recognition understands a question of its own each time. */
  readonly clip: PcmAudio | undefined;
  readonly questions: Question[];
};

/** Talks until aborted; the question under way is given up then. */
export async function talk(options: TalkOptions, signal: AbortSignal): Promise<void> {
  const { witness, random } = options;
  signal.addEventListener('abort', () => witness.nudge(), { once: true });
  // Who speaks first is not greeted: each call shall have its one greeting.
  await untilOrAbort(witness, signal, () => witness.captions.find(isWholeGreeting), greetingTimeoutMs);
  while (!signal.aborted) {
    const agent = await untilOrAbort(
      witness,
      signal,
      () => (witness.agent?.state === 'listening' ? witness.agent : undefined),
      1_000,
    );
    if (agent === undefined) continue;
    await ask(options, agent.identity, signal);
    await sleep(random.whole(300, 1_500), undefined, { signal }).catch(() => undefined);
  }
}

function isWholeGreeting({ text, isFinal }: Caption): boolean {
  return isFinal && text === greeting;
}

async function ask(options: TalkOptions, askedOf: string, signal: AbortSignal): Promise<void> {
  const { witness, random, clip, nextMarker } = options;
  const isSpoken = clip !== undefined && random.next() < 0.3;
  const marker = isSpoken ? '' : nextMarker();
  const question: Question = {
    kind: isSpoken ? 'spoken' : 'typed',
    text: isSpoken ? '' : typedQuestion(marker),
    askedMs: performance.now(),
    askedOf,
    answeredMs: undefined,
    wasCutOff: false,
  };
  options.questions.push(question);
  if (isSpoken) await witness.say(clip);
  else await witness.type(question.text);
  const isAnswer = (text: string): boolean =>
    isSpoken ? /^Answer s/.test(text) : markersIn(text).includes(marker);
  const done = await untilOrAbort(
    witness,
    signal,
    () => {
      const answer = witness.captions.find(
        ({ speaker, text, firstMs }) =>
          parseAgentIdentity(speaker) !== undefined && firstMs >= question.askedMs && isAnswer(text),
      );
      if (answer !== undefined) return { answeredMs: answer.firstMs };
      return witness.agent?.identity === askedOf ? undefined : { answeredMs: undefined };
    },
    answerTimeoutMs,
  );
  question.answeredMs = done?.answeredMs;
  question.wasCutOff = done !== undefined && done.answeredMs === undefined;
  if (question.answeredMs === undefined) return;
  await untilOrAbort(
    witness,
    signal,
    () => (witness.agent?.state === 'listening' || witness.agent === undefined ? true : undefined),
    speakingTimeoutMs,
  );
}

async function untilOrAbort<T>(
  witness: Witness,
  signal: AbortSignal,
  check: () => T | undefined,
  timeoutMs: number,
): Promise<T | undefined> {
  const found = await witness.until(() => (signal.aborted ? ('aborted' as const) : check()), timeoutMs);
  return found === 'aborted' ? undefined : found;
}
