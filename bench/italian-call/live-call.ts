/** One person alone with the agent in a live room, who says all sentences and waits for each answer. */
import { setTimeout as delay } from 'node:timers/promises';
import { callEventsResponseSchema, callListResponseSchema } from '@sophy/contracts/http-calls';
import { type JournalEvent, journalEventSchema } from '@sophy/contracts/journal-event';
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import type { Caller } from '@sophy/testkit/caller';
import { concatenate, silence } from '@sophy/testkit/pcm';
import type { Product } from '@sophy/testkit/product';
import { z } from 'zod';
import { pauseBeforeTurnMs } from '../clips.ts';
import type { CallSentence } from './sentences.ts';

export type SpokenTurn = {
  readonly sentence: CallSentence;
  readonly clip: PcmAudio;
  /** Captions of the caller's words, in order, as they stood at the end. */
  readonly caption: string;
  /** Language of each turn that the sentence became, as the journal has it: the one that the answer is spoken in. */
  readonly languages: readonly (string | null)[];
  readonly turnCount: number;
  /** The policy decided to answer. */
  readonly isToBeAnswered: boolean;
  /** From the last voiced sample of the caller to the first of the answer, ms. */
  readonly voiceToVoiceMs: number | undefined;
  /** What the caller received of the answer, and what the agent says that was heard of it. */
  readonly answer: { readonly sound: PcmAudio; readonly text: string } | undefined;
};

type Observed = Omit<SpokenTurn, 'languages' | 'answer'> & {
  readonly turnIds: readonly string[];
  readonly sound: PcmAudio | undefined;
};

/** An answer that has not begun by then counts as missing, ms. */
const patienceMs = 15_000;
/** A base model talks on: the caller presses the stop button after so much, ms. */
const longestAnswerMs = 7_000;
const settleMs = 800;

export type LiveCallOptions = {
  readonly product: Product;
  readonly roomName: string;
  readonly sentences: readonly CallSentence[];
  readonly clipOf: (sentence: CallSentence) => Promise<PcmAudio>;
  readonly onTurn: (turn: Omit<SpokenTurn, 'languages' | 'answer'>) => void;
};

export async function runLiveCall(options: LiveCallOptions): Promise<readonly SpokenTurn[]> {
  const { product, roomName, sentences, clipOf, onTurn } = options;
  const caller = await product.joinCaller({ roomName, name: 'Anna' });
  await caller.waitForAgent();
  await caller.waitForAgentState('listening');
  const turns: Observed[] = [];
  for (const [index, sentence] of sentences.entries()) {
    const clip = await clipOf(sentence);
    const turn = await oneTurn(caller, { sentence, clip, pauseMs: pauseBeforeTurnMs(index) });
    onTurn(turn);
    turns.push(turn);
  }
  const journal = await readJournal(product, roomName, turns);
  await caller.leave();
  return turns.map(({ turnIds, sound, ...turn }) => {
    const text = journal
      .flatMap((event) =>
        event.type === 'reply-end' && turnIds.includes(event.turnId) ? [event.heardText] : [],
      )
      .join(' ')
      .trim();
    return {
      ...turn,
      languages: journal.flatMap((event) =>
        event.type === 'turn' && turnIds.includes(event.turnId) ? [event.language] : [],
      ),
      answer: sound === undefined || text === '' ? undefined : { sound, text },
    };
  });
}

async function oneTurn(
  caller: Caller,
  { sentence, clip, pauseMs }: { sentence: CallSentence; clip: PcmAudio; pauseMs: number },
): Promise<Observed> {
  const noticesBefore = caller.notices.length;
  const captionsBefore = new Set(caller.captions.map(({ segmentId }) => segmentId));
  const { onsetMs, endMs } = await caller.say(concatenate(silence(pauseMs, clip.sampleRateHz), clip));
  const voiceMs = await firstVoice(caller, endMs);
  const lastMs = voiceMs === undefined ? undefined : await answerEnd(caller, voiceMs);
  const decisions = caller.notices
    .slice(noticesBefore)
    .flatMap(({ notice }) => (notice.type === 'decision' ? [notice] : []));
  const own = caller.captions.filter(
    ({ speaker, segmentId, updatedMs }) =>
      speaker === caller.identity && !captionsBefore.has(segmentId) && updatedMs >= onsetMs,
  );
  const turnIds = [...new Set(decisions.map(({ turnId }) => turnId))];
  return {
    sentence,
    clip,
    caption: own
      .map(({ text }) => text.trim())
      .filter((text) => text !== '')
      .join(' '),
    turnIds,
    turnCount: turnIds.length,
    isToBeAnswered: decisions.some(({ action }) => action === 'answer'),
    voiceToVoiceMs: voiceMs === undefined ? undefined : voiceMs - endMs,
    sound:
      voiceMs === undefined || lastMs === undefined
        ? undefined
        : caller.heardAgent().audio(voiceMs - 300, lastMs + 300),
  };
}

/** Undefined where nothing was heard in time. */
async function firstVoice(caller: Caller, afterMs: number): Promise<number | undefined> {
  const untilMs = afterMs + patienceMs;
  for (;;) {
    const heardMs = caller.heardAgent().firstSoundAfter(afterMs);
    if (heardMs !== undefined) return heardMs;
    if (performance.now() >= untilMs) return undefined;
    await delay(20);
  }
}

/** End of the answer's last sound; an answer that is too long is stopped. */
async function answerEnd(caller: Caller, voiceMs: number): Promise<number> {
  while (performance.now() < voiceMs + longestAnswerMs) {
    if (caller.heardAgent().isSilentFor(settleMs) && caller.agentState === 'listening') break;
    await delay(50);
  }
  if (caller.agentState !== 'listening') await caller.stopSpeaking();
  const endMs = await caller.waitForAgentSilence(settleMs);
  await caller.waitForAgentState('listening', 30_000);
  return endMs;
}

/** Turns and answers as they were written down; what was said last may be written a moment later. */
async function readJournal(
  product: Product,
  roomName: string,
  turns: readonly Observed[],
): Promise<readonly JournalEvent[]> {
  const { body } = await product.api('GET', '/api/calls');
  const call = callListResponseSchema.parse(body).calls.find(({ room_name }) => room_name === roomName);
  if (call === undefined) throw new Error(`no call of the room ${roomName} is written down`);
  const path = `/api/calls/${call.id}/events?type=turn&type=reply-end&limit=1000`;
  const lastAnswered = turns.findLast(({ sound }) => sound !== undefined)?.turnIds ?? [];
  for (let attempt = 1; ; attempt += 1) {
    const answer = await product.api('GET', path);
    const events = callEventsResponseSchema
      .parse(answer.body)
      .events.map(({ type, payload }) =>
        journalEventSchema.parse({ ...z.looseObject({}).parse(payload), type }),
      );
    const isComplete = events.some(
      (event) => event.type === 'reply-end' && lastAnswered.includes(event.turnId),
    );
    if (isComplete || lastAnswered.length === 0 || attempt === 20) return events;
    await delay(250);
  }
}
