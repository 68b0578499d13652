/** kill -9 of every kind of process while calls listen, think and speak; everything killed is started anew. */
import { setTimeout as sleep } from 'node:timers/promises';
import { signalProcess } from '@sophy/testkit/process-tree';
import { catchHeldDecision, endBackend, holdDecisionsOn } from '../audit.ts';
import { callsOn } from '../calls-on.ts';
import { markersIn } from '../engines.ts';
import type { Random } from '../random.ts';
import { restartDelayMs } from '../replica.ts';
import { servedAgainAt, serviceGaps } from '../service-times.ts';
import type { Stage, StagedCall } from '../stage.ts';

export const killKinds = ['job', 'parent', 'worker tree', 'api', 'api and job', 'supervisor'] as const;
export type KillKind = (typeof killKinds)[number];

/** Phases in which a call is caught: the states that its agent shows, and a tool that is running. */
const phases = ['listening', 'thinking', 'tool', 'speaking'] as const;

const catchTimeoutMs = 15_000;
const recoveryTimeoutMs = 30_000;
const answerTimeoutMs = 20_000;
/** Two messages each and a few apologies are fewer than the 20 that a reply sees by default. */
const rememberedQuestions = 5;
/** An agent that has stayed so long counts as a good one; sooner, the fleet pauses before it tries again. */
const stableMs = 10_500;

type Back = {
  readonly kind: KillKind;
  readonly phase: string;
  readonly backMs: number;
  readonly answerMs: number | undefined;
};

/** 50 % job, 25 % worker (half the parent alone, half its whole tree), 15 % API (half of them with a job), 10 % supervisor mid-transaction. */
export function planKills(count: number, random: Random): readonly KillKind[] {
  const parts = { job: 0.5, parent: 0.125, 'worker tree': 0.125, api: 0.075, 'api and job': 0.075 };
  const plan: KillKind[] = [];
  for (const kind of ['job', 'parent', 'worker tree', 'api', 'api and job'] as const) {
    const part = Math.round(count * parts[kind]);
    for (let index = 0; index < part; index += 1) plan.push(kind);
  }
  while (plan.length < count) plan.push('supervisor');
  return random.shuffled(plan).slice(0, count);
}

/** Plays the kills one after the other on calls that talk. */
export async function playKills(stage: Stage, plan: readonly KillKind[]): Promise<void> {
  const backs: Back[] = [];
  const apiGapsMs: number[] = [];
  for (const [index, kind] of plan.entries()) {
    await untilSteady(stage);
    const done = await playKill(stage, kind);
    backs.push(...done.backs);
    apiGapsMs.push(...done.gapsMs);
    const told = done.backs.map(
      ({ phase, backMs, answerMs }) =>
        `${phase}: back ${backMs.toFixed(0)}${answerMs === undefined ? '' : `, answer ${answerMs.toFixed(0)}`} ms`,
    );
    stage.say(`${index + 1}/${plan.length} ${kind}: ${told.join('; ') || 'nobody lost an agent'}`);
  }
  report(stage, backs, apiGapsMs);
}

function report(stage: Stage, backs: readonly Back[], apiGapsMs: readonly number[]): void {
  const { findings, name: scenario } = stage;
  const promised = { job: 3_000, parent: 5_000, 'worker tree': 5_000, 'api and job': 3_000 } as const;
  for (const kind of killKinds) {
    const ofKind = backs.filter((back) => back.kind === kind);
    if (ofKind.length === 0) continue;
    const ms = kind in promised ? promised[kind as keyof typeof promised] : undefined;
    findings.measured({
      scenario,
      what: `${kind} killed → agent back and listening`,
      valuesMs: ofKind.map(({ backMs }) => backMs),
      ...(ms === undefined ? {} : { limit: { percentile: 95, ms } }),
    });
    findings.measured({
      scenario,
      what: `${kind} killed → next question answered`,
      valuesMs: ofKind.flatMap(({ answerMs }) => (answerMs === undefined ? [] : [answerMs])),
    });
  }
  for (const phase of phases) {
    findings.measured({
      scenario,
      what: `job killed while ${phase} → back`,
      valuesMs: backs
        .filter((back) => back.kind === 'job' && back.phase === phase)
        .map(({ backMs }) => backMs),
    });
  }
  if (apiGapsMs.length > 0) {
    findings.measured({
      scenario,
      what: 'API replica killed → longest time without agent in any call',
      valuesMs: apiGapsMs,
      limit: { percentile: 100, ms: 0 },
    });
  }
}

