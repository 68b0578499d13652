/** Holds what was seen of a scenario against what its author expects. The same for every runner. */
import { bareWords } from './bare-words.ts';
import type { Expectation, HeardUntil, Referred, Rules } from './expectation.ts';
import type { Happening, Scenario } from './scenario.ts';
import type { RecordedDecision, RecordedReply, RecordedTurn, ScenarioRecord } from './scenario-record.ts';

/** How much later than at its end a sound may still be judged, ms: its last words may come late. */
const judgedWithinMs = 3_000;
/** "About" a moment, ms. */
const aboutMs = 400;
/** Words around the last one heard that count as the same: heard to within one word. */
const wordTolerance = 1;

export type CheckOptions = {
  /** What the agent does counts, not the rule by which it does it. */
  readonly ignoresRules?: boolean;
  /** Added to every "within", ms: what a real network and a real machine add. */
  readonly slackMs?: number;
};

type Judged = {
  readonly scenario: Scenario;
  readonly record: ScenarioRecord;
  readonly options: CheckOptions;
};

/** One line for each expectation that is not met: what was expected, at which line, and what was seen instead. */
export function checkScenario(
  scenario: Scenario,
  record: ScenarioRecord,
  options: CheckOptions = {},
): readonly string[] {
  const judged = { scenario, record, options };
  return scenario.expectations.flatMap((expectation) => {
    const problem = check(expectation, judged);
    return problem === undefined
      ? []
      : [`${scenario.file}:${expectation.place.line}: expected ${expectation.place.source}; ${problem}`];
  });
}

function check(expectation: Expectation, judged: Judged): string | undefined {
  const { record, options } = judged;
  switch (expectation.type) {
    case 'answered':
      return checkAnswered(expectation.turn, expectation.rules, judged);
    case 'not-answered':
      return checkNotAnswered(expectation.turn, expectation.rules, judged);
    case 'not-recorded':
      return checkNotRecorded(expectation.turn, expectation.rules, judged);
    case 'dropped':
      return withTurn(expectation.turn, judged, ({ turnId }) => {
        const drops = record.decisions.filter((one) => one.turnId === turnId && one.action === 'drop');
        if (!drops.some(fitsRules(expectation.rules, options)))
          return `it was ${listRules(drops, 'not dropped')}`;
        return record.replies.some((reply) => reply.turnId === turnId) ? 'it was answered' : undefined;
      });
    case 'queued':
      return withTurn(expectation.turn, judged, ({ atMs, person }) =>
        record.signs.some(
          (sign) => sign.type === 'queue' && sign.atMs >= atMs && sign.people.includes(person),
        )
          ? undefined
          : 'it never waited in the queue',
      );
    case 'answered-privately':
      return record.signs.some(
        (sign) => sign.type === 'private-reply' && sign.person === expectation.turn.person,
      )
        ? undefined
        : 'there was no private answer';
    case 'waits': {
      const reasons = record.signs.flatMap((sign) =>
        sign.type === 'waits' && sign.person === expectation.turn.person ? [sign.reason] : [],
      );
      return reasons.some((reason) => expectation.reasons.includes(reason))
        ? undefined
        : `it waited for ${reasons.join(', ') || 'nothing'}`;
    }
    case 'stops-agent':
      return checkStops(expectation, judged);
    case 'does-not-stop-agent':
      return checkDoesNotStop(expectation.sound, expectation.rules, judged);
    case 'reply-answers':
      return withReply(expectation.reply, judged, (reply) =>
        withTurn(expectation.turn, judged, ({ turnId }) =>
          reply.turnId === turnId ? undefined : `it answers "${turnText(record, reply.turnId)}"`,
        ),
      );
    case 'reply-heard':
      if (expectation.until === 'never') {
        const reply = record.replies[expectation.reply - 1];
        return reply?.audibleMs === undefined ? undefined : `it sounded at ${seconds(reply.audibleMs)}`;
      }
      return withReply(expectation.reply, judged, (reply) => checkHeard(reply, expectation.until, options));
    case 'reply-moves':
      return withReply(expectation.reply, judged, (reply) => checkMove(reply, expectation, options));
    case 'reply-never-held':
      return withReply(expectation.reply, judged, ({ holds: [hold] }) =>
        hold === undefined ? undefined : `it was held at ${seconds(hold.fromMs)}`,
      );
    case 'reply-begins':
      return withReply(expectation.reply, judged, ({ audibleMs }) => {
        if (audibleMs === undefined) return 'it never sounded';
        const isBefore =
          audibleMs <=
          expectation.momentMs + (expectation.relation === 'before' ? (options.slackMs ?? 0) : 0);
        return isBefore === (expectation.relation === 'before')
          ? undefined
          : `it began at ${seconds(audibleMs)}`;
      });
    case 'window':
      return record.signs.some(
        (sign) =>
          sign.type === 'window' &&
          sign.window === expectation.window &&
          sign.person === expectation.person &&
          sign.opens === expectation.opens,
      )
        ? undefined
        : 'it did not';
    case 'hand':
      return record.signs.some(
        (sign) =>
          sign.type === 'hand' &&
          sign.person === expectation.person &&
          sign.isRaised === expectation.isRaised,
      )
        ? undefined
        : 'it was not';
    case 'hearing': {
      const states = record.signs.flatMap((sign) =>
        sign.type === 'hearing' && sign.person === expectation.person ? [sign.state] : [],
      );
      return states.some((state) => state === expectation.state) === expectation.isNever
        ? `heard as ${states.join(', ') || 'silent'}`
        : undefined;
    }
    case 'turn-count':
      return record.turns.length === expectation.count
        ? undefined
        : `there were ${record.turns.length}: ${record.turns.map(({ text }) => `"${text.slice(0, 60)}"`).join(', ')}`;
    case 'reply-count':
      return record.replies.length === expectation.count ? undefined : `there were ${record.replies.length}`;
    case 'nothing-else-answered':
      return checkNothingElse(judged);
    case 'nobody-stops-agent': {
      const stop = record.decisions.find(({ action }) => action === 'stop');
      return stop && `${stop.person} did, by ${stop.rule} at ${seconds(stop.atMs)}`;
    }
    case 'reply-discarded':
      return record.signs.some(({ type }) => type === 'reply-discarded') ? undefined : 'none was';
    default:
      return expectation satisfies never;
  }
}

