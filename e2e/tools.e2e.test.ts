/** Tools in a call: what has an effect happens once, whatever is said over it and whoever dies meanwhile. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JournalEvent } from '@sophy/contracts/journal-event';
import type { LlmMessage } from '@sophy/conversation/llm-port';
import { openDatabase } from '@sophy/db/database';
import type { Caller } from '@sophy/testkit/caller';
import { startToolServer, type ToolServer } from '@sophy/testkit/tool-server';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { killAgent, waitForSuccessor } from './agent-process.ts';
import { type Conversation, callOf, startConversation } from './conversation.ts';
import { waitForJournal } from './records.ts';

const wish = 'Please book a table for tomorrow at nine.';
let conversation: Conversation;
let server: ToolServer;

beforeAll(async () => {
  server = await startToolServer();
  const folder = await mkdtemp(join(tmpdir(), 'sophy-tools-'));
  const tool = (name: string, options: object) => ({
    name,
    description: `For tests: ${name}`,
    parameters: { type: 'object', properties: { day: { type: 'string' } }, required: ['day'] },
    url: `${server.url}/${name}`,
    ...options,
  });
  const tools = [
    tool('weather', { effect: 'none', headers_from_env: { authorization: 'TOOL_AUTHORIZATION' } }),
    tool('book', { effect: 'once' }),
    tool('note', { effect: 'once', repeatable: true }),
    tool('order', { effect: 'once', confirmation: 'spoken' }),
  ];
  await writeFile(join(folder, 'tools.json'), JSON.stringify({ tools }));
  conversation = await startConversation({
    settings: { ui_language: 'en' },
    env: {
      TOOLS_FILE: join(folder, 'tools.json'),
      TOOL_AUTHORIZATION: 'Bearer secret-of-the-tool',
      // Every test has a call of its own, and they stay.
      WORKER_SLOTS: '16',
    },
  });
  return async () => {
    await conversation.stop();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
});
beforeEach(() => conversation.showLogsOnFailure());

test('a slow lookup is bridged by a few words, and its result is answered from', async () => {
  server.setAnswer({ body: '{"sky":"blue"}', afterMs: 2_500 });
  calls('weather', (result) => `The answer is ${result.includes('blue') ? 'blue' : result}.`);
  const anna = await conversation.join('lookup', 'Anna');
  const before = server.requests.length;
  await conversation.say(anna, 'What is the weather like tomorrow?');
  await hears(anna, 'One moment…');
  await hears(anna, 'The answer is blue.');
  const made = server.requests.slice(before);
  expect(made).toHaveLength(1);
  expect(made[0]).toMatchObject({
    path: '/weather',
    arguments: { day: 'tomorrow' },
    call_id: callOf(anna),
    speaker: { identity: anna.identity, name: 'Anna' },
    authorization: 'Bearer secret-of-the-tool',
  });
  expect(conversation.product.logs()).not.toContain('secret-of-the-tool');
});

test('what runs when a person interrupts is done once, and the next answer knows of it', async () => {
  server.setAnswer({ body: '{"number":42}', afterMs: 4_000 });
  calls('book', () => 'It is booked.');
  const anna = await conversation.join('barge-in', 'Anna');
  const before = server.requests.length;
  await conversation.say(anna, wish);
  await server.waitForRequests(before + 1);
  await hears(anna, 'One moment…');
  conversation.engines.setReply(({ messages }) => `You should know: ${lastResult(messages)}`);
  await conversation.say(anna, 'Sophy, stop. What is the number of my table?');
  await anna.until('answer', () =>
    conversation.engines.requests.some(
      (request) => request.stage === 'llm' && request.reply.startsWith('You should know'),
    )
      ? true
      : undefined,
  );
  await states(anna, 'book', ['proposed', 'armed', 'executing', 'executed']);
  await anna.waitForAgentState('listening', 30_000);
  await conversation.say(anna, 'And what is the number of my table now?');
  await anna.waitForCaption(({ text }) => text.includes('You should know') && text.includes('42'));
  expect(server.requests.slice(before)).toHaveLength(1);
});

test.each([
  ['book', 'that cannot be asked twice is admitted to be uncertain', 1, 'uncertain'],
  ['note', 'that can be asked twice is asked again with its key', 2, '42'],
])('%s: an effect whose agent is killed meanwhile %s', async (tool, _name, requests, told) => {
  server.setAnswer({ body: '{"number":42}', afterMs: 5_000 });
  calls(
    tool,
    (result) =>
      `The tool says ${result.includes('42') ? '42' : result.includes('uncertain') ? 'uncertain' : result}.`,
  );
  const anna = await conversation.join(`killed-${tool}`, 'Anna');
  const before = server.requests.length;
  const keysBefore = server.keys();
  await conversation.say(anna, wish);
  await server.waitForRequests(before + 1);
  server.setAnswer({ body: '{"number":42}' });
  const epoch = await killAgent(anna);
  await waitForSuccessor(anna, epoch);
  await hears(anna, `The tool says ${told}.`);
  expect(server.requests.slice(before)).toHaveLength(requests);
  expect(server.keys() - keysBefore).toBe(1);
});

test.each(['Yes, please.', 'Yes.'])('an effect that needs a yes is done once after: %s', async (answer) => {
  server.setAnswer({ body: '{"number":42}' });
  asksFirst();
  const anna = await conversation.join(`yes-${answer.length}`, 'Anna');
  const before = server.requests.length;
  await conversation.say(anna, wish);
  await hears(anna, 'Shall I order it?');
  expect(server.requests.slice(before)).toEqual([]);
  await anna.waitForAgentState('listening');
  await conversation.say(anna, answer);
  await hears(anna, 'It is ordered.');
  await states(anna, 'order', ['proposed', 'armed', 'executing', 'executed', 'delivered']);
  expect(server.requests.slice(before)).toHaveLength(1);
});

test.each(['No, thanks, leave it.', 'What time is it in Tokyo?'])(
  'an effect that needs a yes is not done after: %s',
  async (answer) => {
    asksFirst();
    const anna = await conversation.join(`no-${answer.length}`, 'Anna');
    const before = server.requests.length;
    await conversation.say(anna, wish);
    await hears(anna, 'Shall I order it?');
    await anna.waitForAgentState('listening');
    await conversation.say(anna, answer);
    await hears(anna, 'It was not ordered.');
    await states(anna, 'order', ['proposed', 'refused']);
    expect(server.requests.slice(before)).toEqual([]);
  },
);

test('a reply that is prepared and thrown away asks nobody for anything', async () => {
  const { engines } = conversation;
  await waitAtLeast({ endpointing_min_ms: 2_000, endpointing_max_ms: 2_500 });
  calls('book', () => 'It is booked.');
  const change = 'No, do not book anything at all today.';
  await conversation.rehearse(change);
  const anna = await conversation.join('discarded', 'Anna');
  const [before, asked] = [server.requests.length, engines.requests.length];
  await conversation.say(anna, wish);
  await anna.until('prepared reply', () =>
    engines.requests.slice(asked).some((request) => request.stage === 'llm' && request.outcome === 'complete')
      ? true
      : undefined,
  );
  engines.setReply('Nothing was booked.');
  await conversation.say(anna, change);
  await hears(anna, 'Nothing was booked.');
  await states(anna, 'book', ['proposed', 'discarded']);
  expect(server.requests.slice(before)).toEqual([]);
  await waitAtLeast({ endpointing_min_ms: 250, endpointing_max_ms: 1_500 });
});

test('broken arguments are told to the model, which corrects itself', async () => {
  server.setAnswer({ body: '{"number":42}' });
  conversation.engines.setReply(({ messages }) => {
    const results = messages.filter(({ role }) => role === 'tool').length;
    if (results === 0) return toolCall('book', '{"day": tomor');
    if (results === 1) return toolCall('book', '{"when":"tomorrow"}');
    return results === 2 ? toolCall('book', '{"day":"tomorrow"}') : 'It is booked.';
  });
  const anna = await conversation.join('broken', 'Anna');
  const before = server.requests.length;
  await conversation.say(anna, wish);
  await hears(anna, 'It is booked.');
  expect(server.requests.slice(before)).toHaveLength(1);
});

test('the agent hangs up once its goodbye was heard, and not when somebody goes on talking', async () => {
  const goodbye = 'Goodbye Anna, it was very nice talking with you, and I hope to hear from you again soon.';
  conversation.engines.setReply(() => ({ text: goodbye, ...toolCall('end_call', '{}') }));
  const anna = await conversation.join('goodbye', 'Anna');
  const callId = callOf(anna);
  const bye = await conversation.say(anna, 'That was all, goodbye.');
  await anna.waitForVoice(bye.endMs);
  conversation.engines.setReply('Still here.');
  await conversation.say(anna, 'Wait, stop, I have one more question for you.');
  await hears(anna, 'Still here.');
  await states(anna, 'end_call', ['proposed', 'discarded']);

  conversation.engines.setReply(() => ({ text: goodbye, ...toolCall('end_call', '{}') }));
  await anna.waitForAgentState('listening');
  await conversation.say(anna, 'That was really all, goodbye.');
  await anna.waitForCaption(({ text, isFinal }) => isFinal && text === goodbye, 20_000);
  await expect(anna.until('never', () => undefined, 30_000)).rejects.toThrow(/was disconnected/);
  expect(await endOf(callId)).toBe('agent-ended');
});

function toolCall(name: string, argumentsJson: string) {
  return { toolCalls: [{ callId: `call-${Math.random()}`, name, argumentsJson }] };
}

/** Without words of its own, the model asks for a tool once, and then says what it makes of the result. */
function calls(tool: string, says: (result: string) => string): void {
  conversation.engines.setReply(({ messages }) => {
    const result = lastResult(messages);
    return result === undefined ? toolCall(tool, '{"day":"tomorrow"}') : says(result);
  });
}

