/** Plays a scenario in a live room: real callers speak and type, the journal and the received audio say what came of it. */
import { setTimeout as delay } from 'node:timers/promises';
import { durationMs, type PcmAudio } from '@sophy/contracts/pcm-audio';
import type { Caller } from '@sophy/testkit/caller';
import { normalize, trim } from '@sophy/testkit/pcm';
import { bareWords } from '@sophy/testkit/scenario/bare-words';
import { presentFromStart } from '@sophy/testkit/scenario/run-in-policy';
import type { Happening, Scenario } from '@sophy/testkit/scenario/scenario';
import { type SpokenSound, scenarioClips } from '@sophy/testkit/scenario/scenario-clips';
import {
  emptyRecord,
  type RecordedReply,
  type ScenarioRecord,
} from '@sophy/testkit/scenario/scenario-record';
import { usualReply } from '@sophy/testkit/scenario/voice-model';
import { type KnownClip, wordsHeard } from '@sophy/testkit/scripted-engine-server-hearing';
import { openSpeech } from '@sophy/testkit/speech';
import { type Conversation, callOf } from './conversation.ts';
import { waitForJournal } from './records.ts';

/** The agent has nothing more to say once it has listened for so long, ms. */
const settledAfterMs = 900;
const longestMs = 40_000;
/** A pause in the agent's voice shorter than this is the transport's, not a hold, ms. */
const holdGapMs = 120;
/** Audio that may get lost on the way, ms. */
const lostMs = 80;
/** Loudest sample of the first person, of full scale; each further person speaks half as loud. */
const loudestPeak = 0.8;
const loudnessTolerance = 1.35;
/** From the beginning of a clip to its sound at recognition, at most, ms. */
const underWayMs = 2_500;
/** Several rooms begin at once, each with a process of its own, ms. */
const joinMs = 40_000;
/** State and sound travel apart, ms. */
const apartMs = 400;

/** What the scripted engines hear and say while several scenarios are played at once. */
export type ScenarioEngines = {
  /** From now on the replies for the words of a scenario are known. */
  know(scenario: Scenario): void;
  /** Somebody begins to speak: recognition may hear this from now on, and nothing that was not spoken. */
  speaks(clip: KnownClip): void;
};

export function openScenarioEngines({ engines }: Pick<Conversation, 'engines'>): ScenarioEngines {
  const answered = new Map<Scenario, string[]>();
  const spoken: { readonly clip: KnownClip; readonly atMs: number }[] = [];
  engines.setTranscripts((audio) => {
    const sinceMs = performance.now() - durationMs(audio) - underWayMs;
    const lately = spoken.filter(({ atMs }) => atMs >= sinceMs).map(({ clip }) => clip);
    const own = lately.length < 2 ? lately : lately.filter((clip) => isAsLoud(audio, clip.audio));
    return wordsHeard(audio, own);
  });
  engines.setReply(({ messages }) => {
    const asked = bareWords(messages.at(-1)?.content ?? '');
    for (const [scenario, questions] of answered) {
      if (!wordsOf(scenario).some((words) => asked.includes(bareWords(words)))) continue;
      // The same words asked again, as a reply that was prepared in vain, get the same answer.
      if (!questions.includes(asked)) questions.push(asked);
      return scenario.replies[questions.indexOf(asked)] ?? usualReply;
    }
    return usualReply;
  });
  return {
    know(scenario) {
      answered.set(scenario, []);
    },
    speaks(clip) {
      spoken.push({ clip, atMs: performance.now() });
    },
  };
}

/** Without its very end: where a loaded machine loses a packet, the last word still counts as heard. */
function shortened({ samples, sampleRateHz }: PcmAudio): PcmAudio {
  const lostSamples = Math.round((sampleRateHz * lostMs) / 1_000);
  return {
    samples: samples.subarray(0, Math.max(samples.length / 2, samples.length - lostSamples)),
    sampleRateHz,
  };
}

/** People who speak at once are told apart by how loud they are, since recognition is not told whose voice it hears. */
function isAsLoud(heard: PcmAudio, clip: PcmAudio): boolean {
  const ratio = peakOf(heard) / peakOf(clip);
  return ratio > 1 / loudnessTolerance && ratio < loudnessTolerance;
}

function peakOf({ samples }: PcmAudio): number {
  return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1);
}

/** Makes all clips beforehand, so that no voice is made while others play. */
export async function prepareClips(scenarios: readonly Scenario[]) {
  const speech = openSpeech();
  try {
    const clips = new Map<Scenario, ReadonlyMap<SpokenSound, PcmAudio>>();
    for (const scenario of scenarios) {
      const made = await scenarioClips(scenario, speech);
      const scaled = [...made].map(([sound, clip]) => {
        const place = scenario.people.findIndex(({ id }) => id === sound.person);
        return [sound, normalize(clip, loudestPeak / 2 ** place)] as const;
      });
      clips.set(scenario, new Map(scaled));
    }
    return clips;
  } finally {
    await speech.close();
  }
}

