/**
 * Marks that a model puts into its text for the voice: `[pause 400ms]`, `[spell]AB12[/spell]`, `[slow]…[/slow]`,
 * `[emphasis]…[/emphasis]`, `[date]…[/date]`, `[number]…[/number]`, `[phone]…[/phone]`. No engine's own tags.
 */

const spanNames = ['spell', 'slow', 'emphasis', 'date', 'number', 'phone'] as const;
export type SpanName = (typeof spanNames)[number];

export type SpeechPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'pause'; readonly ms: number }
  | { readonly type: 'span'; readonly name: SpanName; readonly parts: readonly SpeechPart[] };

/** Longer pauses sound like the end of the call. */
const longestPauseMs = 3_000;
const usualPauseMs = 400;

/**
 * Known marks, whole or broken, and other single words in brackets, which models use as stage directions. Text that goes
 * on from the middle of a sentence may begin with the rest of a pause.
 */
const markPattern =
  /\[\s?(\/?)\s?(pause|spell|slow|emphasis|date|number|phone)(?:[ :=]{1,3}([^[\]]{0,20}))?\]|\[\/?(?:pause|spell|slow|emphasis|date|number|phone)\b(?: \d{1,5} ?(?:ms|s)?)?\]?|\[\/?\p{Ll}{2,20}\](?!\()|^ ?\d{1,5}(?:\.\d{1,3})? ?(?:ms|s)\]/gu;

/** A mark that text may still be in the middle of: its bracket is open. */
const openMark = /\[\/?(?:pause|spell|slow|emphasis|date|number|phone)(?:[ :=]{1,3}[^[\]]{0,20})?$/;

type Token =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'pause'; readonly ms: number }
  | { readonly type: 'open' | 'close'; readonly name: SpanName };

/** Reads the marks. Spans that are never closed end with the text; closings of nothing and unknown marks are dropped. */
export function parseSpeechMarks(text: string): readonly SpeechPart[] {
  const root: SpeechPart[] = [];
  const open: { readonly name: SpanName; readonly parts: SpeechPart[] }[] = [];
  const target = (): SpeechPart[] => open.at(-1)?.parts ?? root;
  const closeLast = (): void => {
    const span = open.pop();
    if (span !== undefined) target().push({ type: 'span', name: span.name, parts: span.parts });
  };
  for (const token of tokens(text)) {
    if (token.type === 'text' || token.type === 'pause') target().push(token);
    else if (token.type === 'open') {
      // The same mark within itself says nothing new.
      if (!open.some(({ name }) => name === token.name)) open.push({ name: token.name, parts: [] });
    } else if (open.some(({ name }) => name === token.name)) {
      while (open.at(-1)?.name !== token.name) closeLast();
      closeLast();
    }
  }
  while (open.length > 0) closeLast();
  return root;
}

/** The text as people read it: without marks, with the blanks that they leave made one. */
export function stripSpeechMarks(text: string): string {
  if (!text.includes('[')) return text;
  const stripped = text.replace(markPattern, (_mark, _close, name?: string) => (name === 'pause' ? ' ' : ''));
  return stripped === text
    ? text
    : stripped
        .replace(/[ \t]{2,}/g, ' ')
        .replace(/ (?=[,.;:!?])/g, '')
        .trim();
}

/** Spans that are open where the text ends, outermost first. */
export function openSpans(text: string): readonly SpanName[] {
  const open: SpanName[] = [];
  if (!text.includes('[')) return open;
  for (const token of tokens(text)) {
    if (token.type === 'open' && !open.includes(token.name)) open.push(token.name);
    if (token.type === 'close' && open.includes(token.name)) open.splice(open.indexOf(token.name));
  }
  return open;
}

/** Marks that close spans, innermost first. */
export function closingMarks(spans: readonly SpanName[]): string {
  return spans
    .map((name) => `[/${name}]`)
    .toReversed()
    .join('');
}

export function openingMarks(spans: readonly SpanName[]): string {
  return spans.map((name) => `[${name}]`).join('');
}

/** Whether the text ends within the brackets of a mark. */
export function endsInsideMark(text: string): boolean {
  return openMark.test(text.slice(-40));
}

/** Whole marks of the text and what is between them, in order. */
export function splitAtMarks(text: string): readonly { readonly isMark: boolean; readonly text: string }[] {
  const parts: { isMark: boolean; text: string }[] = [];
  let end = 0;
  for (const match of text.matchAll(markPattern)) {
    if (match.index > end) parts.push({ isMark: false, text: text.slice(end, match.index) });
    parts.push({ isMark: true, text: match[0] });
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ isMark: false, text: text.slice(end) });
  return parts;
}

function* tokens(text: string): Generator<Token> {
  let end = 0;
  for (const match of text.matchAll(markPattern)) {
    if (match.index > end) yield { type: 'text', text: text.slice(end, match.index) };
    end = match.index + match[0].length;
    const [, slash, written, value] = match;
    if (written === 'pause') {
      const ms = slash === '' ? pauseMs(value) : undefined;
      if (ms !== undefined) yield { type: 'pause', ms };
    } else {
      const name = spanNames.find((known) => known === written);
      if (name !== undefined) yield { type: slash === '' ? 'open' : 'close', name };
    }
  }
  if (end < text.length) yield { type: 'text', text: text.slice(end) };
}

/** `400ms`, `0.4s`, `400`; undefined where it is no length. */
function pauseMs(value: string | undefined): number | undefined {
  if (value === undefined || value.trim() === '') return usualPauseMs;
  const match = /^(?:time=)?"?(\d{1,5}(?:[.,]\d{1,3})?)\s?(ms|s)?"?$/.exec(value.trim());
  if (match === null) return undefined;
  const ms = Number((match[1] ?? '').replace(',', '.')) * (match[2] === 's' ? 1_000 : 1);
  return ms > 0 ? Math.min(longestPauseMs, Math.round(ms)) : undefined;
}