function checkAnswered(turn: Referred, rules: Rules, judged: Judged): string | undefined {
  const { decisions, replies } = judged.record;
  return withTurn(turn, judged, ({ turnId }) => {
    const own = decisions.filter((one) => one.turnId === turnId && isAboutTurn(one));
    const answers = own.filter(({ action }) => action === 'answer');
    if (!answers.some(fitsRules(rules, judged.options))) return `it was ${listRules(own, 'not judged')}`;
    return replies.some((reply) => reply.turnId === turnId) ? undefined : 'its reply never began';
  });
}

function checkNotAnswered(turn: Referred, rules: Rules, judged: Judged): string | undefined {
  const { decisions, replies } = judged.record;
  return withTurn(turn, judged, ({ turnId }) => {
    const own = decisions.filter((one) => one.turnId === turnId && isAboutTurn(one));
    if (replies.some((reply) => reply.turnId === turnId)) return `it was ${listRules(own, 'answered')}`;
    const silences = own.filter(({ action }) => action === 'silent');
    return silences.some(fitsRules(rules, judged.options))
      ? undefined
      : `it was ${listRules(own, 'not judged')}`;
  });
}

function checkNotRecorded(turn: Referred, rules: Rules, judged: Judged): string | undefined {
  const recorded = turnsOf(turn, judged)[0];
  if (recorded !== undefined) return `"${recorded.text.slice(0, 80)}" was recorded`;
  if (rules.length === 0) return undefined;
  const own = judged.record.decisions.filter(
    ({ person, action }) => person === turn.person && action === 'ignore',
  );
  return own.some(fitsRules(rules, judged.options)) ? undefined : `it was ${listRules(own, 'not judged')}`;
}