/** Plays one scenario in a room of its own; times of the record count from its start. */
export async function playInRoom(
  scenario: Scenario,
  stage: {
    readonly conversation: Conversation;
    readonly engines: ScenarioEngines;
    readonly clips: ReadonlyMap<SpokenSound, PcmAudio>;
    /** One plays while the next ones come in: the scripted recognition hears all rooms with the same ears. */
    readonly onStage: <Result>(play: () => Promise<Result>) => Promise<Result>;
  },
): Promise<ScenarioRecord> {
  const { conversation, engines, clips } = stage;
  const roomName = `scenario-${scenario.file.replace(/\W+/g, '-')}`;
  const callers = new Map<string, Caller>();
  const identities = new Map<string, string>();
  const join = async (id: string): Promise<void> => {
    const name = scenario.people.find((person) => person.id === id)?.name ?? id;
    const caller = await conversation.product.joinCaller({ roomName, name });
    await caller.waitForAgent(joinMs);
    await caller.waitForAgentState('listening', joinMs);
    await waitForJournal(
      conversation.product,
      callOf(caller),
      (events) => events.some((event) => event.type === 'speaker-join' && event.speaker === caller.identity),
      joinMs,
    );
    callers.set(id, caller);
    identities.set(caller.identity, id);
  };
  engines.know(scenario);
  try {
    for (const { id } of presentFromStart(scenario)) await join(id);
    const listener = callers.get(stayingPerson(scenario));
    if (listener === undefined) throw new Error(`${scenario.file}: somebody must stay to the end`);
    const startMs = await stage.onStage(async () => {
      const beganMs = performance.now();
      const doing: Promise<unknown>[] = [];
      for (const happening of scenario.timeline) {
        await delay(Math.max(0, beganMs + happening.atMs - performance.now()));
        doing.push(happen(happening, { scenario, callers, clips, join, engines }));
      }
      await Promise.all(doing);
      await settle(listener);
      return beganMs;
    });
    return await readRecord(listener, { conversation, callers, identities, startMs });
  } finally {
    await Promise.all([...callers.values()].map((caller) => caller.leave()));
  }
}

async function happen(
  happening: Happening,
  room: {
    readonly scenario: Scenario;
    readonly callers: Map<string, Caller>;
    readonly clips: ReadonlyMap<SpokenSound, PcmAudio>;
    readonly join: (id: string) => Promise<void>;
    readonly engines: ScenarioEngines;
  },
): Promise<unknown> {
  const { scenario, callers, clips, join } = room;
  const refuse = (): never => {
    throw new Error(
      `${scenario.file}:${happening.place.line}: "${happening.place.source}" cannot be played in a room`,
    );
  };
  if (!('person' in happening)) return refuse();
  if (happening.type === 'acts' && happening.act === 'joins') return join(happening.person);
  const caller = callers.get(happening.person);
  if (caller === undefined) throw new Error(`${scenario.file}: ${happening.person} is not in the room`);
  switch (happening.type) {
    case 'sound': {
      const clip = clips.get(happening);
      if (clip === undefined) return refuse();
      if (happening.kind === 'words')
        room.engines.speaks({ audio: shortened(trim(clip)), text: happening.words });
      return caller.say(clip);
    }
    case 'types':
      return happening.isPrivate ? caller.typePrivately(happening.text) : caller.type(happening.text);
    case 'acts':
      switch (happening.act) {
        case 'leaves':
          return caller.leave();
        case 'raises hand':
        case 'lowers hand':
          return caller.raiseHand(happening.act === 'raises hand');
        case 'presses stop':
          return caller.stopSpeaking();
        case 'presses answer-now':
          return caller.answerNow();
        default:
          return refuse();
      }
    default:
      return refuse();
  }
}

/** Until the agent listens, has judged everything, and has been quiet for a while: nothing waits to be said. */
async function settle(listener: Caller): Promise<void> {
  const fromMs = performance.now();
  await listener.until(
    'agent that has said everything',
    () => {
      const lastMs = Math.max(
        fromMs,
        listener.agentStates.at(-1)?.atMs ?? 0,
        listener.heardAgent().lastSoundBefore() ?? 0,
      );
      return listener.agentState === 'listening' &&
        !isHearing(listener) &&
        performance.now() - lastMs > settledAfterMs
        ? true
        : undefined;
    },
    longestMs,
  );
}

/** Somebody's words are not judged yet. */
function isHearing({ notices }: Caller): boolean {
  const latest = new Map<string, string>();
  for (const { notice } of notices) if (notice.type === 'hearing') latest.set(notice.speaker, notice.state);
  return [...latest.values()].includes('hearing');
}

