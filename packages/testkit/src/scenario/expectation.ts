/** What a scenario expects of the agent, one line each. The grammar is in `docs/scenarios.md`. */

/** A turn or a sound of the timeline: somebody's words, or what they did at a moment. */
export type Referred = {
  readonly person: string;
  /** Part of the words; undefined where the moment says it. */
  readonly words: string | undefined;
  readonly atMs: number | undefined;
};

/** Names of rules of which one must have decided; empty: any. */
export type Rules = readonly string[];

export type Expectation =
  | { readonly type: 'answered'; readonly turn: Referred; readonly rules: Rules }
  | { readonly type: 'not-answered'; readonly turn: Referred; readonly rules: Rules }
  | { readonly type: 'not-recorded'; readonly turn: Referred; readonly rules: Rules }
  | { readonly type: 'dropped'; readonly turn: Referred; readonly rules: Rules }
  | { readonly type: 'queued'; readonly turn: Referred }
  | { readonly type: 'answered-privately'; readonly turn: Referred }
  | { readonly type: 'waits'; readonly turn: Referred; readonly reasons: Rules }
  | {
      readonly type: 'stops-agent';
      readonly sound: Referred;
      readonly rules: Rules;
      readonly withinMs: number | undefined;
    }
  | { readonly type: 'does-not-stop-agent'; readonly sound: Referred; readonly rules: Rules }
  | { readonly type: 'reply-answers'; readonly reply: number; readonly turn: Referred }
  | { readonly type: 'reply-heard'; readonly reply: number; readonly until: HeardUntil }
  | {
      readonly type: 'reply-moves';
      readonly reply: number;
      readonly move: ReplyMove;
      readonly fromMs: number;
      readonly withinMs: number;
    }
  | { readonly type: 'reply-never-held'; readonly reply: number }
  | {
      readonly type: 'reply-begins';
      readonly reply: number;
      readonly relation: 'before' | 'after';
      readonly momentMs: number;
    }
  | {
      readonly type: 'window';
      readonly window: 'wake' | 'follow-up';
      readonly person: string;
      readonly opens: boolean;
    }
  | { readonly type: 'hand'; readonly person: string; readonly isRaised: boolean }
  | { readonly type: 'hearing'; readonly person: string; readonly state: string; readonly isNever: boolean }
  | { readonly type: 'turn-count'; readonly count: number }
  | { readonly type: 'reply-count'; readonly count: number }
  | { readonly type: 'nothing-else-answered' }
  | { readonly type: 'nobody-stops-agent' }
  | { readonly type: 'reply-discarded' };

export type HeardUntil = 'whole' | 'never' | { readonly words: string } | { readonly atMs: number };
export const replyMoves = ['held', 'resumes', 'stops', 'begins'] as const;
export type ReplyMove = (typeof replyMoves)[number];

type Reader = (match: RegExpExecArray) => Expectation;

const turn = String.raw`(?<person>[\w-]+) (?:"(?<words>[^"]+)"|at (?<at>[\d.]+))`;
const rules = String.raw`(?: by (?<by>[a-z-]+(?: or [a-z-]+)*)| \((?<rule>[a-z-]+(?: or [a-z-]+)*)\))?`;
const seconds = String.raw`[\d.]+`;