function checkStops(
  { sound, rules, withinMs }: Extract<Expectation, { readonly type: 'stops-agent' }>,
  judged: Judged,
): string | undefined {
  return withSound(sound, judged, (span) => {
    const stops = decisionsAbout(sound.person, span, judged).filter(({ action }) => action === 'stop');
    const found = stops.find(fitsRules(rules, judged.options));
    if (found === undefined) {
      return `it did ${listRules(stops.length > 0 ? stops : decisionsAbout(sound.person, span, judged), 'nothing')}`;
    }
    const tookMs = found.atMs - span.fromMs;
    if (withinMs === undefined || tookMs <= withinMs + (judged.options.slackMs ?? 0)) return undefined;
    return `it took ${seconds(tookMs)}`;
  });
}

function checkDoesNotStop(sound: Referred, rules: Rules, judged: Judged): string | undefined {
  return withSound(sound, judged, (span) => {
    const about = decisionsAbout(sound.person, span, judged);
    const stop = about.find(({ action }) => action === 'stop');
    if (stop !== undefined) return `it did, by ${stop.rule} at ${seconds(stop.atMs)}`;
    if (rules.length === 0) return undefined;
    const others = about.filter(({ action }) => action === 'resume' || action === 'ignore');
    return others.some(fitsRules(rules, judged.options))
      ? undefined
      : `it did ${listRules(about, 'nothing at all')}`;
  });
}

function checkHeard(
  reply: RecordedReply,
  until: HeardUntil,
  { slackMs = 0 }: CheckOptions,
): string | undefined {
  if (until === 'never') return undefined;
  if (until === 'whole') {
    const isWhole = reply.outcome === 'complete' && bareWords(reply.heardText) === bareWords(reply.text);
    return isWhole ? undefined : `heard was "${reply.heardText}" (${reply.outcome ?? 'not over'})`;
  }
  if ('atMs' in until) {
    if (reply.silentMs === undefined) return 'it never fell silent';
    return Math.abs(reply.silentMs - until.atMs) <= aboutMs + slackMs
      ? undefined
      : `it fell silent at ${seconds(reply.silentMs)}`;
  }
  const heard = bareWords(reply.heardText).split(' ');
  const wanted = bareWords(until.words);
  for (let extra = -wordTolerance; extra <= wordTolerance; extra += 1) {
    const words = bareWords(reply.text)
      .split(' ')
      .slice(0, Math.max(0, heard.length + extra))
      .join(' ');
    if (words.endsWith(wanted)) return undefined;
  }
  return `heard was "${reply.heardText}"`;
}

function checkMove(
  reply: RecordedReply,
  { move, fromMs, withinMs }: Extract<Expectation, { readonly type: 'reply-moves' }>,
  { slackMs = 0 }: CheckOptions,
): string | undefined {
  const moments = {
    held: reply.holds.map((hold) => hold.fromMs),
    resumes: reply.holds.flatMap(({ untilMs }) => (untilMs === undefined ? [] : [untilMs])),
    stops: reply.silentMs === undefined || reply.outcome === 'complete' ? [] : [reply.silentMs],
    begins: reply.audibleMs === undefined ? [] : [reply.audibleMs],
  }[move];
  if (moments.some((atMs) => atMs >= fromMs - slackMs && atMs <= fromMs + withinMs + slackMs))
    return undefined;
  return moments.length === 0 ? `it never did` : `it did at ${moments.map(seconds).join(', ')}`;
}

function checkNothingElse(judged: Judged): string | undefined {
  const { scenario, record } = judged;
  const named = scenario.expectations.flatMap((expectation) => {
    switch (expectation.type) {
      case 'answered':
      case 'dropped':
      case 'reply-answers':
        return turnsOf(expectation.turn, judged).slice(0, 1);
      default:
        return [];
    }
  });
  const expected = new Set(named.map(({ turnId }) => turnId));
  const other = record.decisions.find(({ turnId, action }) => action === 'answer' && !expected.has(turnId));
  return other && `"${turnText(record, other.turnId).slice(0, 80)}" of ${other.person} was, by ${other.rule}`;
}

