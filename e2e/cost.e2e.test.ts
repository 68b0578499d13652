/** A budget of a few cents: the agent says goodbye when it is spent, and the call says what it cost. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callResponseSchema } from '@sophy/contracts/http-calls';
import { phrase } from '@sophy/conversation/speech/phrases';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { type Conversation, callOf, startConversation } from './conversation.ts';
import { waitForJournal } from './records.ts';

/** Two words, so two tokens as the scripted engine counts. */
const answer = 'At nine.';
const goodbye = phrase('budgetSpent', 'en');
let conversation: Conversation;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sophy-prices-'));
  const price = {
    stage: 'llm',
    engine: 'openai',
    unit: 'million-tokens',
    promptUsd: 0,
    completionUsd: 10_000,
  };
  await writeFile(
    join(folder, 'prices.json'),
    JSON.stringify({ version: 'test-1', asOf: '2026-11-21', currency: 'USD', prices: [price] }),
  );
  conversation = await startConversation({
    settings: { ui_language: 'en', call_budget_usd: 0.02 },
    env: { PRICES_FILE: join(folder, 'prices.json') },
  });
  conversation.engines.setReply(answer);
  return async () => {
    await conversation.stop();
    await rm(folder, { recursive: true, force: true });
  };
});
beforeEach(() => conversation.showLogsOnFailure());

test('a spent budget ends a call: a whole answer, a goodbye, and then nobody is left alone with the agent', async () => {
  const anna = await conversation.join('budget', 'Anna');
  const bruno = await conversation.join('budget', 'Bruno');
  const callId = callOf(anna);
  await anna.type('@sophy when does the library open?');
  await bruno.waitForCaption(({ text, isFinal }) => isFinal && text === goodbye, 20_000);
  await bruno.waitForAgentState('listening');
  await bruno.type('@sophy are you still there?');
  const decision = await bruno.waitForNotice(
    (notice) => notice.type === 'decision' && notice.speaker === bruno.identity,
  );
  expect(decision.notice).toMatchObject({ rule: 'held', action: 'silent' });
  await expect(anna.until('never', () => undefined, 1_000)).rejects.toThrow(/saw no never/);
  await bruno.leave();
  await expect(anna.until('never', () => undefined, 10_000)).rejects.toThrow(/was disconnected/);

  const events = await waitForJournal(conversation.product, callId, (all) =>
    all.some(({ type }) => type === 'call-end'),
  );
  expect(events.flatMap((event) => (event.type === 'reply-end' ? event.heardText : []))).toEqual([
    answer,
    goodbye,
  ]);
  expect(events.filter(({ type }) => type === 'budget')).toMatchObject([
    { budget: 'call', state: 'spent', spentMicroUsd: 20_000, budgetMicroUsd: 20_000 },
  ]);
  const turn = events.find((event) => event.type === 'turn');
  expect(events.filter((event) => event.type === 'usage' && event.stage === 'llm')).toMatchObject([
    {
      turnId: turn?.turnId,
      completionTokens: 2,
      costMicroUsd: 20_000,
      priceVersion: expect.stringMatching(/^test-1/),
    },
  ]);
  const call = callResponseSchema.parse((await conversation.product.api('GET', `/api/calls/${callId}`)).body);
  expect(call.end_reason).toBe('budget');
  expect(call.cost).toMatchObject({
    known_usd: 0.02,
    by_stage: { llm: { known_usd: 0.02, unknown_parts: 0 } },
  });
  // The scripted voice has no price: unknown, which is not free.
  expect(call.cost.by_stage.tts.known_usd).toBe(0);
  expect(call.cost.by_stage.tts.unknown_parts).toBeGreaterThan(0);
});