/** The model asks for `order`, then for a yes, then says what became of it. */
function asksFirst(): void {
  conversation.engines.setReply(({ messages }) => {
    const result = lastResult(messages);
    if (result === undefined) return toolCall('order', '{"day":"tomorrow"}');
    if (result.includes('waiting for a yes')) return 'Shall I order it?';
    return result.includes('42') ? 'It is ordered.' : 'It was not ordered.';
  });
}

function lastResult(messages: readonly LlmMessage[]): string | undefined {
  return messages.findLast(({ role }) => role === 'tool')?.content;
}

/** How long a pause must be before a turn is over. */
async function waitAtLeast(settings: Readonly<Record<string, number>>): Promise<void> {
  const answer = await conversation.product.api('POST', '/api/settings', { settings });
  expect(answer).toMatchObject({ status: 200 });
}

async function hears(anna: Caller, text: string): Promise<void> {
  await anna.waitForCaption(
    (caption) => caption.speaker !== anna.identity && caption.text.includes(text),
    30_000,
  );
}

/** Waits until a tool's effect has gone through these states, and no others. Replies that were prepared and thrown away before do not count. */
async function states(anna: Caller, tool: string, wanted: readonly string[]): Promise<void> {
  const seen = (events: readonly JournalEvent[]): string[] => {
    const all = events.flatMap((event) =>
      event.type === 'effect' && event.tool === tool ? [event.state] : [],
    );
    while (all.length > wanted.length && all[0] === 'proposed' && all[1] === 'discarded') all.splice(0, 2);
    return all;
  };
  const events = await waitForJournal(
    conversation.product,
    callOf(anna),
    (all) => seen(all).length >= wanted.length,
    20_000,
  );
  expect(seen(events)).toEqual(wanted);
}

async function endOf(callId: string): Promise<string | null | undefined> {
  const database = openDatabase({ url: conversation.product.databaseUrl, maxConnections: 1 });
  try {
    const { rows } = await database.pool.query<{ end_reason: string | null }>(
      'SELECT end_reason FROM calls WHERE id = $1',
      [callId],
    );
    return rows[0]?.end_reason;
  } finally {
    await database.close();
  }
}
