/** Redis dies and comes back empty while people talk: livekit-server has forgotten its rooms, and the call goes on. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChildProgram, startChildProgram } from '@sophy/testkit/child-program';
import { freeTcpPort } from '@sophy/testkit/free-port';
import { testEnvironment } from '@sophy/testkit/test-environment';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { type Conversation, callOf, startConversation } from './conversation.ts';

let conversation: Conversation;
let redis: ChildProgram;
let startRedis: () => ChildProgram;

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'sophy-redis-'));
  const port = await freeTcpPort();
  startRedis = () =>
    startChildProgram({
      name: 'redis-server',
      command: testEnvironment.redisServerBin,
      arguments: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', directory],
      env: { ...testEnvironment.childBase, PATH: testEnvironment.path },
    });
  redis = startRedis();
  await redis.readyWhen(async () => redis.log().includes('Ready to accept connections'), 10_000);
  conversation = await startConversation({
    settings: { greeting: 'Hello.', ui_language: 'en' },
    redisAddress: `127.0.0.1:${port}`,
  });
  return async () => {
    await conversation.stop();
    await redis.stop();
    await rm(directory, { recursive: true, force: true });
  };
});
beforeEach(() => conversation.showLogsOnFailure());

test('a call outlives the death of Redis and its return without memory', async () => {
  const { engines, product } = conversation;
  const anna = await conversation.join('redis', 'Anna');
  const callId = callOf(anna);
  engines.setReply('It opens at nine.');
  const first = await conversation.say(anna, 'What time does the library open on Saturday?');
  await anna.waitForVoice(first.endMs);
  await anna.waitForAgentSilence(700);
  await redis.kill();
  const killedMs = performance.now();
  await anna.until('five seconds', () => (performance.now() > killedMs + 5_000 ? true : undefined), 8_000);
  for (const path of ['/api/health', '/api/chats', '/api/settings'])
    expect([path, (await product.api('GET', path)).status]).toEqual([path, 200]);
  redis = startRedis();
  // Longer than an empty room keeps its call.
  await anna.until(
    'the grace of an empty room',
    () => (performance.now() > killedMs + 32_000 ? true : undefined),
    40_000,
  );
  engines.setReply('At seven.');
  const second = await conversation.say(anna, 'And when does it close?');
  await anna.waitForVoice(second.endMs);
  expect(callOf(anna)).toBe(callId);
}, 120_000);
