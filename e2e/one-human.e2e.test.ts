/** One person and the agent in a room. */
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { type Conversation, callOf, startConversation } from './conversation.ts';
import { waitForJournal, waitForMessages } from './records.ts';

const question = 'What time does the library open on Saturday?';
let conversation: Conversation;

beforeAll(async () => {
  conversation = await startConversation();
  return () => conversation.stop();
});
beforeEach(() => conversation.showLogsOnFailure());

test('a spoken question is captioned under its speaker, answered aloud, and kept with the answer', async () => {
  const { engines, product } = conversation;
  engines.setReply('It opens at nine in the morning.');
  const anna = await conversation.join('one', 'Anna');

  const spoken = await conversation.say(anna, question);
  const caption = await anna.waitForCaption(({ speaker, isFinal }) => speaker === anna.identity && isFinal);
  expect(caption.text).toBe(question);
  expect(caption.trackId).toMatch(/^TR_/);
  expect(await anna.waitForVoice(spoken.endMs)).toBeGreaterThan(spoken.endMs);
  const answer = await anna.waitForCaption(
    ({ speaker, isFinal }) => speaker === anna.agentIdentity && isFinal,
  );
  expect(answer.text).toBe('It opens at nine in the morning.');
  await anna.waitForAgentState('listening');
  expect(anna.agentStates.map(({ state }) => state).join(' ')).toMatch(
    /listening thinking speaking listening$/,
  );

  const messages = await waitForMessages(product, 'one', (all) => all.length >= 2);
  expect(messages).toMatchObject([
    { role: 'user', speaker: 'Anna', content: question, interrupted: false },
    { role: 'assistant', speaker: null, content: 'It opens at nine in the morning.', interrupted: false },
  ]);
  const [decision] = anna.notices.filter(({ notice }) => notice.type === 'decision');
  expect(decision?.notice).toMatchObject({ speaker: anna.identity, rule: 'only-human', action: 'answer' });
  expect(anna.problems).toEqual([]);
});

test('the words of a question are heard once: each turn is answered once and in order', async () => {
  const { engines, product } = conversation;
  engines.setReply(({ call }) => `Answer ${call}.`);
  const anna = await conversation.join('order', 'Anna');
  const questions = ['How far is the station from here?', 'Which bus goes to the city center?'];
  for (const text of questions) {
    const spoken = await conversation.say(anna, text);
    await anna.waitForVoice(spoken.endMs);
    await anna.waitForAgentSilence(700);
  }
  const messages = await waitForMessages(product, 'order', (all) => all.length >= 4);
  expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant']);
  expect(messages.filter(({ role }) => role === 'user').map(({ content }) => content)).toEqual(questions);
});

test('a setting changed by PUT during a call is used in the next turn', async () => {
  const { engines, product } = conversation;
  engines.setReply('Understood.');
  const anna = await conversation.join('settings', 'Anna');
  const first = await conversation.say(anna, question);
  await anna.waitForVoice(first.endMs);
  await anna.waitForAgentSilence(700);

  for (const [key, value] of [
    ['system_prompt', 'You are a lighthouse keeper.'],
    ['tts_voice', 'harbour'],
  ] as const) {
    expect(await product.api('PUT', `/api/settings/${key}`, { value })).toMatchObject({ status: 200 });
  }
  const before = engines.requests.length;
  const second = await conversation.say(anna, 'How far is the station from here?');
  await anna.waitForVoice(second.endMs);
  await anna.waitForAgentSilence(700);

  const requests = engines.requests.slice(before);
  const prompts = requests.flatMap((request) =>
    request.stage === 'llm' ? [request.messages[0]?.content] : [],
  );
  expect(prompts.at(-1)).toContain('You are a lighthouse keeper.');
  const voices = requests.flatMap((request) => (request.stage === 'tts' ? [request.voice] : []));
  expect(voices.at(-1)).toBe('harbour');

  const journal = await waitForJournal(
    product,
    callOf(anna),
    (events) => events.filter(({ type }) => type === 'turn').length >= 2,
  );
  const versions = journal.flatMap((event) => (event.type === 'turn' ? [event.settingsVersion] : []));
  expect(versions[1]).toBeGreaterThan(versions[0] ?? Number.POSITIVE_INFINITY);
});

test('the stop button silences the agent, and only what was heard is kept', async () => {
  const { engines, product } = conversation;
  const reply =
    'The library opens at nine in the morning, and it closes at seven in the evening. On Sundays it stays closed all day. In summer there are shorter hours.';
  engines.setReply(reply);
  const anna = await conversation.join('stop', 'Anna');
  const spoken = await conversation.say(anna, question);
  const voice = await anna.waitForVoice(spoken.endMs);
  await anna.until('two seconds of answer', () =>
    (anna.heardAgent().latestMs ?? 0) > voice + 2_000 ? true : undefined,
  );
  const pressedMs = performance.now();
  await anna.stopSpeaking();
  const lastSoundMs = await anna.waitForAgentSilence(800);
  expect(lastSoundMs - pressedMs).toBeLessThan(300);
  const messages = await waitForMessages(product, 'stop', (all) =>
    all.some(({ interrupted }) => interrupted),
  );
  const kept = messages.find(({ role }) => role === 'assistant')?.content ?? '';
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.length).toBeLessThan(reply.length / 2);
  expect(reply.startsWith(kept.replace(/[….]+$/u, ''))).toBe(true);
});