async function readRecord(
  listener: Caller,
  room: {
    readonly conversation: Conversation;
    readonly callers: ReadonlyMap<string, Caller>;
    readonly identities: ReadonlyMap<string, string>;
    readonly startMs: number;
  },
): Promise<ScenarioRecord> {
  const { conversation, identities, startMs } = room;
  const record = emptyRecord();
  const who = (identity: string): string => identities.get(identity) ?? identity;
  for (const { notice, atMs: arrivedMs } of listener.notices) {
    const atMs = arrivedMs - startMs;
    switch (notice.type) {
      case 'decision': {
        const { turnId, rule, action } = notice;
        record.decisions.push({ atMs, turnId, person: who(notice.speaker), rule, action });
        break;
      }
      case 'window': {
        const opens = notice.untilMs !== null;
        record.signs.push({
          type: 'window',
          atMs,
          window: notice.window,
          person: who(notice.speaker),
          opens,
        });
        break;
      }
      case 'waiting':
        if (notice.untilMs !== null)
          record.signs.push({ type: 'waits', atMs, person: who(notice.speaker), reason: notice.reason });
        break;
      case 'hand':
        record.signs.push({ type: 'hand', atMs, person: who(notice.speaker), isRaised: notice.isRaised });
        break;
      case 'queue':
        record.signs.push({ type: 'queue', atMs, people: notice.speakers.map(who) });
        break;
      case 'hearing':
        record.signs.push({ type: 'hearing', atMs, person: who(notice.speaker), state: notice.state });
        break;
      default:
        break;
    }
  }
  for (const [person, caller] of room.callers) {
    for (const { text, atMs } of caller.privateReplies) {
      record.signs.push({ type: 'private-reply', atMs: atMs - startMs, person, text });
    }
  }
  const decided = record.decisions.length;
  const journal = await waitForJournal(
    conversation.product,
    callOf(listener),
    (events) =>
      events.filter(({ type }) => type === 'decision').length >= decided &&
      events.filter(({ type }) => type === 'reply-start').length ===
        events.filter(({ type }) => type === 'reply-end').length,
  );
  const written = journal.flatMap((event) =>
    event.type === 'decision' ? [`${event.turnId} ${event.rule}`] : [],
  );
  const shown = record.decisions.map(({ turnId, rule }) => `${turnId} ${rule}`);
  if (written.join() !== shown.join())
    throw new Error(`the journal holds other decisions than the room was shown: ${written} / ${shown}`);
  for (const event of journal) {
    if (event.type === 'turn') {
      const { turnId, text } = event;
      const decision = record.decisions.find((one) => one.turnId === turnId);
      record.turns.push({ atMs: decision?.atMs ?? 0, turnId, person: who(event.speaker), text });
    }
    if (event.type === 'reply-end') {
      const { turnId, replyId, outcome, generatedText, heardText } = event;
      record.replies.push({
        replyId,
        turnId,
        rule: undefined,
        outcome,
        text: generatedText,
        heardText,
        audibleMs: undefined,
        silentMs: undefined,
        holds: [],
      });
    }
  }
  hearReplies(listener, record.replies, startMs);
  return record;
}

/** Gives each reply that was heard the stretch of sound that the listener received of it. */
function hearReplies(listener: Caller, replies: readonly RecordedReply[], startMs: number): void {
  const spans = listener.agentStates.flatMap(({ state, atMs }, index) =>
    state === 'speaking'
      ? [{ fromMs: atMs, untilMs: listener.agentStates[index + 1]?.atMs ?? performance.now() }]
      : [],
  );
  const heard = listener.heardAgent();
  const audible = replies.filter(({ heardText }) => heardText !== '');
  for (const [index, reply] of audible.entries()) {
    const span = spans[index];
    if (span === undefined) continue;
    const segments = heard
      .segments(span.fromMs - apartMs, holdGapMs)
      .filter(({ startMs: fromMs }) => fromMs < span.untilMs + apartMs);
    reply.audibleMs = segments[0] === undefined ? undefined : segments[0].startMs - startMs;
    reply.silentMs = (segments.at(-1)?.endMs ?? span.untilMs) - startMs;
    for (const [number, segment] of segments.entries()) {
      const next = segments[number + 1];
      if (next !== undefined)
        reply.holds.push({ fromMs: segment.endMs - startMs, untilMs: next.startMs - startMs });
    }
    // A hold that ends in a stop is heard as one silence.
    if (reply.outcome === 'interrupted') reply.holds.push({ fromMs: reply.silentMs, untilMs: undefined });
  }
}

function stayingPerson({ people, timeline, file }: Scenario): string {
  const staying = people.find(
    ({ id }) =>
      !timeline.some(
        (happening) =>
          happening.type === 'acts' && happening.person === id && /joins|leaves/.test(happening.act),
      ),
  );
  if (staying === undefined) throw new Error(`${file}: nobody stays to the end`);
  return staying.id;
}

function wordsOf({ timeline }: Scenario): readonly string[] {
  return timeline.flatMap((happening) => {
    if (happening.type === 'types') return [happening.text];
    return happening.type === 'sound' && happening.kind === 'words' ? [happening.words] : [];
  });
}
