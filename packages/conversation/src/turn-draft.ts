/** The state and commands of one event while it is worked on; `decide` opens one and freezes it again. */
import { type ReplyId, replyIdSchema, type SpeakerId, type TurnId, turnIdSchema } from '@sophy/contracts/ids';
import type { AgentState } from '@sophy/contracts/room-messages';
import type { TurnCommand } from './turn-command.ts';
import type { SpeakerState, Timer, TimerPurpose, TurnState } from './turn-state.ts';

export type TurnDraft = {
  -readonly [Key in Exclude<keyof TurnState, 'speakers' | 'timers'>]: TurnState[Key];
} & {
  readonly speakers: Map<SpeakerId, SpeakerState>;
  readonly timers: Map<string, Timer>;
  readonly commands: TurnCommand[];
};

export function openDraft(state: TurnState): TurnDraft {
  return { ...state, speakers: new Map(state.speakers), timers: new Map(state.timers), commands: [] };
}

export function closeDraft(draft: TurnDraft): { state: TurnState; commands: readonly TurnCommand[] } {
  const { commands, ...state } = draft;
  return { state, commands };
}

export function timerId(purpose: TimerPurpose, speaker: SpeakerId): string {
  return `${purpose}:${speaker}`;
}

/** Orders a timer unless the same one is already set for that moment. */
export function setTimer(draft: TurnDraft, purpose: TimerPurpose, speaker: SpeakerId, atMs: number): void {
  const id = timerId(purpose, speaker);
  if (draft.timers.get(id)?.atMs === atMs) return;
  draft.timers.set(id, { purpose, speaker, atMs });
  draft.commands.push({ type: 'set-timer', timerId: id, atMs });
}

export function clearTimer(draft: TurnDraft, purpose: TimerPurpose, speaker: SpeakerId): void {
  const id = timerId(purpose, speaker);
  if (draft.timers.delete(id)) draft.commands.push({ type: 'clear-timer', timerId: id });
}

/** Replaces some facts of a speaker who is in the room. */
export function updateSpeaker(draft: TurnDraft, speaker: SpeakerId, change: Partial<SpeakerState>): void {
  const known = draft.speakers.get(speaker);
  if (known !== undefined) draft.speakers.set(speaker, { ...known, ...change });
}

/** Tells the room what the agent does, when that changes. */
export function publishState(draft: TurnDraft, state: AgentState, reason: string): void {
  if (draft.agentState === state) return;
  draft.agentState = state;
  draft.commands.push({ type: 'publish-state', state, reason });
}

export function takeTurnId(draft: TurnDraft): TurnId {
  return turnIdSchema.parse(`${draft.idPrefix}t${draft.nextTurnNumber++}`);
}

export function takeReplyId(draft: TurnDraft): ReplyId {
  return replyIdSchema.parse(`${draft.idPrefix}r${draft.nextReplyNumber++}`);
}
