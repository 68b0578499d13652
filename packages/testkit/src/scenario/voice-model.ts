/** The agent's voice on a virtual clock: generated with delays, played word by word, held, resumed and cut. */
import type { ReplyId } from '@sophy/contracts/ids';
import { heardText } from '@sophy/conversation/heard-text';
import { createSentenceCutter } from '@sophy/conversation/sentence-cutter';
import type { Turn, TurnEvent } from '@sophy/conversation/turn-event';
import type { EngineDelays } from './scenario.ts';
import type { RecordedReply } from './scenario-record.ts';
import { around } from './seeded-random.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** What the agent says where a scenario does not say it; about four seconds. */
export const usualReply = 'That is a good question, and the short answer to it is yes.';
/** The rate of the agent's voice. */
const msPerCharacter = 1_000 / 15;
/** From an order to what leaves for the room, ms. */
const orderMs = 10;

export type VoiceModel = {
  prepare(replyId: ReplyId): void;
  start(
    replyId: ReplyId,
    turn: Turn,
    details: { rule: string | undefined; fixedText: string | undefined },
  ): void;
  hold(replyId: ReplyId): void;
  resume(replyId: ReplyId): void;
  stop(replyId: ReplyId): void;
  /** The text of a reply in writing. */
  nextText(): string;
  readonly isAudible: () => boolean;
  /** The words of the agent that sounded in a span of time. */
  wordsBetween(fromMs: number, untilMs: number): string;
};

export type VoiceOptions = {
  readonly replies: readonly string[];
  readonly delays: EngineDelays;
  readonly clock: VirtualClock;
  readonly random: () => number;
  readonly post: (event: TurnEvent) => void;
  readonly onStart: (reply: RecordedReply) => void;
};

type Piece = { readonly text: string; readonly audioMs: number };
type Playing = {
  readonly replyId: ReplyId;
  readonly record: RecordedReply;
  readonly pieces: readonly Piece[];
  readonly readyMs: number;
  isHeld: boolean;
  /** Room clock at which the position below was true, while it plays. */
  sinceMs: number | undefined;
  positionMs: number;
  announced: number;
  takeBack: () => void;
};

