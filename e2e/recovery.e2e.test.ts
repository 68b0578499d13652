/** An agent's process is killed in the middle of a call: another one comes, and the conversation goes on where it was. */
import type { JournalEvent } from '@sophy/contracts/journal-event';
import type { LlmMessage } from '@sophy/conversation/llm-port';
import type { Caller } from '@sophy/testkit/caller';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { killAgent, waitForSuccessor } from './agent-process.ts';
import { type Conversation, callOf, startConversation } from './conversation.ts';
import { waitForJournal, waitForMessages } from './records.ts';
import { spokenSince } from './spoken-since.ts';

const greeting = 'Hello, I am here.';
const question = 'What time does the library open on Saturday?';
const longAnswer =
  'The library opens at nine in the morning, and it closes at seven in the evening. On Sundays it stays closed all day. In summer there are shorter hours.';
let conversation: Conversation;

beforeAll(async () => {
  conversation = await startConversation({ settings: { greeting, ui_language: 'en' } });
  return () => conversation.stop();
});
beforeEach(() => {
  conversation.engines.setFault('llm', undefined);
  conversation.showLogsOnFailure();
});

test('a reply that is cut by a crash goes on from the last word that was heard', async () => {
  const { engines, product } = conversation;
  const anna = await enter('speaking');
  engines.setReply(longAnswer);
  const spoken = await conversation.say(anna, question);
  const voiceMs = await anna.waitForVoice(spoken.endMs);
  await anna.until('three seconds of answer', () => hasHeardUntil(anna, voiceMs + 3_000));
  const requestsBefore = engines.requests.length;
  const epoch = await killAgent(anna);
  const killedMs = performance.now();
  await waitForSuccessor(anna, epoch);
  await waitForMessages(product, 'speaking', (all) => all.length >= 4);

  const [hello, asked, ...answer] = await waitForMessages(product, 'speaking', (all) => all.length >= 4);
  expect(hello?.content).toBe(greeting);
  expect(asked?.content).toBe(question);
  const [heard, rest] = answer.map(({ content }) => content);
  expect(`${heard} ${rest}`).toBe(longAnswer);
  expect(answer.map(({ interrupted }) => interrupted)).toEqual([true, false]);
  // What people heard and what is counted as heard differ by no more than the third of a second between two notes.
  const soundMs = killedMs - voiceMs;
  expect(Math.abs((heard?.length ?? 0) - soundMs / 60)).toBeLessThan(16);

  expect(spokenSince(conversation.engines, requestsBefore)[0]?.startsWith(rest?.split(' ')[0] ?? '-')).toBe(
    true,
  );
  expect(llmRequestsSince(requestsBefore)).toEqual([]);
  const journal = await journalOf(anna, (events) => count(events, 'reply-end') >= 2);
  const [, first, second] = journal.filter((event) => event.type === 'reply-start');
  expect(second?.continues).toBe(first?.replyId);
  expect(decisions(journal)).toEqual(['only-human answer', 'resume-reply resume']);
  expect(count(journal, 'turn')).toBe(1);
});

test('a model that had not finished is asked to go on, and sees what was heard', async () => {
  const { engines, product } = conversation;
  const anna = await enter('unfinished');
  engines.setReply(longAnswer);
  engines.setFault('llm', { type: 'stall', afterPieces: 17 }, 1);
  const spoken = await conversation.say(anna, question);
  const voiceMs = await anna.waitForVoice(spoken.endMs);
  await anna.until('two seconds of answer', () => hasHeardUntil(anna, voiceMs + 2_000));
  const requestsBefore = engines.requests.length;
  engines.setReply(({ messages }) => {
    const heard = messages.findLast(({ role }) => role === 'assistant')?.content ?? '';
    return longAnswer.slice(heard.length).trim();
  });
  const epoch = await killAgent(anna);
  await waitForSuccessor(anna, epoch);
  const messages = await waitForMessages(product, 'unfinished', (all) => all.length >= 4);
  const [heard, rest] = messages.slice(2).map(({ content }) => content);
  expect(`${heard} ${rest}`).toBe(longAnswer);
  const [request] = llmRequestsSince(requestsBefore);
  expect(request?.slice(-4, -1)).toEqual([
    { role: 'assistant', content: greeting },
    { role: 'user', content: question },
    { role: 'assistant', content: heard },
  ]);
});

