/**
 * What was said and typed in the room, as lines in the order in which they began.
 *
 * A voice line is one segment: streams of the same segment replace its text (people) or grow it (the agent);
 * its place is fixed when it is first seen, so a late final text never jumps. An interrupted reply keeps only
 * what people heard of it, whichever of the notice and the text comes first. A turn's decision and timing go to the
 * line of that turn; a decision that comes before the line waits for it.
 */
import type { RoomNotice } from '@sophy/contracts/room-messages';

export type CaptionLine = {
  /** Unique in the call. */
  readonly id: string;
  readonly speaker: string;
  readonly name: string;
  readonly isAgent: boolean;
  readonly isLocal: boolean;
  readonly source: 'voice' | 'typed';
  readonly text: string;
  readonly status: 'interim' | 'final' | 'sending' | 'failed';
  readonly isInterrupted: boolean;
  /** Number of the stream that the text is from; 0 for typed messages. */
  readonly streamNumber: number;
  /** Seen by its author and the agent alone. */
  readonly isPrivate: boolean;
  /** What the policy decided about this turn, or about speech over this reply. */
  readonly decision: LineDecision | null;
  /** Where the time of this turn's answer went. */
  readonly timing: TurnTiming | null;
};

export type DecisionNotice = Extract<RoomNotice, { type: 'decision' }>;
export type LineDecision = Pick<DecisionNotice, 'turnId' | 'rule' | 'action' | 'evidence'>;
export type TurnTiming = Omit<Extract<RoomNotice, { type: 'timing' }>, 'type'>;

export type Speaker = Pick<CaptionLine, 'speaker' | 'name' | 'isAgent' | 'isLocal'>;

/** `atMs`, where an event has it, is this page's clock. */
export type CaptionEvent =
  | {
      readonly type: 'segment-text';
      readonly segmentId: string;
      readonly by: Speaker;
      readonly text: string;
      /** Grows with each stream that arrives: an older stream that is read late does not replace a newer text. */
      readonly streamNumber: number;
      readonly isPrivate?: boolean;
      readonly atMs: number;
    }
  | { readonly type: 'segment-final'; readonly segmentId: string; readonly by: Speaker }
  | {
      readonly type: 'typed';
      readonly id: string;
      readonly by: Speaker;
      readonly text: string;
      readonly isPrivate?: boolean;
      readonly atMs: number;
    }
  | { readonly type: 'typed-status'; readonly id: string; readonly status: 'sending' | 'final' | 'failed' }
  | { readonly type: 'interrupted'; readonly replyId: string; readonly heardText: string }
  | { readonly type: 'decision'; readonly notice: DecisionNotice; readonly atMs: number }
  | { readonly type: 'timing'; readonly timing: TurnTiming };

export type Captions = {
  readonly lines: readonly CaptionLine[];
  /** Heard text of replies whose interruption was announced, by segment. */
  readonly heardTexts: Readonly<Record<string, string>>;
  /** Newest decisions whose line has not come yet, by speaker. */
  readonly earlyDecisions: Readonly<
    Record<string, { readonly decision: LineDecision; readonly atMs: number }>
  >;
};

export const noCaptions: Captions = { lines: [], heardTexts: {}, earlyDecisions: {} };

/** A long call keeps its newest lines on the page; all of them are in the chat. */
const maxLines = 500;

/** A decision and the line that it is about leave the agent together; a line later than this is another turn's. */
const earlyDecisionMs = 3_000;

/** The captions after the event. */
export function applyCaptionEvent(captions: Captions, event: CaptionEvent): Captions {
  switch (event.type) {
    case 'segment-text':
      return applySegmentText(captions, event);
    case 'segment-final':
      return {
        ...captions,
        lines: captions.lines
          .filter(
            (line) => line.id !== lineId(event.by, event.segmentId) || line.text !== '' || line.isInterrupted,
          )
          .map((line) =>
            line.id === lineId(event.by, event.segmentId) ? { ...line, status: 'final' as const } : line,
          ),
      };
    case 'typed':
      return append(
        captions,
        newLine(event.id, event.by, {
          source: 'typed',
          text: event.text,
          status: event.by.isLocal ? 'sending' : 'final',
          isPrivate: event.isPrivate ?? false,
        }),
        event.atMs,
      );
    case 'typed-status':
      return {
        ...captions,
        lines: captions.lines.map((line) =>
          line.id === event.id ? { ...line, status: event.status } : line,
        ),
      };
    case 'interrupted':
      return {
        ...captions,
        heardTexts: { ...captions.heardTexts, [event.replyId]: event.heardText },
        lines: captions.lines.map((line) =>
          line.isAgent && line.id.endsWith(`\n${event.replyId}`)
            ? { ...line, text: event.heardText, status: 'final' as const, isInterrupted: true }
            : line,
        ),
      };
    case 'decision':
      return applyDecision(captions, event);
    case 'timing':
      return {
        ...captions,
        lines: captions.lines.map((line) =>
          isOfTurn(line, event.timing.turnId) ? { ...line, timing: event.timing } : line,
        ),
      };
  }
}

