/** Test support: plays a table of events through the policy on a virtual clock and writes down what it orders. */
import { replyIdSchema, speakerIdSchema, utteranceIdSchema } from '@sophy/contracts/ids';
import type { PolicySettings } from './policy-settings.ts';
import type { TurnCommand } from './turn-command.ts';
import type { TurnEvent } from './turn-event.ts';
import { decide, initialTurnState, type TurnState } from './turn-policy.ts';

/** Settings of all timelines: waits of 300 and 1,200 ms, windows of 20 and 8 s, interruptions of 500 ms without words. */
export const timelineSettings: PolicySettings = {
  agentNames: ['Sophy', 'sofi', 'so fi'],
  forceAgentResponse: false,
  wakeWindowMs: 20_000,
  followUpMs: 8_000,
  bargeIn: 'everyone',
  bargeInMinSpeechMs: 500,
  bargeInDuringConfirmations: true,
  backChannels: [],
  prepareReplies: true,
  hasEndOfTurnModel: false,
  endpointingMinMs: 300,
  endpointingMaxMs: 1_200,
};

/** An event that does not know its moment yet. */
export type ScriptedEvent = (atMs: number) => TurnEvent;
export type ScriptedLine = readonly [atMs: number, event: ScriptedEvent];

export const joins =
  (speaker: string): ScriptedEvent =>
  (atMs) => ({ type: 'speaker-join', atMs, speaker: speakerIdSchema.parse(speaker), name: speaker });
export const leaves =
  (speaker: string): ScriptedEvent =>
  (atMs) => ({ type: 'speaker-leave', atMs, speaker: speakerIdSchema.parse(speaker) });
export const speaks =
  (speaker: string): ScriptedEvent =>
  (atMs) => ({ type: 'speech-start', atMs, speaker: speakerIdSchema.parse(speaker), onsetMs: atMs });
export const stops =
  (speaker: string, utteranceId?: string): ScriptedEvent =>
  (atMs) => ({
    utteranceId: utteranceId === undefined ? undefined : utteranceIdSchema.parse(utteranceId),
    type: 'speech-end',
    atMs,
    speaker: speakerIdSchema.parse(speaker),
    lastVoiceMs: atMs,
  });
export const hears =
  (speaker: string, utteranceId: string, text: string): ScriptedEvent =>
  (atMs) => ({
    type: 'transcript-delta',
    atMs,
    speaker: speakerIdSchema.parse(speaker),
    utteranceId: utteranceIdSchema.parse(utteranceId),
    text,
  });
export const said =
  (speaker: string, utteranceId: string, text: string, language?: string): ScriptedEvent =>
  (atMs) => ({
    type: 'transcript-end',
    atMs,
    speaker: speakerIdSchema.parse(speaker),
    utteranceId: utteranceIdSchema.parse(utteranceId),
    text,
    language,
  });
export const isLost =
  (speaker: string, utteranceId: string): ScriptedEvent =>
  (atMs) => ({
    type: 'transcript-failed',
    atMs,
    speaker: speakerIdSchema.parse(speaker),
    utteranceId: utteranceIdSchema.parse(utteranceId),
  });
export const types =
  (speaker: string, text: string): ScriptedEvent =>
  (atMs) => ({
    type: 'typed-message',
    atMs,
    speaker: speakerIdSchema.parse(speaker),
    messageId: `m${atMs}`,
    text,
  });
export const typesPrivately =
  (speaker: string, text: string): ScriptedEvent =>
  (atMs) => ({
    type: 'typed-message',
    atMs,
    speaker: speakerIdSchema.parse(speaker),
    messageId: `m${atMs}`,
    text,
    isPrivate: true,
  });
export const raisesHand =
  (speaker: string, isRaised = true): ScriptedEvent =>
  (atMs) => ({ type: 'hand-raise', atMs, speaker: speakerIdSchema.parse(speaker), isRaised });
export const wantsAnswer =
  (speaker: string): ScriptedEvent =>
  (atMs) => ({ type: 'answer-request', atMs, speaker: speakerIdSchema.parse(speaker) });
export const soundsFinished =
  (speaker: string, probability: number): ScriptedEvent =>
  (atMs) => ({ type: 'end-of-turn-estimate', atMs, speaker: speakerIdSchema.parse(speaker), probability });
export const soundsLikeAgent =
  (speaker: string, likeness: number): ScriptedEvent =>
  (atMs) => ({ type: 'echo-estimate', atMs, speaker: speakerIdSchema.parse(speaker), likeness });
export const utteredBy =
  (replyId: string, text: string): ScriptedEvent =>
  (atMs) => ({ type: 'reply-piece', atMs, replyId: replyIdSchema.parse(replyId), text });
export const sounds =
  (replyId: string): ScriptedEvent =>
  (atMs) => ({ type: 'playout-start', atMs, replyId: replyIdSchema.parse(replyId) });
export const ends =
  (replyId: string, outcome: 'complete' | 'interrupted' | 'failed' = 'complete'): ScriptedEvent =>
  (atMs) => ({ type: 'reply-end', atMs, replyId: replyIdSchema.parse(replyId), outcome, heardText: '' });
