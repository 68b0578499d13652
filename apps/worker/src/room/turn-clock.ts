/** Which times belong to which turn, until the journal has them. */
import type { SpeakerId, TurnId } from '@sophy/contracts/ids';
import type { JournalEvent } from '@sophy/contracts/journal-event';
import type { RoomNotice } from '@sophy/contracts/room-messages';
import type { ReplyMarks } from '../voice/reply.ts';

type TurnTimes = { readonly endedAtMs: number; readonly committedMs: number; readonly sttMs: number | null };

export class TurnClock {
  readonly #sttMs = new Map<SpeakerId, number>();
  readonly #turns = new Map<TurnId, TurnTimes>();

  recognized(speaker: SpeakerId, sttMs: number): void {
    this.#sttMs.set(speaker, sttMs);
  }

  committed(
    turn: { turnId: TurnId; speaker: SpeakerId; source: 'voice' | 'typed'; endedAtMs: number },
    committedMs: number,
  ): void {
    const sttMs = turn.source === 'voice' ? (this.#sttMs.get(turn.speaker) ?? null) : null;
    this.#turns.set(turn.turnId, { endedAtMs: turn.endedAtMs, committedMs, sttMs });
  }

  /** The turn needs no more times. */
  forget(turnId: TurnId): void {
    this.#turns.delete(turnId);
  }

  /** Where the time of a turn went, once its reply is over. */
  timing(turnId: TurnId, replyId: string, marks: ReplyMarks, audioMs: number): JournalEvent {
    const turn = this.#turns.get(turnId);
    return {
      type: 'timing',
      turnId,
      replyId,
      endOfTurnMs: span(turn?.endedAtMs, turn?.committedMs),
      sttMs: turn?.sttMs ?? null,
      llmFirstTokenMs: span(marks.llmRequestMs, marks.llmFirstTokenMs),
      llmMs: span(marks.llmRequestMs, marks.llmEndMs),
      ttsFirstAudioMs: span(marks.ttsRequestMs, marks.ttsFirstAudioMs),
      ttsAudioMs: audioMs,
      totalMs: span(turn?.endedAtMs, marks.playoutStartMs),
    };
  }

  /** The same for the room, as soon as the reply is heard. */
  notice(turnId: TurnId, marks: ReplyMarks): RoomNotice | undefined {
    const turn = this.#turns.get(turnId);
    if (turn === undefined || marks.playoutStartMs === undefined) return undefined;
    return {
      type: 'timing',
      turnId,
      endOfTurnMs: span(turn.endedAtMs, turn.committedMs) ?? 0,
      sttMs: turn.sttMs ?? 0,
      llmMs: span(marks.llmRequestMs, marks.llmFirstTokenMs) ?? 0,
      ttsMs: span(marks.ttsRequestMs, marks.ttsFirstAudioMs) ?? 0,
      totalMs: span(turn.endedAtMs, marks.playoutStartMs) ?? 0,
    };
  }
}

function span(fromMs: number | undefined, toMs: number | undefined): number | null {
  return fromMs === undefined || toMs === undefined ? null : Math.max(0, Math.round(toMs - fromMs));
}
