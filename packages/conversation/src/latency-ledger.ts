/** Where the time of one turn went: marks on the room clock, and the numbers made of them. */
import type { JournalEvent } from '@sophy/contracts/journal-event';
import type { RoomNotice } from '@sophy/contracts/room-messages';

/** Moments of one turn and its reply, ms on the room clock; absent where the stage did not run. */
export type LatencyMarks = {
  /** Last voiced sample, or arrival of a typed message. */
  readonly lastVoiceMs?: number;
  /** The audio of the turn left for recognition. */
  readonly sttRequestMs?: number;
  /** Its final words came. */
  readonly transcriptMs?: number;
  readonly committedMs?: number;
  readonly llmRequestMs?: number;
  readonly llmFirstTokenMs?: number;
  readonly llmEndMs?: number;
  readonly ttsRequestMs?: number;
  readonly ttsFirstAudioMs?: number;
  /** First sample of the reply left for the room. */
  readonly playoutStartMs?: number;
};

export type LatencyMark = keyof LatencyMarks;
type TimingFields = Omit<Extract<JournalEvent, { type: 'timing' }>, 'type' | 'turnId' | 'replyId'>;
type TimingNotice = Extract<RoomNotice, { type: 'timing' }>;

/** Adds a mark; the first of its kind stays, so that later pieces of a stream may report too. */
export function withMark(marks: LatencyMarks, mark: LatencyMark, atMs: number): LatencyMarks {
  return marks[mark] === undefined ? { ...marks, [mark]: atMs } : marks;
}

/** Numbers of the journal's `timing` event, ms. `ttsAudioMs` is the length of the audio that was synthesized. */
export function timingFields(marks: LatencyMarks, ttsAudioMs: number | null): TimingFields {
  const isSpoken = marks.transcriptMs !== undefined;
  return {
    endOfTurnMs: isSpoken ? between(marks.lastVoiceMs, marks.committedMs) : null,
    sttMs: between(marks.sttRequestMs ?? marks.lastVoiceMs, marks.transcriptMs),
    llmFirstTokenMs: between(marks.llmRequestMs, marks.llmFirstTokenMs),
    llmMs: between(marks.llmRequestMs, marks.llmEndMs),
    ttsFirstAudioMs: between(marks.ttsRequestMs, marks.ttsFirstAudioMs),
    ttsAudioMs,
    totalMs: between(marks.lastVoiceMs, marks.playoutStartMs),
  };
}

/** The notice that people see, 0 where a stage did not run: how long each stage kept the first sound waiting. */
export function timingNotice(turnId: string, marks: LatencyMarks): TimingNotice {
  const fields = timingFields(marks, null);
  return {
    type: 'timing',
    turnId,
    endOfTurnMs: fields.endOfTurnMs ?? 0,
    sttMs: fields.sttMs ?? 0,
    llmMs: fields.llmFirstTokenMs ?? 0,
    ttsMs: fields.ttsFirstAudioMs ?? 0,
    totalMs: fields.totalMs ?? 0,
  };
}

function between(fromMs: number | undefined, toMs: number | undefined): number | null {
  return fromMs === undefined || toMs === undefined ? null : Math.max(0, toMs - fromMs);
}