function lineId(by: Speaker, segmentId: string): string {
  return `${by.speaker}\n${segmentId}`;
}

function newLine(
  id: string,
  by: Speaker,
  said: Pick<CaptionLine, 'source' | 'text' | 'status' | 'isPrivate'>,
): CaptionLine {
  return { id, ...by, ...said, isInterrupted: false, streamNumber: 0, decision: null, timing: null };
}

/** Adds the line; a decision that came before it goes with it. */
function append(captions: Captions, line: CaptionLine, atMs: number): Captions {
  const { [line.speaker]: early, ...others } = captions.earlyDecisions;
  if (early === undefined || line.isPrivate) {
    return { ...captions, lines: [...captions.lines, line].slice(-maxLines) };
  }
  const decision = atMs - early.atMs <= earlyDecisionMs ? early.decision : null;
  return {
    ...captions,
    lines: [...captions.lines, { ...line, decision }].slice(-maxLines),
    earlyDecisions: others,
  };
}

function applySegmentText(
  captions: Captions,
  event: Extract<CaptionEvent, { type: 'segment-text' }>,
): Captions {
  const { segmentId, by, text, streamNumber, atMs } = event;
  const id = lineId(by, segmentId);
  const existing = captions.lines.find((line) => line.id === id);
  if (existing) {
    if (existing.isInterrupted || streamNumber < existing.streamNumber) return captions;
    return {
      ...captions,
      lines: captions.lines.map((line) =>
        line.id === id ? { ...line, text, streamNumber, name: by.name } : line,
      ),
    };
  }
  const heardText = by.isAgent ? captions.heardTexts[segmentId] : undefined;
  const isPrivate = event.isPrivate ?? false;
  const line = newLine(id, by, {
    source: isPrivate ? 'typed' : 'voice',
    text,
    status: 'interim',
    isPrivate,
  });
  if (heardText === undefined) return append(captions, { ...line, streamNumber }, atMs);
  return append(
    captions,
    { ...line, streamNumber, text: heardText, status: 'final', isInterrupted: true },
    atMs,
  );
}

/** Rules that take a whole turn for nothing; every other `ignore` lets a reply go on. */
const emptyTurnRules: readonly string[] = ['own-voice', 'heard-twice'];

/** Whether it is about speech over a reply, so that it is explained at what the agent said. Such speech names the turn that is being answered. */
function isAboutVoice({ lines }: Captions, { turnId, rule, action }: DecisionNotice): boolean {
  switch (action) {
    case 'stop':
    case 'resume':
      return true;
    case 'ignore':
      return !emptyTurnRules.includes(rule) || lines.some((line) => isOfTurn(line, turnId));
    case 'answer':
    case 'silent':
    case 'drop':
      return false;
  }
}

function isOfTurn(line: CaptionLine, turnId: string): boolean {
  return !line.isAgent && line.decision?.turnId === turnId;
}

function applyDecision(
  captions: Captions,
  { notice, atMs }: { readonly notice: DecisionNotice; readonly atMs: number },
): Captions {
  const { turnId, speaker, rule, action, evidence } = notice;
  const decision = { turnId, rule, action, evidence };
  const isVoice = isAboutVoice(captions, notice);
  const line = isVoice ? replyLine(captions, turnId) : turnLine(captions, notice);
  if (line) {
    return {
      ...captions,
      lines: captions.lines.map((other) => (other.id === line.id ? { ...line, decision } : other)),
    };
  }
  // A private message is never on the pages of others, and speech over a reply that nobody heard has no line.
  if (rule === 'private' || isVoice) return captions;
  return { ...captions, earlyDecisions: { ...captions.earlyDecisions, [speaker]: { decision, atMs } } };
}

/** What the agent said last, unless the turn that it answered came after that. */
function replyLine({ lines }: Captions, turnId: string): CaptionLine | undefined {
  const turnAt = lines.findLastIndex((line) => isOfTurn(line, turnId));
  return lines.slice(turnAt + 1).findLast((line) => line.isAgent && !line.isPrivate);
}

/** The line of a turn: by its id, else the speaker's last one that has not been decided about. */
function turnLine({ lines }: Captions, notice: DecisionNotice): CaptionLine | undefined {
  const { turnId, speaker, rule } = notice;
  const own = lines.filter(
    (line) => !line.isAgent && line.speaker === speaker && line.isPrivate === (rule === 'private'),
  );
  const byId = own.findLast((line) => isOfTurn(line, turnId) || line.id.endsWith(`\n${turnId}`));
  const last = own.at(-1);
  return byId ?? (last?.decision === null ? last : undefined);
}
