/** The latency marks of each turn, from its last voiced sample until its reply is over. */
import type { SpeakerId, TurnId } from '@sophy/contracts/ids';
import type { LatencyMarks } from '@sophy/conversation/latency-ledger';
import type { Turn } from '@sophy/conversation/turn-event';

type RecognitionMarks = { readonly sttRequestMs: number; readonly transcriptMs: number };

export class TurnClock {
  readonly #recognitions = new Map<SpeakerId, RecognitionMarks>();
  readonly #turns = new Map<TurnId, LatencyMarks>();

  /** A speaker's words came, `sttMs` after they were asked for. */
  recognized(speaker: SpeakerId, transcriptMs: number, sttMs: number): void {
    this.#recognitions.set(speaker, { sttRequestMs: transcriptMs - sttMs, transcriptMs });
  }

  committed(turn: Turn, committedMs: number): void {
    const recognition = turn.source === 'voice' ? this.#recognitions.get(turn.speaker) : undefined;
    this.#turns.set(turn.turnId, { lastVoiceMs: turn.endedAtMs, ...recognition, committedMs });
  }

  /** The marks of a turn so far, with those of its reply. */
  marks(turnId: TurnId, reply: LatencyMarks): LatencyMarks {
    return { ...this.#turns.get(turnId), ...reply };
  }

  /** The turn needs no more times. */
  forget(turnId: TurnId): void {
    this.#turns.delete(turnId);
  }

  left(speaker: SpeakerId): void {
    this.#recognitions.delete(speaker);
  }
}