async function playKill(
  stage: Stage,
  kind: KillKind,
): Promise<{ backs: readonly Back[]; gapsMs: readonly number[] }> {
  const { fleet, random } = stage;
  switch (kind) {
    case 'job':
      return { backs: await measureBack(stage, kind, await killJob(stage)), gapsMs: [] };
    case 'parent':
    case 'worker tree': {
      const worker = random.pick(fleet.workers.filter((each) => callsOn(stage, each).length > 0));
      const lost = callsOn(stage, worker);
      const victims = lost.map((call) => victimOf(call));
      if (kind === 'parent') await worker.killAlone();
      else await worker.killTree();
      // The agents of a dead parent may go on until they are relieved: only those of a dead tree are gone.
      if (kind === 'worker tree') for (const { call, identity } of victims) call.witness.noteKilled(identity);
      const restarting = fleet.startAgain(worker);
      const backs = await measureBack(stage, kind, victims);
      await restarting;
      return { backs, gapsMs: [] };
    }
    case 'api': {
      const api = random.pick(fleet.apis);
      const atMs = performance.now();
      await api.killAlone();
      const restarting = fleet.startAgain(api);
      await sleep(4_000);
      await restarting;
      const gaps = stage.calls.flatMap(({ witness }) =>
        serviceGaps(witness.sightings, performance.now()).filter(({ endMs }) => endMs > atMs),
      );
      return { backs: [], gapsMs: [Math.max(0, ...gaps.map(({ startMs, endMs }) => endMs - startMs))] };
    }
    case 'api and job': {
      const api = random.pick(fleet.apis);
      const victims = await killJob(stage);
      await sleep(random.whole(0, 600));
      await api.killAlone();
      const restarting = fleet.startAgain(api);
      const backs = await measureBack(stage, kind, victims);
      await restarting;
      return { backs, gapsMs: [] };
    }
    case 'supervisor':
      return { backs: await killSupervisor(stage), gapsMs: [] };
  }
}

/** The replica that decides about a lost agent dies inside its transaction, which is then rolled back or, being one statement, committed. */
async function killSupervisor(stage: Stage): Promise<readonly Back[]> {
  const { fleet, random, findings, name: scenario } = stage;
  const { url } = fleet.postgres;
  const caught = await catchInPhase(stage);
  if (caught === undefined) return [];
  const { callId } = caught.agent;
  await holdDecisionsOn(url, callId);
  const catching = catchHeldDecision(url, callId, 8_000);
  const victims = killAgentOf(stage, caught.call, caught.phase);
  const held = await catching;
  const api = fleet.apis.find(({ name }) => name === held?.replica);
  let restarting = Promise.resolve();
  if (held !== undefined && api !== undefined) {
    await api.killAlone();
    const isRolledBack = random.next() < 0.5;
    if (isRolledBack) await endBackend(url, held.backendPid);
    stage.say(`  ${api.name} died while deciding; ${isRolledBack ? 'rolled back' : 'committed'}`);
    restarting = fleet.startAgain(api);
  } else {
    // The rise of the epoch was another process's, e.g. an agent that was released: nobody was killed beside the job.
    stage.say(`  no supervisor was caught deciding (${held?.replica ?? 'nobody'})`);
    findings.counted({ scenario, what: 'supervisor kills that caught nobody', value: 1 });
  }
  const backs = await measureBack(stage, 'supervisor', victims);
  await restarting;
  return backs;
}

type Victim = {
  readonly call: StagedCall;
  readonly identity: string;
  readonly epoch: number;
  readonly phase: string;
  readonly atMs: number;
};

async function killJob(stage: Stage): Promise<readonly Victim[]> {
  const caught = await catchInPhase(stage);
  return caught === undefined ? [] : killAgentOf(stage, caught.call, caught.phase);
}

/** A call whose agent is in a phase drawn by lot, at that moment; undefined when none gets there in time. */
async function catchInPhase(stage: Stage) {
  const { random, fleet } = stage;
  const phase = random.pick(phases);
  const candidates = random.shuffled(stage.calls);
  const deadlineMs = performance.now() + catchTimeoutMs;
  const { requests } = fleet.tools;
  while (performance.now() < deadlineMs) {
    const before = requests.length;
    await sleep(10);
    const running = new Set(requests.slice(before).map(({ call_id }) => call_id));
    for (const call of candidates) {
      const agent = call.witness.agent;
      if (agent === undefined) continue;
      const isInPhase = phase === 'tool' ? running.has(agent.callId) : agent.state === phase;
      if (!isInPhase || ageMs(call, agent.identity) < stableMs) continue;
      if (fleet.jobs.of(agent.callId, agent.epoch) !== undefined) return { call, agent, phase };
    }
  }
  stage.say(`  no call was found ${phase}`);
  return undefined;
}

