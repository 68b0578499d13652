/** Typed messages go through the same policy as speech. */
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { type Conversation, startConversation } from './conversation.ts';
import { waitForMessages } from './records.ts';

let conversation: Conversation;

beforeAll(async () => {
  conversation = await startConversation();
  return () => conversation.stop();
});
beforeEach(() => conversation.showLogsOnFailure());

test('alone, a typed message is answered aloud and kept under its writer', async () => {
  conversation.engines.setReply('It opens at nine.');
  const anna = await conversation.join('typed-alone', 'Anna');
  const typedMs = performance.now();
  await anna.type('When does the library open?');
  await anna.waitForVoice(typedMs);
  await anna.waitForCaption(({ speaker, isFinal }) => speaker === anna.agentIdentity && isFinal);
  const messages = await waitForMessages(conversation.product, 'typed-alone', (all) => all.length >= 2);
  expect(messages).toMatchObject([
    { role: 'user', speaker: 'Anna', content: 'When does the library open?' },
    { role: 'assistant', content: 'It opens at nine.' },
  ]);
});

test('in company, a typed message is answered only when it names the agent', async () => {
  conversation.engines.setReply('Since seven.');
  const anna = await conversation.join('typed-company', 'Anna');
  const bruno = await conversation.join('typed-company', 'Bruno');
  await anna.type('I will be there at eight.');
  const quiet = await anna.waitForNotice((notice) => notice.type === 'decision');
  expect(quiet.notice).toMatchObject({ speaker: anna.identity, rule: 'record-only', action: 'silent' });
  await bruno.type('@sophy is the bakery open already?');
  const answer = await bruno.waitForNotice(
    (notice) => notice.type === 'decision' && notice.speaker === bruno.identity,
  );
  expect(answer.notice).toMatchObject({ rule: 'addressed', action: 'answer' });
  await bruno.waitForVoice(answer.atMs - 100);
  const messages = await waitForMessages(conversation.product, 'typed-company', (all) => all.length >= 3);
  expect(messages.map(({ speaker, content }) => [speaker, content])).toEqual([
    ['Anna', 'I will be there at eight.'],
    ['Bruno', '@sophy is the bakery open already?'],
    [null, 'Since seven.'],
  ]);
});
