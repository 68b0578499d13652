/** Cut-offs against dead air, for ways of waiting over sets of turns. */
import { type EndOfTurnWords, readEndOfTurnWords } from '@sophy/conversation/end-of-turn-words';
import { summarize } from '../percentiles.ts';
import type { Pause } from './hearing.ts';
import type { BenchTurn } from './make-turns.ts';
import { between, seededRandom } from './seeded-random.ts';
import { commitTimeMs, type Waiting } from './simulate-pause.ts';

/** A pause shorter than this, as the lane sees it, is the closure of a consonant: nobody could be cut off in it. */
const shortestPauseMs = 200;
/** From the reported pause to the words of an upload engine, ms (local Whisper on two cores: 140 to 400). */
const wordsLagMs = { from: 200, to: 400 } as const;

export type Point = {
  readonly settings: Readonly<Record<string, number>>;
  /** Pauses inside turns in which the turn was ended, per pause inside turns. */
  readonly cutOffs: number;
  /** Turns with at least one of them, per turn. */
  readonly turnsCut: number;
  /** From the true end of the voice to the commit, over all real ends, ms. */
  readonly deadAirMeanMs: number;
  readonly deadAirP50Ms: number;
};

export function pausesInside(turn: BenchTurn): readonly Pause[] {
  return turn.pauses.filter(
    (pause) =>
      !pause.isEnd && pause.resumedMs !== undefined && pause.resumedMs - pause.lastVoiceMs >= shortestPauseMs,
  );
}

export function measure(
  turns: readonly BenchTurn[],
  run: {
    readonly settings: Point['settings'];
    readonly waiting: Waiting;
    readonly words: (pause: Pause) => string;
  },
): Point {
  let pauses = 0;
  let cutOffs = 0;
  let turnsCut = 0;
  const deadAirMs: number[] = [];
  for (const turn of turns) {
    const random = seededRandom(turn.seed + 1);
    const commitMs = new Map(
      turn.pauses.map((pause) => [
        pause,
        commitTimeMs(
          pause,
          { said: read(run.words(pause)), lagMs: between(random, wordsLagMs.from, wordsLagMs.to) },
          run.waiting,
        ),
      ]),
    );
    const inside = pausesInside(turn);
    const cut = inside.filter((pause) => (commitMs.get(pause) ?? Infinity) < (pause.resumedMs ?? Infinity));
    pauses += inside.length;
    cutOffs += cut.length;
    if (cut.length > 0) turnsCut += 1;
    const end = turn.pauses.find((pause) => pause.isEnd);
    const endMs = end === undefined ? undefined : commitMs.get(end);
    const voiceEndMs = turn.spoken.voiced.at(-1)?.toMs;
    if (endMs === undefined || voiceEndMs === undefined) throw new Error('a turn without an end');
    deadAirMs.push(endMs - voiceEndMs);
  }
  return {
    settings: run.settings,
    cutOffs: cutOffs / Math.max(1, pauses),
    turnsCut: turnsCut / turns.length,
    deadAirMeanMs: deadAirMs.reduce((sum, value) => sum + value, 0) / deadAirMs.length,
    deadAirP50Ms: summarize(deadAirMs).p50,
  };
}

const readTexts = new Map<string, EndOfTurnWords>();

function read(text: string): EndOfTurnWords {
  const words = readTexts.get(text) ?? readEndOfTurnWords(text);
  readTexts.set(text, words);
  return words;
}

/** Points that no other beats in both cut-offs and mean dead air, by falling cut-offs. */
export function paretoFront(points: readonly Point[]): readonly Point[] {
  const sorted = [...points].sort((a, b) => a.deadAirMeanMs - b.deadAirMeanMs || a.cutOffs - b.cutOffs);
  const front: Point[] = [];
  for (const point of sorted) {
    if (point.cutOffs < (front.at(-1)?.cutOffs ?? Infinity)) front.push(point);
  }
  return front;
}

/** The point of least dead air with at most this rate of cut-offs. */
export function bestAt(points: readonly Point[], rate: number): Point | undefined {
  return paretoFront(points).find((point) => point.cutOffs <= rate);
}

/**
 * Mean and median dead air at exactly this rate of cut-offs, ms, on the straight line between the two points of the
 * curve around it; undefined when the curve does not reach that low.
 */
export function deadAirAt(
  points: readonly Point[],
  rate: number,
): { readonly meanMs: number; readonly p50Ms: number } | undefined {
  const front = paretoFront(points);
  const index = front.findIndex((point) => point.cutOffs <= rate);
  const below = front[index];
  if (below === undefined) return undefined;
  const above = front[index - 1] ?? below;
  const share = above === below ? 0 : (rate - below.cutOffs) / (above.cutOffs - below.cutOffs);
  return {
    meanMs: below.deadAirMeanMs + share * (above.deadAirMeanMs - below.deadAirMeanMs),
    p50Ms: below.deadAirP50Ms + share * (above.deadAirP50Ms - below.deadAirP50Ms),
  };
}
