/** One speech over a reply as the room and the receiver saw it, and what is made of many. */
import { summarize } from './percentiles.ts';
import { alignRows } from './report.ts';

export type DecisionSeen = { readonly rule: string; readonly action: string; readonly afterMs: number };

/** All times in ms after the first voiced sample of the speech, where not said otherwise. */
export type OverlapEvent = {
  readonly kind: 'interruption' | 'back-channel';
  readonly text: string;
  readonly language: string;
  readonly speaker: string;
  readonly lengthMs: number;
  /** How long the reply had sounded at the receiver. */
  readonly intoReplyMs: number;
  /** What the policy said about this speaker, as the notices arrived. */
  readonly decisions: readonly DecisionSeen[];
  /** First moment at the receiver from which the voice was away; undefined: it never was. */
  readonly duckMs: number | undefined;
  /** How long the voice was away, to its return. */
  readonly gapMs: number | undefined;
  /** Last sound of the reply that it stopped for good; undefined: it did not. */
  readonly yieldMs: number | undefined;
  /** The reply sounded on after it, to its end. */
  readonly survived: boolean;
  /** The speech got an answer of its own. */
  readonly answered: boolean;
  readonly failure: string | undefined;
};

/** Rule that stopped the reply or let it go on. */
export function decidedBy(event: OverlapEvent): DecisionSeen | undefined {
  const over = event.decisions.filter(({ action }) => ['stop', 'resume', 'ignore'].includes(action));
  return over.find(({ action }) => action === 'stop') ?? over[0];
}

export function describe(event: OverlapEvent): string {
  const decided = event.decisions
    .map(({ rule, action, afterMs }) => `${rule}/${action}@${afterMs.toFixed(0)}`)
    .join(' ');
  const isRight =
    event.kind === 'interruption' ? event.yieldMs !== undefined : event.survived && !event.answered;
  return [
    isRight ? 'ok  ' : 'FAIL',
    event.kind === 'interruption' ? 'cut' : 'nod',
    `${event.speaker.padEnd(5)} ${event.language} ${event.lengthMs.toFixed(0)} ms at ${event.intoReplyMs.toFixed(0)} "${event.text}":`,
    `duck ${show(event.duckMs)}`,
    event.kind === 'interruption' ? `yield ${show(event.yieldMs)}` : `gap ${show(event.gapMs)}`,
    decided,
    event.failure ?? '',
  ].join(' ');
}

/** The figures of one run, and its lines for people. */
export function summarizeEvents(
  run: { readonly name: string; readonly floorMs: number },
  events: readonly OverlapEvent[],
) {
  const interruptions = events.filter(({ kind }) => kind === 'interruption');
  const nods = events.filter(({ kind }) => kind === 'back-channel');
  const decisionMs = (of: readonly OverlapEvent[]) => of.flatMap((event) => decidedBy(event)?.afterMs ?? []);
  const ducksMs = events.flatMap(({ duckMs }) => duckMs ?? []);
  const figures: readonly (readonly [string, readonly number[]])[] = [
    ['yield: onset to last sound at the receiver', interruptions.flatMap(({ yieldMs }) => yieldMs ?? [])],
    ['interruption: onset to decision notice', decisionMs(interruptions)],
    ['back-channel: onset to decision notice', decisionMs(nods)],
    ['back-channel: gap in the voice', nods.flatMap(({ gapMs, survived }) => (survived ? (gapMs ?? 0) : []))],
    ['duck: onset to silence at the receiver', ducksMs],
    [`duck less the transport floor of ${run.floorMs.toFixed(0)} ms`, ducksMs.map((ms) => ms - run.floorMs)],
  ];
  const yielded = interruptions.filter(({ yieldMs }) => yieldMs !== undefined).length;
  const survived = nods.filter((event) => event.survived).length;
  const answered = nods.filter((event) => event.answered).length;
  const rows = figures.map(([what, values]) => {
    if (values.length === 0) return [what, '0', '-', '-', '-', '-'];
    const { count, min, p50, p95, max } = summarize(values);
    return [what, String(count), ...[min, p50, p95, max].map((value) => value.toFixed(0))];
  });
  const lines = [
    `${run.name}: yields to ${yielded} of ${interruptions.length} interruptions (${rate(yielded, interruptions.length)}),`,
    `  survives ${survived} of ${nods.length} back-channels (${rate(survived, nods.length)}), answers ${answered} of them`,
    alignRows(['ms', 'n', 'min', 'p50', 'p95', 'max'], rows),
    ...ruleLines(interruptions, nods),
  ];
  const summary = {
    yieldRate: yielded / interruptions.length,
    survivalRate: survived / nods.length,
    answered,
    interruptions: interruptions.length,
    backChannels: nods.length,
    ...Object.fromEntries(
      figures.map(([what, values]) => [what, values.length === 0 ? null : summarize(values)]),
    ),
  };
  return { lines, summary };
}

function ruleLines(interruptions: readonly OverlapEvent[], nods: readonly OverlapEvent[]): readonly string[] {
  const count = (events: readonly OverlapEvent[]): string => {
    const counts = new Map<string, number>();
    for (const event of events) {
      const decided = decidedBy(event);
      const key = decided === undefined ? 'nothing decided' : `${decided.rule} (${decided.action})`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return [...counts]
      .sort(([, a], [, b]) => b - a)
      .map(([rule, n]) => `${rule} ${n}`)
      .join(', ');
  };
  return [`interruptions by rule: ${count(interruptions)}`, `back-channels by rule: ${count(nods)}`];
}

function rate(part: number, whole: number): string {
  return whole === 0 ? '-' : (part / whole).toFixed(3);
}

function show(ms: number | undefined): string {
  return ms === undefined ? '-' : ms.toFixed(0);
}
