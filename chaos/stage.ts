/** A fleet with calls that talk, for one scenario or several: opened, looked over, and closed with its ledger. */
import { type TokenResponse, tokenResponseSchema } from '@sophy/contracts/http-token';
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import { untilCalm } from './calm.ts';
import { keepEvidence } from './evidence.ts';
import type { Findings } from './findings.ts';
import { type Fleet, type FleetOptions, startFleet } from './fleet.ts';
import { checkLedger } from './ledger.ts';
import { findOpenEnds, findProcesses } from './leftovers.ts';
import { createRandom, type Random } from './random.ts';
import { type Question, talk } from './talk.ts';
import { type Place, Witness } from './witness.ts';

export type StagedCall = {
  readonly witness: Witness;
  readonly questions: Question[];
  readonly isTalking: boolean;
  /** Ends the talk; the person stays in the room. */
  hush(): Promise<void>;
};

export type StageOptions = {
  readonly name: string;
  readonly fleet: Omit<FleetOptions, 'random' | 'logFolder'>;
  readonly seed: number;
  readonly findings: Findings;
  readonly logFolder: string;
  /** Said aloud by every second person; undefined: everybody types. */
  readonly clip: PcmAudio | undefined;
  readonly onProgress: (line: string) => void;
};

/** The token endpoint says no, with what it said. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly status: number;
  readonly retryAfter: string | null;

  constructor(status: number, retryAfter: string | null, body: unknown) {
    super(`token refused with ${status}: ${JSON.stringify(body)}`);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

const firstAgentTimeoutMs = 40_000;
const warmTimeoutMs = 30_000;

export class Stage {
  readonly name: string;
  readonly fleet: Fleet;
  readonly findings: Findings;
  readonly random: Random;
  readonly calls: StagedCall[] = [];
  readonly say: (line: string) => void;
  readonly logFolder: string;
  readonly #options: StageOptions;
  #markers = 0;

  private constructor(options: StageOptions, fleet: Fleet, random: Random) {
    this.name = options.name;
    this.fleet = fleet;
    this.findings = options.findings;
    this.random = random;
    this.say = options.onProgress;
    this.logFolder = options.logFolder;
    this.#options = options;
  }

  static async open(options: StageOptions): Promise<Stage> {
    const random = createRandom(options.seed);
    const fleet = await startFleet({ ...options.fleet, random, logFolder: options.logFolder });
    const stage = new Stage(options, fleet, random);
    await stage.untilWarm();
    return stage;
  }

  /** Enters a room of its own. Rejects with RefusedError where the API gives no token. */
  async enter(roomName: string, options: { readonly isTalking?: boolean } = {}): Promise<StagedCall> {
    let seatKey: string | undefined;
    const findPlace = async (): Promise<Place> => {
      const token = await this.#token(roomName, seatKey);
      seatKey = token.seat_key;
      return { url: token.url, token: token.token };
    };
    const clip = this.calls.length % 2 === 0 ? undefined : this.#options.clip;
    const witness = new Witness({ roomName, name: 'Anna', findPlace, hasMicrophone: clip !== undefined });
    await witness.join();
    const questions: Question[] = [];
    const hushing = new AbortController();
    const nextMarker = (): string => {
      this.#markers += 1;
      return `q${String(this.#markers).padStart(4, '0')}`;
    };
    const isTalking = options.isTalking ?? true;
    const talking = isTalking
      ? talk(
          { witness, random: this.random.branch(roomName), nextMarker, clip, questions },
          hushing.signal,
        ).catch((error: unknown) => {
          if (!hushing.signal.aborted) witness.problems.push(`talk ended: ${String(error)}`);
        })
      : Promise.resolve();
    const call: StagedCall = {
      witness,
      questions,
      isTalking,
      async hush() {
        hushing.abort();
        await talking;
      },
    };
    this.calls.push(call);
    return call;
  }

  /** Opens so many calls, each when the one before it has an agent: a start is not what is measured here. */
  async openCalls(count: number): Promise<void> {
    const first = this.calls.length;
    for (let index = 0; index < count; index += 1) {
      const { witness } = await this.enter(`${this.name}-${first + index + 1}`);
      await witness.until(() => witness.agent, firstAgentTimeoutMs);
    }
    await this.untilAllServed(firstAgentTimeoutMs);
    // Greeted and answered once: from here on the calls are under way.
    await Promise.all(
      this.calls.map(({ witness, questions, isTalking }) =>
        witness.until(
          () => !isTalking || questions.some(({ answeredMs }) => answeredMs !== undefined) || undefined,
          firstAgentTimeoutMs,
        ),
      ),
    );
  }

  /** The job processes that workers keep ready are there: a worker says that it is ready before they are. */
  async untilWarm(): Promise<void> {
    const pids = async (): Promise<readonly number[]> =>
      (await Promise.all(this.fleet.workers.map((worker) => worker.tree()))).flat();
    if (!(await untilCalm(pids, warmTimeoutMs)))
      this.say(`the workers were not calm after ${warmTimeoutMs / 1_000} s; begun all the same`);
  }

  /** Every call has an agent that serves; those that have none in time are broken promises. */
  async untilAllServed(timeoutMs: number): Promise<void> {
    const deadlineMs = performance.now() + timeoutMs;
    await Promise.all(
      this.calls.map(async ({ witness }) => {
        const leftMs = Math.max(1, deadlineMs - performance.now());
        const agent = await witness.until(() => witness.agent, leftMs);
        if (agent !== undefined) return;
        const seen = witness.agents.map(({ epoch, state }) => `e${epoch} ${state ?? 'without state'}`);
        this.findings.breaks({
          scenario: this.name,
          where: witness.roomName,
          expected: `an agent that listens within ${timeoutMs} ms`,
          found: seen.join(', ') || 'no agent in the room',
        });
      }),
    );
  }

  /** The talk ends, people stay; then the ledger is checked, people leave, calls and processes end, and nothing may be left. */
  async close(): Promise<void> {
    const { fleet, findings, name } = this;
    try {
      await Promise.all(this.calls.map((call) => call.hush()));
      await checkLedger(this);
      await keepEvidence(this);
      await Promise.all(this.calls.map(({ witness }) => witness.leave()));
      await findOpenEnds(this);
    } finally {
      await Promise.all(this.calls.map(({ witness }) => witness.leave()));
      await fleet.stop();
    }
    await findProcesses(this);
    for (const problem of fleet.problems) {
      findings.breaks({
        scenario: name,
        where: 'processes',
        expected: 'to start and end in order',
        found: problem,
      });
    }
  }

  async #token(roomName: string, seatKey: string | undefined): Promise<TokenResponse> {
    const answer = await this.fleet.api('POST', '/api/token', {
      room_name: roomName,
      participant_name: 'Anna',
      ...(seatKey === undefined ? {} : { seat_key: seatKey }),
    });
    if (answer.status !== 200)
      throw new RefusedError(answer.status, answer.headers.get('retry-after'), answer.body);
    return tokenResponseSchema.parse(answer.body);
  }
}
