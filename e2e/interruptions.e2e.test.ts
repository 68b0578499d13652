/** Two people and a long answer: nods leave it alone, interruptions end it, whoever speaks and whatever else is said. */
import type { JournalEvent } from '@sophy/contracts/journal-event';
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import type { Caller } from '@sophy/testkit/caller';
import { concatenate, silence } from '@sophy/testkit/pcm';
import { type KnownClip, wordsHeard } from '@sophy/testkit/scripted-engine-server-hearing';
import { openSpeech, type SpeechMaker } from '@sophy/testkit/speech';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { type Conversation, callOf, startConversation } from './conversation.ts';
import { waitForJournal } from './records.ts';

const question = 'Sophy, tell me about the museum.';
const longReply =
  'The museum opens at ten and closes at six. On the first floor you find paintings, on the second floor there are sculptures, and under the roof a small coffee house with a view of the river.';
/** An answer to a person who cut in would show by its length. */
const shortReply = 'Of course.';
const nods = ['Yeah.', 'Got it.', 'Uh-huh.', 'Right.'];

let conversation: Conversation;
let speech: SpeechMaker;
const clips: KnownClip[] = [];

beforeAll(async () => {
  conversation = await startConversation({ settings: { follow_up_seconds: 0 } });
  speech = openSpeech();
  conversation.engines.setTranscripts((audio) => wordsHeard(audio, clips));
  conversation.engines.setReply(({ messages }) =>
    messages.at(-1)?.content.includes('museum') ? longReply : shortReply,
  );
  return async () => {
    await conversation.stop();
    await speech.close();
  };
});
beforeEach(() => conversation.showLogsOnFailure());

/** Recognition hears only what is registered here. */
async function clipOf(text: string): Promise<PcmAudio> {
  const audio = await speech.synthesize(text);
  if (!clips.some((clip) => clip.text === text)) clips.push({ audio, text });
  return audio;
}

async function ask(anna: Caller): Promise<number> {
  const clip = await clipOf(question);
  const asked = await anna.say(concatenate(silence(300, clip.sampleRateHz), clip));
  return anna.waitForVoice(asked.endMs);
}

async function replyHasSounded(listener: Caller, voiceMs: number, lengthMs: number): Promise<void> {
  await listener.until('some of the answer', () =>
    (listener.heardAgent().latestMs ?? 0) > voiceMs + lengthMs ? true : undefined,
  );
}

/** Decisions as they came and what recognition understood, for a failed test. */
function whatHappened(witness: Caller, sinceMs: number): string {
  const decisions = witness.notices.flatMap(({ notice, atMs }) =>
    notice.type === 'decision' && atMs >= sinceMs
      ? [
          `${Math.round(atMs - sinceMs)} ms ${notice.rule}/${notice.action} ${JSON.stringify(notice.evidence)}`,
        ]
      : [],
  );
  const sinceUnixMs = sinceMs + performance.timeOrigin;
  const heard = conversation.engines.requests.flatMap((request) =>
    request.stage === 'stt' && request.atMs >= sinceUnixMs
      ? [`${Math.round(request.atMs - sinceUnixMs)} ms "${request.text}" ${request.outcome}`]
      : [],
  );
  return `decisions: ${decisions.join(', ')}; heard: ${heard.join(', ')}`;
}

function decisionsOver(journal: readonly JournalEvent[]) {
  return journal.flatMap((event) =>
    event.type === 'decision' && ['stop', 'resume', 'ignore'].includes(event.action) ? [event] : [],
  );
}

test('nods of both people leave the answer alone and get none, and four interruptions end four answers', async () => {
  const { product } = conversation;
  const anna = await conversation.join('nods', 'Anna');
  const bruno = await conversation.join('nods', 'Bruno');

  const nodded = await ask(anna);
  for (const [index, nod] of nods.entries()) {
    const caller = index % 2 === 0 ? bruno : anna;
    await replyHasSounded(caller, nodded, 700 + index * 2_400);
    const { onsetMs } = await caller.say(await clipOf(nod));
    await caller.until('silent decision about the nod', () =>
      caller.notices.some(
        ({ notice, atMs }) =>
          atMs > onsetMs &&
          notice.type === 'decision' &&
          notice.speaker === caller.identity &&
          notice.action === 'silent',
      )
        ? true
        : undefined,
    );
  }
  const lastSoundMs = await anna.waitForAgentSilence(800);
  // The scripted voice takes 60 ms for each character; holds come on top.
  expect(lastSoundMs - nodded, whatHappened(anna, nodded)).toBeGreaterThan(longReply.length * 60 - 100);

  const cuts: readonly { readonly by: Caller; readonly text: string; readonly atMs: number }[] = [
    { by: bruno, text: 'Stop.', atMs: 400 },
    { by: anna, text: 'Wait, which king was that?', atMs: 1_500 },
    { by: bruno, text: 'No, that is not what I asked.', atMs: 2_600 },
    { by: anna, text: 'Can you say that again?', atMs: 900 },
  ];
  for (const [index, { by, text, atMs }] of cuts.entries()) {
    const voiceMs = await ask(anna);
    await replyHasSounded(by, voiceMs, atMs);
    const clip = await clipOf(text);
    // In the last one the other person nods at the same time.
    const other = by === anna ? bruno : anna;
    const [spoken] = await Promise.all([
      by.say(clip),
      index === cuts.length - 1 ? other.say(await clipOf('Yeah.')) : undefined,
    ]);
    await by.until('interrupted answer', () =>
      by.notices.some(({ notice, atMs: at }) => notice.type === 'interrupted' && at > spoken.onsetMs)
        ? true
        : undefined,
    );
    await anna.until('decision about the turn', () =>
      anna.notices.some(
        ({ notice, atMs: at }) =>
          at > spoken.endMs &&
          notice.type === 'decision' &&
          notice.speaker === by.identity &&
          ['answer', 'silent'].includes(notice.action),
      )
        ? true
        : undefined,
    );
    await anna.waitForAgentSilence(800);
  }

  const journal = await waitForJournal(
    product,
    callOf(anna),
    (events) => events.filter(({ type }) => type === 'reply-end').length >= 1 + cuts.length,
  );
  const ends = journal.flatMap((event) => (event.type === 'reply-end' ? [event] : []));
  expect(ends.filter(({ generatedText }) => generatedText.startsWith('The museum'))).toMatchObject([
    { outcome: 'complete', heardText: longReply },
    ...cuts.map(() => ({ outcome: 'interrupted' })),
  ]);
  const over = decisionsOver(journal);
  const rules = `decisions over the voice: ${over.map(({ rule, action }) => `${rule}/${action}`).join(', ')}`;
  const stops = over.filter(({ action }) => action === 'stop');
  expect(
    stops.map(({ speaker }) => speaker),
    rules,
  ).toEqual(cuts.map(({ by }) => by.identity));
  for (const { rule } of stops) expect(['stop-word', 'real-words', 'lasting-speech'], rules).toContain(rule);
  const turns = journal.flatMap((event) => (event.type === 'turn' ? [event] : []));
  const nodTurns = turns.filter(({ text }) => nods.includes(text));
  expect(nodTurns.length, rules).toBeGreaterThanOrEqual(nods.length);
  const answered = journal.flatMap((event) =>
    event.type === 'decision' && event.action === 'answer' ? [event.turnId] : [],
  );
  expect(nodTurns.filter(({ turnId }) => answered.includes(turnId))).toEqual([]);
  expect(over.filter(({ action }) => action === 'resume').length, rules).toBeGreaterThanOrEqual(nods.length);
  expect(anna.problems).toEqual([]);
});
