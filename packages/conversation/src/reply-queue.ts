/** One voice, several questions: who is answered now, who waits, and who is not answered after all. */
import type { ReplyId } from '@sophy/contracts/ids';
import { holdForSpeech } from './interruption.ts';
import type { Evidence } from './turn-command.ts';
import { publishState, type TurnDraft, takeReplyId } from './turn-draft.ts';
import type { Continuation, Turn } from './turn-event.ts';
import type { QueuedTurn } from './turn-state.ts';

/** More questions than people wait for. */
const longestQueue = 5;
/** An answer that comes later than this after its question answers nothing, ms. */
const latestAnswerMs = 30_000;

/** What is to be said, and why. */
export type ReplyOrder = {
  readonly turn: Turn;
  readonly rule: string;
  /** A reply that was made in silence for this turn. */
  readonly prepared: ReplyId | undefined;
  /** Said word for word. */
  readonly fixedText?: string;
  readonly continues?: Continuation;
};

/**
 * Answers at once, or after the reply under way. Whoever may interrupt has stopped that reply by their words before;
 * every other question waits its turn.
 */
export function answer(draft: TurnDraft, order: ReplyOrder, atMs: number): void {
  if (draft.reply !== undefined && draft.reply.stoppedBy === undefined) enqueue(draft, order);
  else startReply(draft, order, atMs);
}

/** Gives the floor to the next question that is still worth an answer. */
export function answerNext(draft: TurnDraft, atMs: number): void {
  while (draft.reply === undefined && draft.queue.length > 0) {
    const [next, ...rest] = draft.queue;
    if (next === undefined) return;
    setQueue(draft, rest);
    const waitedMs = Math.round(atMs - next.turn.endedAtMs);
    if (waitedMs > latestAnswerMs) drop(draft, next, 'too-late', { waitedMs });
    else startReply(draft, { ...next, prepared: undefined }, atMs);
  }
}

/** Takes questions out of the queue and says which rule did. */
export function dropQueued(draft: TurnDraft, rule: string, isMeant: (queued: QueuedTurn) => boolean): void {
  const dropped = draft.queue.filter(isMeant);
  if (dropped.length === 0) return;
  setQueue(
    draft,
    draft.queue.filter((queued) => !isMeant(queued)),
  );
  for (const queued of dropped) drop(draft, queued, rule, {});
}

/** Tells the room who waits for an answer. */
export function publishQueue(draft: TurnDraft): void {
  draft.commands.push({ type: 'publish-queue', speakers: draft.queue.map(({ turn }) => turn.speaker) });
}

/** Makes a reply the one that is spoken. */
export function startReply(draft: TurnDraft, order: ReplyOrder, atMs: number): void {
  const { turn, rule, fixedText, continues } = order;
  const replyId = order.prepared ?? takeReplyId(draft);
  draft.reply = {
    replyId,
    turn,
    rule,
    isDucked: false,
    isAudible: false,
    piece: '',
    asksConfirmation: false,
    stoppedBy: undefined,
  };
  if (draft.unanswered?.turnId === turn.turnId) draft.unanswered = undefined;
  draft.commands.push({
    type: 'start-reply',
    replyId,
    turn,
    ...(fixedText === undefined ? {} : { fixedText }),
    ...(continues === undefined ? {} : { continues }),
  });
  publishState(draft, 'thinking', rule);
  holdForSpeech(draft, atMs);
}

function enqueue(draft: TurnDraft, { turn, rule, prepared }: ReplyOrder): void {
  // Made before the answers that come first, so it knows nothing of them.
  if (prepared !== undefined) draft.commands.push({ type: 'discard-reply', replyId: prepared });
  const queue = [...draft.queue, { turn, rule }];
  const oldest = queue.length > longestQueue ? queue.shift() : undefined;
  setQueue(draft, queue);
  if (oldest !== undefined) drop(draft, oldest, 'queue-full', { length: longestQueue });
}

function drop(draft: TurnDraft, { turn }: QueuedTurn, rule: string, evidence: Evidence): void {
  draft.unanswered = turn;
  draft.commands.push({
    type: 'publish-decision',
    turnId: turn.turnId,
    speaker: turn.speaker,
    rule,
    action: 'drop',
    evidence,
  });
}

function setQueue(draft: TurnDraft, queue: readonly QueuedTurn[]): void {
  draft.queue = queue;
  publishQueue(draft);
}