const forms: readonly (readonly [example: string, pattern: RegExp, read: Reader])[] = [
  form('anna "words" answered by addressed', `${turn} (?:is )?answered${rules}`, (found) => ({
    type: 'answered',
    turn: referred(found),
    rules: rulesOf(found),
  })),
  form('anna "words" not answered by record-only', `${turn} (?:is )?not answered${rules}`, (found) => ({
    type: 'not-answered',
    turn: referred(found),
    rules: rulesOf(found),
  })),
  form('anna "words" not recorded by own-voice', `${turn} (?:is )?not recorded${rules}`, (found) => ({
    type: 'not-recorded',
    turn: referred(found),
    rules: rulesOf(found),
  })),
  form('anna "words" queued', `${turn} (?:is )?queued`, (found) => ({
    type: 'queued',
    turn: referred(found),
  })),
  form('anna "words" dropped by too-late', `${turn} (?:is )?dropped${rules}`, (found) => ({
    type: 'dropped',
    turn: referred(found),
    rules: rulesOf(found),
  })),
  form('anna "words" answered privately', `${turn} (?:is )?answered privately`, (found) => ({
    type: 'answered-privately',
    turn: referred(found),
  })),
  form(
    'anna "words" waits for unfinished-sentence',
    `${turn} waits for (?<by>[a-z-]+(?: or [a-z-]+)*)`,
    (found) => ({
      type: 'waits',
      turn: referred(found),
      reasons: rulesOf(found),
    }),
  ),
  form(
    'bruno "wait" stops the agent by stop-word within 0.6 s',
    `${turn} stops the agent${rules}(?: within (?<within>${seconds}) s)?`,
    (found) => ({
      type: 'stops-agent',
      sound: referred(found),
      rules: rulesOf(found),
      withinMs: found.groups?.['within'] === undefined ? undefined : milliseconds(found, 'within'),
    }),
  ),
  form(
    'bruno "mm-hm" does not stop the agent (back-channel)',
    `${turn} does not stop the agent${rules}`,
    (found) => ({
      type: 'does-not-stop-agent',
      sound: referred(found),
      rules: rulesOf(found),
    }),
  ),
  form('reply 2 answers bruno "words"', `reply (?<reply>\\d+) answers ${turn}`, (found) => ({
    type: 'reply-answers',
    reply: replyOf(found),
    turn: referred(found),
  })),
  form('reply 1 heard whole', 'reply (?<reply>\\d+) (?:is )?heard whole', (found) => ({
    type: 'reply-heard',
    reply: replyOf(found),
    until: 'whole',
  })),
  form('reply 1 never heard', 'reply (?<reply>\\d+) (?:is )?never heard', (found) => ({
    type: 'reply-heard',
    reply: replyOf(found),
    until: 'never',
  })),
  form(
    'reply 1 heard until "seven hills"',
    'reply (?<reply>\\d+) (?:is )?heard until "(?<words>[^"]+)"',
    (found) => ({
      type: 'reply-heard',
      reply: replyOf(found),
      until: { words: found.groups?.['words'] ?? '' },
    }),
  ),
  form(
    'reply 1 heard until about 3.4 s',
    `reply (?<reply>\\d+) (?:is )?heard until about (?<at>${seconds}) s`,
    (found) => ({
      type: 'reply-heard',
      reply: replyOf(found),
      until: { atMs: milliseconds(found, 'at') },
    }),
  ),
  form('reply 1 never held', 'reply (?<reply>\\d+) (?:is )?never held', (found) => ({
    type: 'reply-never-held',
    reply: replyOf(found),
  })),
  form(
    'reply 1 held within 0.12 s of 3.2 (or resumes, stops, begins)',
    `reply (?<reply>\\d+) (?:is )?(?<move>${replyMoves.join('|')}) within (?<within>${seconds}) s of (?<at>${seconds})(?: s)?`,
    (found) => ({
      type: 'reply-moves',
      reply: replyOf(found),
      move: replyMoves.find((move) => move === found.groups?.['move']) ?? 'held',
      fromMs: milliseconds(found, 'at'),
      withinMs: milliseconds(found, 'within'),
    }),
  ),
  form(
    'reply 1 begins after 3.5 s (or before)',
    `reply (?<reply>\\d+) begins (?<relation>before|after) (?<at>${seconds}) s`,
    (found) => ({
      type: 'reply-begins',
      reply: replyOf(found),
      relation: found.groups?.['relation'] === 'before' ? 'before' : 'after',
      momentMs: milliseconds(found, 'at'),
    }),
  ),
  form(
    'wake window opens for anna (or follow-up; or closes)',
    '(?<window>wake|follow-up) window (?<verb>opens|closes) for (?<person>[\\w-]+)',
    (found) => ({
      type: 'window',
      window: found.groups?.['window'] === 'wake' ? 'wake' : 'follow-up',
      person: found.groups?.['person'] ?? '',
      opens: found.groups?.['verb'] === 'opens',
    }),
  ),
  form(
    'hand of anna raised (or lowered)',
    'hand of (?<person>[\\w-]+) (?:is )?(?<state>raised|lowered)',
    (found) => ({
      type: 'hand',
      person: found.groups?.['person'] ?? '',
      isRaised: found.groups?.['state'] === 'raised',
    }),
  ),
  form(
    'anna heard as noisy (or failing; or never heard as)',
    '(?<person>[\\w-]+) (?:is )?(?<never>never )?heard as (?<state>silent|hearing|noisy|failing)',
    (found) => ({
      type: 'hearing',
      person: found.groups?.['person'] ?? '',
      state: found.groups?.['state'] ?? '',
      isNever: found.groups?.['never'] !== undefined,
    }),
  ),
  form('2 turns recorded', '(?<count>\\d+) turns? recorded', (found) => ({
    type: 'turn-count',
    count: countOf(found),
  })),
  form('2 replies', '(?<count>\\d+) repl(?:y|ies)', (found) => ({
    type: 'reply-count',
    count: countOf(found),
  })),
  form('nothing else is answered', 'nothing else is answered|nothing is answered', () => ({
    type: 'nothing-else-answered',
  })),
  form('nobody stops the agent', 'nobody stops the agent', () => ({ type: 'nobody-stops-agent' })),
  form('a prepared reply is discarded', 'a prepared reply is discarded', () => ({ type: 'reply-discarded' })),
];

/** One expectation, or what an author could have written instead. */
export function parseExpectation(source: string): Expectation | { readonly problem: string } {
  for (const [, pattern, read] of forms) {
    const found = pattern.exec(source.trim());
    if (found !== null) return read(found);
  }
  return {
    problem: `"${source}" is no expectation. Write one of:\n${forms.map(([example]) => `  ${example}`).join('\n')}`,
  };
}

function form(example: string, pattern: string, read: Reader): readonly [string, RegExp, Reader] {
  return [example, new RegExp(`^(?:${pattern})$`, 'u'), read];
}

function referred({ groups }: RegExpExecArray): Referred {
  const at = groups?.['at'];
  return {
    person: groups?.['person'] ?? '',
    words: groups?.['words'],
    atMs: at === undefined ? undefined : Math.round(Number(at) * 1_000),
  };
}

function rulesOf({ groups }: RegExpExecArray): Rules {
  return (groups?.['by'] ?? groups?.['rule'])?.split(' or ') ?? [];
}

function replyOf({ groups }: RegExpExecArray): number {
  return Number(groups?.['reply']);
}

function countOf({ groups }: RegExpExecArray): number {
  return Number(groups?.['count']);
}

function milliseconds({ groups }: RegExpExecArray, name: string): number {
  return Math.round(Number(groups?.[name]) * 1_000);
}