test('a question whose answer had not begun is answered once', async () => {
  const { engines, product } = conversation;
  const anna = await enter('thinking');
  engines.setReply('It opens at nine.');
  engines.setFault('llm', { type: 'hang' });
  await conversation.say(anna, question);
  await anna.waitForNotice((notice) => notice.type === 'decision' && notice.action === 'answer');
  const epoch = await killAgent(anna);
  const requestsBefore = engines.requests.length;
  engines.setFault('llm', undefined);
  await waitForSuccessor(anna, epoch);
  const messages = await waitForMessages(product, 'thinking', (all) => all.length >= 3);
  expect(messages.map(({ content }) => content)).toEqual([greeting, question, 'It opens at nine.']);
  const [request, ...more] = llmRequestsSince(requestsBefore);
  expect(more).toEqual([]);
  expect(request?.filter(({ content }) => content === question)).toHaveLength(1);
  const journal = await journalOf(anna, (events) => count(events, 'reply-end') >= 2);
  expect(decisions(journal)).toEqual(['only-human answer', 'owed-answer answer']);
  expect(spokenSince(conversation.engines, requestsBefore)).toEqual(['It opens at nine.']);
});

test('an agent that only listened is replaced by one that knows everything and says so', async () => {
  const { engines, product } = conversation;
  const anna = await enter('listening');
  engines.setReply(({ call }) => `Answer ${call} is yes.`);
  await ask(anna, question);
  await ask(anna, 'Which bus goes to the city center?');
  const requestsBefore = engines.requests.length;
  const epoch = await killAgent(anna);
  const killedMs = performance.now();
  await waitForSuccessor(anna, epoch);
  const backMs = performance.now() - killedMs;
  await anna.waitForVoice(killedMs + 500);
  await anna.waitForAgentSilence(700);
  expect(spokenSince(conversation.engines, requestsBefore)).toEqual(['Sorry, go on.']);
  await ask(anna, 'How far is the station from here?');
  const messages = await waitForMessages(product, 'listening', (all) => all.length >= 8);
  const counted = (text: string) => messages.filter(({ content }) => content === text).length;
  expect([counted(greeting), counted('Sorry, go on.')]).toEqual([1, 1]);
  const [request] = llmRequestsSince(requestsBefore);
  expect(request?.filter(({ role }) => role !== 'system')).toEqual(
    messages.slice(0, -1).map(({ role, content }) => ({ role, content })),
  );
  process.stdout.write(`agent back and listening ${Math.round(backMs)} ms after kill -9\n`);
});

async function enter(roomName: string): Promise<Caller> {
  const anna = await conversation.join(roomName, 'Anna');
  await anna.waitForCaption(({ text, isFinal }) => text === greeting && isFinal);
  await anna.waitForAgentSilence(500);
  await anna.waitForAgentState('listening');
  return anna;
}

async function ask(anna: Caller, text: string): Promise<void> {
  const spoken = await conversation.say(anna, text);
  await anna.waitForVoice(spoken.endMs);
  await anna.waitForAgentSilence(700);
}

function hasHeardUntil(anna: Caller, untilMs: number): true | undefined {
  return (anna.heardAgent().latestMs ?? 0) > untilMs ? true : undefined;
}

function llmRequestsSince(index: number): (readonly LlmMessage[])[] {
  return conversation.engines.requests
    .slice(index)
    .flatMap((request) => (request.stage === 'llm' ? [request.messages] : []));
}

function journalOf(anna: Caller, satisfies: (events: readonly JournalEvent[]) => boolean) {
  return waitForJournal(conversation.product, callOf(anna), satisfies);
}

function count(events: readonly JournalEvent[], type: JournalEvent['type']): number {
  return events.filter((event) => event.type === type).length;
}

function decisions(events: readonly JournalEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'decision' ? [`${event.rule} ${event.action}`] : []));
}
