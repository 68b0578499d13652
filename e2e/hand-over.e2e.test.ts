/** A worker ends while people talk: another one takes its calls over, and they notice nothing. */
import { parseAgentIdentity } from '@sophy/contracts/job-metadata';
import type { Caller } from '@sophy/testkit/caller';
import type { ChildProgram } from '@sophy/testkit/child-program';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { type Conversation, callOf, startConversation } from './conversation.ts';
import { waitForJournal, waitForMessages } from './records.ts';
import { spokenSince } from './spoken-since.ts';

const greeting = 'Hello, I am here.';
const question = 'What time does the library open on Saturday?';
const longAnswer =
  'The library opens at nine in the morning, and it closes at seven in the evening. On Sundays it stays closed all day. In summer there are shorter hours.';

let conversation: Conversation;
/** The only worker there is when a test begins. */
let worker: ChildProgram;

beforeAll(async () => {
  conversation = await startConversation({ settings: { greeting, ui_language: 'en' } });
  worker = conversation.product.worker;
  return () => conversation.stop();
});
beforeEach(() => conversation.showLogsOnFailure());

/** Somebody is in a call on one worker, and another one has come up. Gives the first, which is to end. */
async function enter(roomName: string): Promise<{ anna: Caller; ending: ChildProgram }> {
  const anna = await conversation.join(roomName, 'Anna');
  await anna.waitForCaption(({ text, isFinal }) => text === greeting && isFinal);
  await anna.waitForAgentSilence(500);
  const ending = worker;
  conversation.product.dismiss(ending);
  worker = await conversation.product.startWorker();
  return { anna, ending };
}

test('a worker that is told to end in a pause is gone in seconds, and the next answer comes from another', async () => {
  const { anna, ending } = await enter('pause');
  const { product, engines } = conversation;
  engines.setReply('It opens at nine.');
  await ask(anna, question);
  const from = epochOf(anna);
  const watch = watchFloor(anna);
  const beganMs = performance.now();
  const end = await ending.stop(20_000);
  const drainMs = performance.now() - beganMs;
  expect(end).toEqual({ code: 0, killed: false });
  expect(drainMs).toBeLessThan(15_000);
  await anna.until('another agent', () => (epochOf(anna) > from ? true : undefined));
  const requestsBefore = engines.requests.length;
  engines.setReply('At seven.');
  await ask(anna, 'And when does it close?');
  const messages = await waitForMessages(product, 'pause', (all) => all.length >= 5);
  expect(messages.map(({ content }) => content)).toEqual([
    greeting,
    question,
    'It opens at nine.',
    'And when does it close?',
    'At seven.',
  ]);
  expect(spokenSince(engines, requestsBefore)).toHaveLength(1);
  // For so long nobody in the room had the call.
  expect(watch.longestGapMs()).toBeLessThan(1_000);
  process.stdout.write(
    `worker ended ${Math.round(drainMs)} ms after SIGTERM; no agent with the call for ${Math.round(watch.longestGapMs())} ms\n`,
  );
});

test('an answer under way is spoken to its end before the call is handed over', async () => {
  const { anna, ending } = await enter('answer');
  const { product, engines } = conversation;
  engines.setReply(longAnswer);
  const spoken = await conversation.say(anna, question);
  await anna.waitForVoice(spoken.endMs);
  const from = epochOf(anna);
  const stopping = ending.stop(40_000);
  const messages = await waitForMessages(product, 'answer', (all) => all.length >= 3, 30_000);
  expect(messages.at(-1)).toMatchObject({ content: longAnswer, interrupted: false });
  expect(await stopping).toEqual({ code: 0, killed: false });
  await anna.until('another agent', () => (epochOf(anna) > from ? true : undefined));
  const journal = await waitForJournal(product, callOf(anna), () => true);
  expect(journal.filter(({ type }) => type === 'reply-start')).toHaveLength(2);
});

test('when the time is up the call is handed over in the middle of an answer, which the other goes on with', async () => {
  const { product, engines } = conversation;
  const unused = worker;
  worker = await product.startWorker({ WORKER_DRAIN_SECONDS: '7' });
  product.dismiss(unused);
  expect(await unused.stop(20_000)).toEqual({ code: 0, killed: false });
  const { anna, ending } = await enter('forced');
  engines.setReply(longAnswer);
  const spoken = await conversation.say(anna, question);
  const voiceMs = await anna.waitForVoice(spoken.endMs);
  const from = epochOf(anna);
  const first = anna.agentIdentity ?? '';
  expect(await ending.stop(20_000)).toEqual({ code: 0, killed: false });
  await anna.until('another agent', () => (epochOf(anna) > from ? true : undefined));
  const [, , ...answer] = await waitForMessages(product, 'forced', (all) => all.length >= 4, 30_000);
  const [heard, rest] = answer.map(({ content }) => content);
  expect(`${heard} ${rest}`).toBe(longAnswer);
  const silentMs = anna.heard(first).latestMs ?? 0;
  const againMs = await anna.waitForVoice(voiceMs + 500);
  process.stdout.write(
    `voice of the next agent ${Math.round(againMs - silentMs)} ms after the last sound of the one before\n`,
  );
  expect(againMs - silentMs).toBeLessThan(2_000);
});

test('a worker that is killed loses its calls to another, and the call goes on meanwhile', async () => {
  const { anna, ending } = await enter('orphan');
  const { product, engines } = conversation;
  engines.setReply(longAnswer);
  const spoken = await conversation.say(anna, question);
  await anna.waitForVoice(spoken.endMs);
  const from = epochOf(anna);
  const watch = watchFloor(anna);
  await ending.kill();
  await anna.until('another agent', () => (epochOf(anna) > from ? true : undefined), 20_000);
  const [, , ...answer] = await waitForMessages(
    product,
    'orphan',
    (all) =>
      all
        .slice(2)
        .map(({ content }) => content)
        .join(' ') === longAnswer,
    30_000,
  );
  expect(answer.length).toBeLessThanOrEqual(2);
  await anna.waitForAgentSilence(700);
  engines.setReply('At seven.');
  await ask(anna, 'And when does it close?');
  process.stdout.write(
    `no agent with the call for ${Math.round(watch.longestGapMs())} ms after kill -9 of its worker\n`,
  );
  expect(watch.longestGapMs()).toBeLessThan(1_000);
});

async function ask(anna: Caller, text: string): Promise<void> {
  const spoken = await conversation.say(anna, text);
  await anna.waitForVoice(spoken.endMs);
  await anna.waitForAgentSilence(700);
}

function epochOf(anna: Caller): number {
  return parseAgentIdentity(anna.agentIdentity ?? '')?.epoch ?? 0;
}

/** Notes for how long the caller saw no agent that has the call. */
function watchFloor(anna: Caller): { longestGapMs(): number } {
  let goneSinceMs: number | undefined;
  let longestMs = 0;
  const timer = setInterval(() => {
    const nowMs = performance.now();
    if (anna.agentIdentity === undefined) goneSinceMs ??= nowMs;
    else goneSinceMs = undefined;
    if (goneSinceMs !== undefined) longestMs = Math.max(longestMs, nowMs - goneSinceMs);
  }, 10);
  timer.unref();
  return {
    longestGapMs() {
      clearInterval(timer);
      return longestMs;
    },
  };
}
