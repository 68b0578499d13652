/**
 * What was said and typed in the room, as lines in the order in which they began.
 *
 * A voice line is one segment: streams of the same segment replace its text (people) or grow it (the agent);
 * its place is fixed when it is first seen, so a late final text never jumps. An interrupted reply keeps only
 * what people heard of it, whichever of the notice and the text comes first.
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
  /** What the policy decided about this turn. */
  readonly decision: { readonly rule: string; readonly action: DecisionNotice['action'] } | null;
};

type DecisionNotice = Extract<RoomNotice, { type: 'decision' }>;

export type Speaker = Pick<CaptionLine, 'speaker' | 'name' | 'isAgent' | 'isLocal'>;

export type CaptionEvent =
  | {
      readonly type: 'segment-text';
      readonly segmentId: string;
      readonly by: Speaker;
      readonly text: string;
      /** Grows with each stream that arrives: an older stream that is read late does not replace a newer text. */
      readonly streamNumber: number;
    }
  | { readonly type: 'segment-final'; readonly segmentId: string; readonly by: Speaker }
  | { readonly type: 'typed'; readonly id: string; readonly by: Speaker; readonly text: string }
  | { readonly type: 'typed-status'; readonly id: string; readonly status: 'sending' | 'final' | 'failed' }
  | { readonly type: 'interrupted'; readonly replyId: string; readonly heardText: string }
  | { readonly type: 'decision'; readonly notice: DecisionNotice };

export type Captions = {
  readonly lines: readonly CaptionLine[];
  /** Heard text of replies whose interruption was announced, by segment. */
  readonly heardTexts: Readonly<Record<string, string>>;
};

export const noCaptions: Captions = { lines: [], heardTexts: {} };

/** A long call keeps its newest lines on the page; all of them are in the chat. */
const maxLines = 500;

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
        newLine(event.id, event.by, 'typed', event.text, event.by.isLocal ? 'sending' : 'final'),
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
        heardTexts: { ...captions.heardTexts, [event.replyId]: event.heardText },
        lines: captions.lines.map((line) =>
          line.isAgent && line.id.endsWith(`\n${event.replyId}`)
            ? { ...line, text: event.heardText, status: 'final' as const, isInterrupted: true }
            : line,
        ),
      };
    case 'decision':
      return applyDecision(captions, event.notice);
  }
}

function lineId(by: Speaker, segmentId: string): string {
  return `${by.speaker}\n${segmentId}`;
}

function newLine(
  id: string,
  by: Speaker,
  source: CaptionLine['source'],
  text: string,
  status: CaptionLine['status'],
): CaptionLine {
  return { id, ...by, source, text, status, isInterrupted: false, streamNumber: 0, decision: null };
}

function append(captions: Captions, line: CaptionLine): Captions {
  return { ...captions, lines: [...captions.lines, line].slice(-maxLines) };
}

function applySegmentText(
  captions: Captions,
  event: Extract<CaptionEvent, { type: 'segment-text' }>,
): Captions {
  const { segmentId, by, text, streamNumber } = event;
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
  const line = newLine(id, by, 'voice', text, 'interim');
  if (heardText === undefined) return append(captions, { ...line, streamNumber });
  return append(captions, { ...line, streamNumber, text: heardText, status: 'final', isInterrupted: true });
}

/**
 * A decision about a turn goes to the line of that turn; where turns and segments are named differently, to the
 * speaker's last. One about the voice (stop, resume) goes to what the agent said last.
 */
function applyDecision(captions: Captions, notice: DecisionNotice): Captions {
  const { lines } = captions;
  const isAboutVoice = notice.action === 'stop' || notice.action === 'resume';
  const target = isAboutVoice
    ? lines.findLast((line) => line.isAgent)
    : (lines.findLast((line) => !line.isAgent && line.id.endsWith(`\n${notice.turnId}`)) ??
      lines.findLast((line) => !line.isAgent && line.speaker === notice.speaker));
  if (!target) return captions;
  const decision = { rule: notice.rule, action: notice.action };
  return { ...captions, lines: lines.map((line) => (line.id === target.id ? { ...line, decision } : line)) };
}