export const pressesStop =
  (speaker: string): ScriptedEvent =>
  (atMs) => ({ type: 'stop-request', atMs, speaker: speakerIdSchema.parse(speaker) });
export const settingsBecome =
  (settings: Partial<PolicySettings>): ScriptedEvent =>
  (atMs) => ({ type: 'settings-change', atMs, settings: { ...timelineSettings, ...settings } });
export const greets =
  (text: string): ScriptedEvent =>
  (atMs) => ({ type: 'greeting', atMs, text });

export const drains: ScriptedEvent = (atMs) => ({ type: 'drain', atMs });

/** A whole utterance: voice from `fromMs` to `toMs`, final words `transcriptMs` later (default 100). */
export function utters(
  speaker: string,
  utteranceId: string,
  text: string,
  span: { readonly fromMs: number; readonly toMs: number; readonly transcriptMs?: number },
): readonly ScriptedLine[] {
  return [
    [span.fromMs, speaks(speaker)],
    [span.toMs, stops(speaker)],
    [span.toMs + (span.transcriptMs ?? 100), said(speaker, utteranceId, text)],
  ];
}

export type PlayedTimeline = {
  /** Commands in order with their moment; timers left out. One line each, e.g. `2300 start-reply r1`. */
  readonly log: readonly string[];
  readonly commands: readonly { readonly atMs: number; readonly command: TurnCommand }[];
  readonly state: TurnState;
  /** Timers that were ordered and neither cleared nor fired. */
  readonly pendingTimers: readonly string[];
};

/**
 * Plays the lines in order of their moments. Timers fire on their moment, before an event of the same moment; after
 * the last line the clock runs on until no timer is left or `untilMs` is reached.
 */
export function playTimeline(
  lines: readonly ScriptedLine[],
  options: { readonly settings?: Partial<PolicySettings>; readonly untilMs?: number } = {},
): PlayedTimeline {
  let state = initialTurnState({ settings: { ...timelineSettings, ...options.settings }, idPrefix: '' });
  const timers = new Map<string, number>();
  const commands: { atMs: number; command: TurnCommand }[] = [];
  const take = (event: TurnEvent) => {
    const decided = decide(state, event);
    state = decided.state;
    for (const command of decided.commands) {
      commands.push({ atMs: event.atMs, command });
      if (command.type === 'set-timer') timers.set(command.timerId, command.atMs);
      if (command.type === 'clear-timer') timers.delete(command.timerId);
    }
  };
  const fireUntil = (limitMs: number) => {
    for (;;) {
      const next = [...timers].filter(([, atMs]) => atMs <= limitMs).sort((a, b) => a[1] - b[1])[0];
      if (next === undefined) return;
      timers.delete(next[0]);
      take({ type: 'timer-fired', atMs: next[1], timerId: next[0] });
    }
  };
  for (const [atMs, event] of lines.toSorted((a, b) => a[0] - b[0])) {
    fireUntil(atMs);
    take(event(atMs));
  }
  fireUntil(options.untilMs ?? Number.POSITIVE_INFINITY);
  const log = commands.flatMap(({ atMs, command }) => {
    const line = describeCommand(command);
    return line === undefined ? [] : [`${atMs} ${line}`];
  });
  return { log, commands, state, pendingTimers: [...timers.keys()] };
}

function describeCommand(command: TurnCommand): string | undefined {
  switch (command.type) {
    case 'set-timer':
    case 'clear-timer':
      return undefined;
    case 'prepare-reply':
    case 'start-reply':
      return `${command.type} ${command.replyId} for ${command.turn.turnId}`;
    case 'start-private-reply':
      return `start-private-reply ${command.replyId} for ${command.turn.speaker}`;
    case 'peek-utterance':
      return undefined;
    case 'discard-reply':
    case 'duck-voice':
    case 'resume-voice':
    case 'stop-reply':
      return `${command.type} ${command.replyId}`;
    case 'record-turn':
      return `record-turn ${command.turn.turnId} ${command.turn.speaker}: ${command.turn.text}`;
    case 'hang-up':
      return command.type;
    case 'close-utterance':
      return `close-utterance ${command.speaker}`;
    case 'publish-decision':
      return `decision ${command.turnId} ${command.speaker} ${command.rule} ${command.action}`;
    case 'publish-state':
      return `state ${command.state} ${command.reason}`;
    case 'publish-window':
      return `window ${command.window} ${command.speaker} ${command.untilMs === undefined ? 'closes' : `until ${command.untilMs}`}`;
    case 'publish-waiting':
      return `waiting ${command.speaker} ${command.reason} ${command.untilMs === undefined ? 'over' : `until ${command.untilMs}`}`;
    case 'publish-hand':
      return `hand ${command.speaker} ${command.isRaised ? 'raised' : 'lowered'}`;
    case 'publish-queue':
      return `queue ${command.speakers.join(' ')}`.trim();
    case 'publish-hearing':
      return undefined;
    default:
      return command satisfies never;
  }
}
