/** An engine that fails in the middle of a call: people are told, and the call goes on. */

import type { EngineFault } from '@sophy/providers/http/engine-fault';
import type { Caller } from '@sophy/testkit/caller';
import type { ScriptedStage } from '@sophy/testkit/scripted-engine-server-script';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { type Conversation, startConversation } from './conversation.ts';

const question = 'What time does the library open on Saturday?';
let conversation: Conversation;

beforeAll(async () => {
  conversation = await startConversation();
  return () => conversation.stop();
});
beforeEach(() => conversation.showLogsOnFailure());

/** Asks, and resolves with the notice about the failed stage. */
async function askDuring(
  anna: Caller,
  stage: ScriptedStage,
  fault: EngineFault,
): Promise<{ askedMs: number }> {
  conversation.engines.setFault(stage, fault);
  const asked = await conversation.say(anna, question);
  const notice = await anna.waitForNotice((one) => one.type === 'engine-trouble', 20_000);
  expect(notice.notice).toMatchObject({ type: 'engine-trouble', stage });
  return { askedMs: asked.endMs };
}

/** After the engine is mended, the next question is answered as if nothing had been. */
async function expectCallGoesOn(anna: Caller, stage: ScriptedStage): Promise<void> {
  await anna.waitForAgentState('listening', 20_000);
  await anna.waitForAgentSilence(700);
  conversation.engines.setFault(stage, undefined);
  conversation.engines.setReply('It opens at nine.');
  const asked = await conversation.say(anna, question);
  await anna.waitForVoice(asked.endMs);
  await anna.waitForCaption(
    ({ speaker, text }) => speaker === anna.agentIdentity && text === 'It opens at nine.',
  );
}

test('a brain that answers 500 is excused aloud, and the next turn is answered', async () => {
  const anna = await conversation.join('llm-500', 'Anna');
  const { askedMs } = await askDuring(anna, 'llm', { type: 'status', status: 500 });
  await anna.waitForVoice(askedMs);
  const apology = await anna.waitForCaption(
    ({ speaker, isFinal }) => speaker === anna.agentIdentity && isFinal,
  );
  expect(apology.text).toMatch(/^Sorry/);
  await expectCallGoesOn(anna, 'llm');
});

test('a brain that hangs is given up, excused aloud, and the next turn is answered', async () => {
  const anna = await conversation.join('llm-hang', 'Anna');
  const { askedMs } = await askDuring(anna, 'llm', { type: 'hang' });
  const voiceMs = await anna.waitForVoice(askedMs, 20_000);
  expect(voiceMs - askedMs).toBeLessThan(9_000);
  await expectCallGoesOn(anna, 'llm');
});

test('ears that fail are admitted, and the next turn is answered', async () => {
  const anna = await conversation.join('stt-500', 'Anna');
  await askDuring(anna, 'stt', { type: 'status', status: 500 });
  await anna.waitForCaption(
    ({ speaker, text }) => speaker === anna.agentIdentity && text.startsWith('Sorry'),
  );
  await expectCallGoesOn(anna, 'stt');
});

test('a voice that fails leaves the answer written, and the next turn is answered', async () => {
  conversation.engines.setReply('It opens at ten.');
  const anna = await conversation.join('tts-500', 'Anna');
  await askDuring(anna, 'tts', { type: 'status', status: 500 });
  await anna.waitForCaption(
    ({ speaker, text }) => speaker === anna.agentIdentity && text === 'It opens at ten.',
  );
  await expectCallGoesOn(anna, 'tts');
});
