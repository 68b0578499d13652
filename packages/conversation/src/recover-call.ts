/**
 * What a dead agent leaves to its successor, read from the journal: what was said and heard, what is open, what is
 * owed. Pure; any part of any journal gives something.
 */
import { type SpeakerId, speakerIdSchema, type TurnId, turnIdSchema } from '@sophy/contracts/ids';
import type { JournalEvent } from '@sophy/contracts/journal-event';

export type JournalReading = {
  /** When it happened, Unix ms. */
  readonly atMs: number;
  readonly event: JournalEvent;
};

/** Something that was said, as the chat holds it. */
export type RecoveredMessage = {
  /** Turn or reply. */
  readonly itemId: string;
  readonly role: 'user' | 'assistant';
  /** Of a reply, what was heard. */
  readonly content: string;
  readonly speaker: string | null;
  readonly speakerIdentity: string | null;
  readonly isInterrupted: boolean;
  /** Unix ms. */
  readonly atMs: number;
};

export type RecoveredTurn = {
  readonly turnId: TurnId;
  readonly speaker: SpeakerId;
  readonly name: string;
  readonly text: string;
  readonly source: 'voice' | 'typed';
  readonly language: string | undefined;
  /** Unix ms. */
  readonly atMs: number;
};

/** A reply whose voice died in the middle. */
export type CutReply = {
  /** The reply, and before it those that it continues, oldest first. */
  readonly replyIds: readonly [string, ...string[]];
  /** Undefined for a greeting. */
  readonly turn: RecoveredTurn | undefined;
  /** What was heard of all these replies. */
  readonly heardText: string;
  /** What was generated and not heard; undefined where the model had not finished. */
  readonly restText: string | undefined;
};

export type RecoveredCall = {
  /** Oldest first. */
  readonly said: readonly RecoveredMessage[];
  /** Those still open, until a moment in Unix ms. */
  readonly windows: readonly {
    readonly window: 'wake' | 'follow-up';
    readonly speaker: SpeakerId;
    readonly untilMs: number;
  }[];
  readonly raisedHands: readonly SpeakerId[];
  /** Turns that were to be answered and of whose answer nothing was heard, in the order of their answers. */
  readonly owed: readonly RecoveredTurn[];
  readonly cut: CutReply | undefined;
  /** The agent left by a planned hand-over. */
  readonly isHandOver: boolean;
  /** Language of the last turn whose language is known. */
  readonly language: string | undefined;
  /** The latest entry, Unix ms; undefined for an empty journal. */
  readonly lastMs: number | undefined;
};

type ReplyRecord = {
  readonly replyId: string;
  readonly turnId: string;
  readonly continues: string | undefined;
  text: string;
  isComplete: boolean;
  /** As told while it sounded; the end knows better. */
  heardCharacters: number;
  heardMs: number;
  ended: { readonly heardText: string; readonly isInterrupted: boolean } | undefined;
};

type Reading = {
  readonly turns: Map<string, RecoveredTurn>;
  readonly replies: Map<string, ReplyRecord>;
  readonly owed: Set<string>;
  readonly windows: Map<string, RecoveredCall['windows'][number]>;
  readonly hands: Set<SpeakerId>;
  /** The reply that was started and has not ended. */
  active: ReplyRecord | undefined;
  /** The present agent has begun to leave. */
  isLeaving: boolean;
  isHandOver: boolean;
};

/** Reads entries of all epochs before the present one, in order. `nowMs`: Unix ms. */
export function recoverCall(entries: readonly JournalReading[], nowMs: number): RecoveredCall {
  const reading: Reading = {
    turns: new Map(),
    replies: new Map(),
    owed: new Set(),
    windows: new Map(),
    hands: new Set(),
    active: undefined,
    isLeaving: false,
    isHandOver: false,
  };
  for (const entry of entries) read(reading, entry);
  const { turns, replies, active } = reading;
  const turnsOwed = [...reading.owed].flatMap((turnId) =>
    turnId === active?.turnId ? [] : (turns.get(turnId) ?? []),
  );
  const cut = active && cutReply(reading, active);
  const isUnheard = cut !== undefined && cut.heardText === '' && cut.restText === undefined;
  // A greeting that nobody heard is not said after all, and one that was heard to its end is no cut.
  const isOver = cut?.restText === '' || (cut?.turn === undefined && cut?.heardText === '');
  return {
    said: [...[...turns.values()].map(messageOfTurn), ...[...replies.values()].flatMap(messageOfReply)].sort(
      (a, b) => a.atMs - b.atMs,
    ),
    windows: [...reading.windows.values()].filter(({ untilMs }) => untilMs > nowMs),
    raisedHands: [...reading.hands],
    owed: isUnheard && cut.turn !== undefined ? [cut.turn, ...turnsOwed] : turnsOwed,
    cut: isUnheard || isOver ? undefined : cut,
    isHandOver: reading.isHandOver,
    language: [...turns.values()].findLast((turn) => turn.language !== undefined)?.language,
    lastMs: entries.at(-1)?.atMs,
  };
}

function read(reading: Reading, { atMs, event }: JournalReading): void {
  switch (event.type) {
    case 'call-start':
      reading.isLeaving = false;
      return;
    case 'agent-leaving':
      reading.isLeaving = true;
      reading.isHandOver = event.reason === 'hand-over';
      return;
    case 'turn':
      if (!reading.isLeaving) reading.isHandOver = false;
      readTurn(reading, event, atMs);
      return;
    case 'decision':
      readDecision(reading, event);
      return;
    case 'window':
      readWindow(reading, event);
      return;
    case 'hand':
      readHand(reading, event);
      return;
    case 'speaker-leave':
      forgetSpeaker(reading, event.speaker);
      return;
    case 'reply-start':
    case 'reply-text':
    case 'reply-heard':
    case 'reply-end':
      readReply(reading, event, atMs);
      return;
    default:
      return;
  }
}