function killAgentOf(stage: Stage, call: StagedCall, phase: string): readonly Victim[] {
  const agent = call.witness.agent;
  const job = agent === undefined ? undefined : stage.fleet.jobs.of(agent.callId, agent.epoch);
  if (agent === undefined || job === undefined) return [];
  const victim = { ...victimOf(call), phase };
  signalProcess(job.pid, 'SIGKILL');
  call.witness.noteKilled(agent.identity);
  return [victim];
}

function victimOf(call: StagedCall): Victim {
  const agent = call.witness.agent;
  return {
    call,
    identity: agent?.identity ?? '',
    epoch: agent?.epoch ?? 0,
    phase: agent?.state ?? 'none',
    atMs: performance.now(),
  };
}

/** How long each call was without a listening agent, and until its next typed question was answered. */
async function measureBack(
  stage: Stage,
  kind: KillKind,
  victims: readonly Victim[],
): Promise<readonly Back[]> {
  const measured = await Promise.all(
    victims.map(async ({ call, epoch, phase, atMs }): Promise<Back[]> => {
      const { witness, questions } = call;
      const back = await witness.until(
        () => servedAgainAt(witness.sightings, { atMs, epoch }),
        recoveryTimeoutMs,
      );
      if (back === undefined) {
        stage.findings.breaks({
          scenario: stage.name,
          where: witness.roomName,
          epoch,
          expected: `an agent of a newer epoch within ${recoveryTimeoutMs} ms of the kill (${kind})`,
          found: witness.agents.map((agent) => `e${agent.epoch} ${agent.state}`).join(', ') || 'nobody',
        });
        return [];
      }
      const answered = await witness.until(
        () => questions.find((each) => each.askedMs >= back && each.answeredMs !== undefined)?.answeredMs,
        answerTimeoutMs,
      );
      if (answered === undefined) {
        stage.findings.breaks({
          scenario: stage.name,
          where: witness.roomName,
          epoch,
          expected: `an answer within ${answerTimeoutMs} ms of the agent being back (${kind})`,
          found: 'none',
        });
      } else checkContext(stage, call, { atMs, answeredMs: answered, epoch });
      return [
        {
          kind,
          phase,
          backMs: back - atMs,
          answerMs: answered === undefined ? undefined : answered - atMs,
        },
      ];
    }),
  );
  return measured.flat();
}

/** The first answer after a kill is made of everything that was answered shortly before it. */
function checkContext(
  stage: Stage,
  { witness, questions }: StagedCall,
  kill: { readonly atMs: number; readonly answeredMs: number; readonly epoch: number },
): void {
  const first = questions.find(({ answeredMs }) => answeredMs === kill.answeredMs);
  const markers = markersIn(first?.text ?? '');
  const request = stage.fleet.engines.requests.findLast(
    (each) =>
      each.stage === 'llm' &&
      markers.length > 0 &&
      markersIn(each.messages.findLast(({ role }) => role === 'user')?.content ?? '').at(-1) === markers[0],
  );
  // What is spoken has no marker of its own before it is heard: nothing to compare with.
  if (request?.stage !== 'llm') return;
  const told = new Set(request.messages.flatMap(({ content }) => markersIn(content)));
  const known = questions
    .filter(({ askedMs }) => askedMs < kill.atMs)
    .slice(-rememberedQuestions)
    .filter(({ kind, answeredMs }) => kind === 'typed' && answeredMs !== undefined && answeredMs < kill.atMs)
    .flatMap(({ text }) => markersIn(text));
  const forgotten = known.filter((marker) => !told.has(marker));
  if (forgotten.length === 0) return;
  stage.findings.breaks({
    scenario: stage.name,
    where: witness.roomName,
    epoch: kill.epoch,
    expected: `the new agent to know of the last ${known.length} answered questions`,
    found: `it had forgotten ${forgotten.join(', ')}`,
  });
}

/** Every process is ready and every call has an agent. */
async function untilSteady(stage: Stage): Promise<void> {
  const { apis, workers } = stage.fleet;
  const deadlineMs = performance.now() + 60_000;
  while ([...apis, ...workers].some((each) => !each.isReady) && performance.now() < deadlineMs)
    await sleep(restartDelayMs / 10);
  await stage.untilAllServed(recoveryTimeoutMs);
}

function ageMs(call: StagedCall, identity: string): number {
  const first = call.witness.sightings.find((sighting) => sighting.identity === identity);
  return first === undefined ? 0 : performance.now() - first.atMs;
}
