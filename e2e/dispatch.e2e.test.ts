/** Whoever enters a room finds exactly one agent there, whatever the order in which people come and go. */
import { parseAgentIdentity } from '@sophy/contracts/job-metadata';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { type Conversation, startConversation } from './conversation.ts';

let conversation: Conversation;

beforeAll(async () => {
  conversation = await startConversation();
  return () => conversation.stop();
});
beforeEach(() => conversation.showLogsOnFailure());

test('three people who enter at once find one agent of epoch 1, and it stays one', async () => {
  const { product } = conversation;
  const people = await Promise.all(
    ['Anna', 'Bruno', 'Carla'].map((name) => product.joinCaller({ roomName: 'dispatch', name })),
  );
  const [anna] = people;
  if (anna === undefined) throw new Error('nobody joined');
  const joinedMs = performance.now();
  const identity = await anna.waitForAgent();
  await anna.waitForAgentState('listening');
  expect(parseAgentIdentity(identity)).toMatchObject({ epoch: 1 });
  // Reconciliation looks at every room each second; a doubtful one would send a second agent within three.
  await anna.until('five seconds', () => (performance.now() > joinedMs + 5_000 ? true : undefined));
  for (const person of people) expect(person.agents).toEqual([identity]);
});

test('an agent leaves an empty room, and who comes later gets another call', async () => {
  const { product } = conversation;
  const anna = await product.joinCaller({ roomName: 'again', name: 'Anna' });
  const first = await anna.waitForAgent();
  await anna.leave();
  const bruno = await product.joinCaller({ roomName: 'again', name: 'Bruno' });
  await bruno.waitForAgentState('listening', 20_000);
  expect(bruno.agents).toHaveLength(1);
  expect(parseAgentIdentity(bruno.agentIdentity ?? '')).toBeDefined();
  expect(parseAgentIdentity(first)).toBeDefined();
});

test('rooms do not share agents', async () => {
  const [anna, bruno] = await Promise.all([
    conversation.join('here', 'Anna'),
    conversation.join('there', 'Bruno'),
  ]);
  expect(anna.agentIdentity).not.toBe(bruno.agentIdentity);
  expect(anna.others).toEqual([anna.agentIdentity]);
});