export function createVoiceModel(options: VoiceOptions): VoiceModel {
  const { replies, delays, clock, random, post } = options;
  const preparedAtMs = new Map<ReplyId, number>();
  const sounded: { readonly atMs: number; readonly word: string }[] = [];
  let used = 0;
  let playing: Playing | undefined;

  const nextText = (): string => {
    used += 1;
    return replies[used - 1] ?? usualReply;
  };

  const end = (reply: Playing, outcome: 'complete' | 'interrupted'): void => {
    reply.takeBack();
    const { record, pieces, replyId } = reply;
    noteSounded(reply);
    playing = undefined;
    const hold = record.holds.at(-1);
    record.silentMs = hold !== undefined && hold.untilMs === undefined ? hold.fromMs : clock.nowMs();
    record.outcome = outcome;
    const playedMs = outcome === 'complete' ? Number.POSITIVE_INFINITY : reply.positionMs;
    record.heardText = heardText(pieces, playedMs);
    post({ type: 'reply-end', atMs: clock.nowMs(), replyId, outcome, heardText: record.heardText });
  };

  /** Brings the position up to now and remembers which words sounded when. */
  const noteSounded = (reply: Playing): void => {
    if (reply.sinceMs === undefined) return;
    const { positionMs, sinceMs } = reply;
    const untilMs = Math.min(positionMs + clock.nowMs() - sinceMs, lengthOf(reply.pieces));
    for (const { word, endMs } of wordTimes(reply.pieces)) {
      if (endMs > positionMs && endMs <= untilMs) sounded.push({ atMs: sinceMs + endMs - positionMs, word });
    }
    reply.positionMs = untilMs;
    reply.sinceMs = undefined;
  };

  const play = (reply: Playing): void => {
    const { record, replyId, pieces } = reply;
    if (record.audibleMs === undefined) {
      record.audibleMs = clock.nowMs();
      post({ type: 'playout-start', atMs: clock.nowMs(), replyId });
    }
    reply.sinceMs = clock.nowMs();
    playOn(reply, pieces);
  };

  const playOn = (reply: Playing, pieces: readonly Piece[]): void => {
    if (playing !== reply || reply.isHeld) return;
    const startMs = lengthOf(pieces.slice(0, reply.announced));
    const piece = pieces[reply.announced];
    const reachedMs = reply.positionMs + clock.nowMs() - (reply.sinceMs ?? clock.nowMs());
    if (piece !== undefined && reachedMs >= startMs) {
      reply.announced += 1;
      post({ type: 'reply-piece', atMs: clock.nowMs(), replyId: reply.replyId, text: piece.text });
      playOn(reply, pieces);
      return;
    }
    const dueMs = piece === undefined ? lengthOf(pieces) : startMs;
    const inMs = Math.max(0, Math.ceil(dueMs - reachedMs));
    reply.takeBack = clock.at(clock.nowMs() + inMs, () => {
      if (piece === undefined) end(reply, 'complete');
      else playOn(reply, pieces);
    });
  };

  return {
    nextText,
    prepare(replyId) {
      preparedAtMs.set(replyId, clock.nowMs());
    },
    start(replyId, turn, { rule, fixedText }) {
      const text = fixedText ?? nextText();
      const cutter = createSentenceCutter();
      const pieces = [...cutter.push(text), ...cutter.flush()].map((piece) => ({
        text: piece,
        audioMs: piece.length * msPerCharacter,
      }));
      const generatingMs =
        around(random, fixedText === undefined ? delays.llmMs : 0) + around(random, delays.ttsMs);
      const readyMs = (preparedAtMs.get(replyId) ?? clock.nowMs()) + generatingMs;
      const record: RecordedReply = {
        replyId,
        turnId: turn.turnId,
        rule,
        audibleMs: undefined,
        silentMs: undefined,
        outcome: undefined,
        text,
        heardText: '',
        holds: [],
      };
      options.onStart(record);
      const reply: Playing = {
        replyId,
        record,
        pieces,
        readyMs,
        isHeld: false,
        sinceMs: undefined,
        positionMs: 0,
        announced: 0,
        takeBack: () => undefined,
      };
      playing = reply;
      reply.takeBack = clock.at(Math.max(clock.nowMs() + orderMs, readyMs), () => {
        if (!reply.isHeld) play(reply);
      });
    },
    hold(replyId) {
      const reply = playing;
      if (reply?.replyId !== replyId || reply.isHeld) return;
      reply.isHeld = true;
      if (reply.record.audibleMs !== undefined) {
        reply.takeBack();
        reply.record.holds.push({ fromMs: clock.nowMs() + orderMs, untilMs: undefined });
      }
      noteSounded(reply);
    },
    resume(replyId) {
      const reply = playing;
      if (reply?.replyId !== replyId || !reply.isHeld) return;
      reply.isHeld = false;
      const hold = reply.record.holds.at(-1);
      if (hold !== undefined) hold.untilMs = clock.nowMs();
      reply.takeBack();
      reply.takeBack = clock.at(Math.max(clock.nowMs(), reply.readyMs), () => {
        if (!reply.isHeld) play(reply);
      });
    },
    stop(replyId) {
      preparedAtMs.delete(replyId);
      const reply = playing;
      if (reply?.replyId !== replyId) return;
      reply.takeBack();
      clock.at(clock.nowMs() + orderMs, () => {
        if (playing === reply) end(reply, 'interrupted');
      });
    },
    isAudible: () => playing?.record.audibleMs !== undefined,
    wordsBetween(fromMs, untilMs) {
      if (playing?.sinceMs !== undefined) {
        const { replyId } = playing;
        const reply = playing;
        noteSounded(reply);
        if (reply.replyId === replyId) reply.sinceMs = clock.nowMs();
      }
      return sounded
        .filter(({ atMs }) => atMs > fromMs && atMs <= untilMs)
        .map(({ word }) => word)
        .join(' ');
    },
  };
}

function lengthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { audioMs }) => sum + audioMs, 0);
}

function wordTimes(pieces: readonly Piece[]): readonly { readonly word: string; readonly endMs: number }[] {
  let startMs = 0;
  return pieces.flatMap(({ text, audioMs }) => {
    const from = startMs;
    startMs += audioMs;
    return [...text.matchAll(/\S+/g)].map((word) => ({
      word: word[0],
      endMs: from + ((word.index + word[0].length) / text.length) * audioMs,
    }));
  });
}