function readTurn(
  { turns }: Reading,
  { turnId, speaker, name, text, source, language }: EventOf<'turn'>,
  atMs: number,
): void {
  const ids = { turnId: turnIdSchema.safeParse(turnId), speaker: speakerIdSchema.safeParse(speaker) };
  if (!ids.turnId.success || !ids.speaker.success || turns.has(turnId)) return;
  turns.set(turnId, {
    turnId: ids.turnId.data,
    speaker: ids.speaker.data,
    name,
    text,
    source,
    language: language ?? undefined,
    atMs,
  });
}

function readDecision(reading: Reading, { turnId, action }: EventOf<'decision'>): void {
  if (action === 'answer') reading.owed.add(turnId);
  if (action !== 'drop' || reading.isLeaving) return;
  reading.owed.delete(turnId);
  if (reading.active?.turnId === turnId) reading.active = undefined;
}

function readWindow({ windows, isLeaving }: Reading, { window, speaker, untilMs }: EventOf<'window'>): void {
  const id = speakerIdSchema.safeParse(speaker);
  if (!id.success) return;
  // A room has one follow-up window, each speaker a wake window.
  const key = window === 'follow-up' ? window : `wake ${speaker}`;
  if (untilMs !== null) windows.set(key, { window, speaker: id.data, untilMs });
  else if (!isLeaving) windows.delete(key);
}

function readHand({ hands, isLeaving }: Reading, { speaker, isRaised }: EventOf<'hand'>): void {
  const id = speakerIdSchema.safeParse(speaker);
  if (!id.success) return;
  if (isRaised) hands.add(id.data);
  else if (!isLeaving) hands.delete(id.data);
}

function forgetSpeaker({ windows, hands }: Reading, speaker: string): void {
  for (const [key, window] of windows) if (window.speaker === speaker) windows.delete(key);
  for (const hand of hands) if (hand === speaker) hands.delete(hand);
}

function readReply(
  reading: Reading,
  event: EventOf<'reply-start' | 'reply-text' | 'reply-heard' | 'reply-end'>,
  atMs: number,
): void {
  if (event.type === 'reply-start') {
    reading.owed.delete(event.turnId);
    reading.active = {
      replyId: event.replyId,
      turnId: event.turnId,
      continues: event.continues,
      text: '',
      isComplete: false,
      heardCharacters: 0,
      heardMs: atMs,
      ended: undefined,
    };
    reading.replies.set(event.replyId, reading.active);
    return;
  }
  const reply = reading.replies.get(event.replyId);
  // The beginning of this journal is missing.
  if (reply === undefined) return;
  switch (event.type) {
    case 'reply-text':
      reply.text = joined(reply.text, event.text);
      reply.isComplete = event.isComplete;
      return;
    case 'reply-heard':
      reply.heardMs = reply.heardCharacters === 0 ? atMs : reply.heardMs;
      reply.heardCharacters = event.heardCharacters;
      return;
    case 'reply-end':
      reply.ended = { heardText: event.heardText, isInterrupted: event.outcome === 'interrupted' };
      // Cut by the agent's own leaving, not by a person.
      if (reading.isLeaving && event.outcome === 'interrupted') return;
      if (reading.active === reply) reading.active = undefined;
      return;
    default:
      event satisfies never;
  }
}

function cutReply({ turns, replies }: Reading, reply: ReplyRecord): CutReply {
  const replyIds: [string, ...string[]] = [reply.replyId];
  const heard = [heardOf(reply)];
  for (
    let id = reply.continues;
    id !== undefined && !replyIds.includes(id);
    id = replies.get(id)?.continues
  ) {
    replyIds.unshift(id);
    const before = replies.get(id);
    heard.unshift(before === undefined ? '' : heardOf(before));
  }
  // Whatever is said in place of what was heard begins with the same words, else the rest is not known.
  const isRestKnown = reply.isComplete && reply.text.startsWith(heardOf(reply));
  return {
    replyIds,
    turn: turns.get(reply.turnId),
    heardText: heard.reduce(joined, ''),
    restText: isRestKnown ? reply.text.slice(heardOf(reply).length).trim() : undefined,
  };
}

function messageOfTurn({ turnId, text, name, speaker, atMs }: RecoveredTurn): RecoveredMessage {
  return {
    itemId: turnId,
    role: 'user',
    content: text,
    speaker: name,
    speakerIdentity: speaker,
    isInterrupted: false,
    atMs,
  };
}

function messageOfReply(reply: ReplyRecord): RecoveredMessage[] {
  const content = heardOf(reply);
  if (content === '') return [];
  return [
    {
      itemId: reply.replyId,
      role: 'assistant',
      content,
      speaker: null,
      speakerIdentity: null,
      isInterrupted: reply.ended?.isInterrupted ?? true,
      atMs: reply.heardMs,
    },
  ];
}

function heardOf(reply: ReplyRecord): string {
  return reply.ended?.heardText ?? reply.text.slice(0, reply.heardCharacters);
}

function joined(before: string, after: string): string {
  return [before, after].filter((text) => text !== '').join(' ');
}

type EventOf<Type extends JournalEvent['type']> = Extract<JournalEvent, { readonly type: Type }>;