/** The turn that the words are part of; where they are in several, the first. */
function turnsOf({ person, words, atMs }: Referred, { record, scenario }: Judged): readonly RecordedTurn[] {
  const wanted = words ?? wordsAt(scenario, person, atMs);
  if (wanted === undefined) return [];
  const folded = ` ${bareWords(wanted)} `;
  return record.turns.filter(
    (turn) =>
      turn.person === person &&
      ` ${bareWords(turn.text)} `.includes(folded) &&
      (atMs === undefined || turn.atMs >= atMs),
  );
}

function withTurn(
  referred: Referred,
  judged: Judged,
  judge: (turn: RecordedTurn) => string | undefined,
): string | undefined {
  const [turn] = turnsOf(referred, judged);
  if (turn !== undefined) return judge(turn);
  const said = judged.record.turns.filter(({ person }) => person === referred.person);
  return `there was no such turn, only ${said.map(({ text }) => `"${text.slice(0, 60)}"`).join(', ') || 'none'}`;
}

function withReply(
  number: number,
  { record }: Judged,
  judge: (reply: RecordedReply) => string | undefined,
): string | undefined {
  const reply = record.replies[number - 1];
  return reply === undefined ? `there were only ${record.replies.length} replies` : judge(reply);
}

type Span = { readonly fromMs: number; readonly untilMs: number };

/** From the sound, the typed words or the act until all of it is judged, or the same person sounds again. */
function withSound(
  { person, words, atMs }: Referred,
  { scenario, options }: Judged,
  judge: (span: Span) => string | undefined,
): string | undefined {
  const found = scenario.timeline.find(
    (happening) =>
      'person' in happening &&
      happening.person === person &&
      (atMs === undefined || happening.atMs === atMs) &&
      (words === undefined || saidIn(happening).includes(` ${bareWords(words)} `)),
  );
  if (found === undefined) return 'the timeline has no such line';
  const endMs = found.type === 'sound' ? found.untilMs : found.atMs;
  const nextMs = scenario.timeline.find(
    (other) =>
      other.type === 'sound' && other.person === person && other.atMs > found.atMs && other !== found,
  )?.atMs;
  const untilMs = Math.min(
    endMs + judgedWithinMs + (options.slackMs ?? 0),
    nextMs ?? Number.POSITIVE_INFINITY,
  );
  return judge({ fromMs: found.atMs, untilMs });
}

function decisionsAbout(
  person: string,
  { fromMs, untilMs }: Span,
  { record }: Judged,
): readonly RecordedDecision[] {
  return record.decisions.filter(
    (one) =>
      one.person === person &&
      one.atMs >= fromMs &&
      one.atMs <= untilMs &&
      ['stop', 'resume', 'ignore'].includes(one.action),
  );
}

/** Stopping, resuming and ignoring are about the speech over a reply, which carries the id of the turn it answers. */
function isAboutTurn({ action }: RecordedDecision): boolean {
  return action === 'answer' || action === 'silent' || action === 'drop';
}

function fitsRules(rules: Rules, { ignoresRules }: CheckOptions): (decision: RecordedDecision) => boolean {
  return ({ rule }) => ignoresRules === true || rules.length === 0 || rules.includes(rule);
}

function listRules(decisions: readonly RecordedDecision[], none: string): string {
  return decisions.map(({ action, rule }) => `${action} by ${rule}`).join(', then ') || none;
}

function saidIn(happening: Happening): string {
  if (happening.type === 'types') return ` ${bareWords(happening.text)} `;
  return happening.type === 'sound' && happening.kind === 'words' ? ` ${bareWords(happening.words)} ` : '';
}

function wordsAt({ timeline }: Scenario, person: string, atMs: number | undefined): string | undefined {
  const found = timeline.find((one) => 'person' in one && one.person === person && one.atMs === atMs);
  return found === undefined ? undefined : saidIn(found).trim();
}

function turnText({ turns }: ScenarioRecord, turnId: string): string {
  return turns.find((turn) => turn.turnId === turnId)?.text ?? turnId;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}
