/**
 * Real interruptions and mere nods over a spoken answer, by two people in a live room: does the agent yield to the ones
 * and speak on through the others, how soon, and is nothing of the answer lost.
 */
import { durationMs } from '@sophy/contracts/pcm-audio';
import type { SettingsPatch } from '@sophy/contracts/settings';
import type { Caller } from '@sophy/testkit/caller';
import { concatenate, rmsDbfs, silence, voicedThresholdDbfs } from '@sophy/testkit/pcm';
import { openaiEngines } from '@sophy/testkit/product';
import { heardFrameMs, heardSampleRateHz } from '@sophy/testkit/received-audio';
import { startScriptedEngineServer } from '@sophy/testkit/scripted-engine-server';
import { type KnownClip, wordsHeard } from '@sophy/testkit/scripted-engine-server-hearing';
import { withProduct } from './bench-product.ts';
import { warmUpTurns } from './clips.ts';
import {
  backChannels,
  museumQuestion,
  museumReply,
  otherReply,
  realInterruptions,
  type SpokenText,
} from './interruption-clips.ts';
import { describe, type OverlapEvent, summarizeEvents } from './interruption-events.ts';
import { summarize } from './percentiles.ts';
import type { BenchReport } from './report.ts';
import { benchTransportFloor } from './transport-floor.ts';
import { scriptedDelays, type VoiceBenchOptions } from './voice-to-voice.ts';

/** As a typical streaming service: words soon after they are spoken, the final some time after the last. */
export const streamingDelays = { interimLagMs: 80, finalMs: 300 } as const;
/** A pause in the agent's voice shorter than this is the transport's, not a hold, ms. */
const holdGapMs = 80;
/** Sound that was on its way when the reply was cut, ms. */
const transportMs = 200;
/** How much longer or shorter an answer may sound than one that nobody talks over, for each hold in it, ms. */
const toleranceMs = 120;
/** Soft beginnings and ends of a clip that the scripted recognition does not hear, ms. */
const softMs = 400;
const floorTurns = 10;

type Room = { readonly anna: Caller; readonly bruno: Caller };
type Planned = { readonly clip: KnownClip; readonly language: string; readonly atMs: number };

/** `2 × turns` interruptions and as many back-channels. */
export async function benchInterruptions(
  options: VoiceBenchOptions,
  recognition: 'upload' | 'streaming',
): Promise<readonly BenchReport[]> {
  const [floor] = await benchTransportFloor({ ...options, turns: floorTurns, onTurn: () => undefined });
  const floorMs = summarize(floor?.measuredMs ?? []).p50;
  const isStreaming = recognition === 'streaming';
  /** What is spoken now, so that recognition hears nothing else. */
  let spoken: readonly KnownClip[] = [];
  const delays = { ...scriptedDelays, realtimeMs: streamingDelays.finalMs };
  const engines = await startScriptedEngineServer({
    delays,
    tokensPerSecond: 1_000,
    transcripts: (audio) => wordsHeard(audio, spoken),
    reply: ({ messages }) => (messages.at(-1)?.content.includes('museum') ? museumReply : otherReply),
    realtimeInterimLagMs: streamingDelays.interimLagMs,
    realtimeHangoverMs: streamingDelays.finalMs - 10,
    realtimeMinimumMs: () => Math.min(...spoken.map(({ audio }) => durationMs(audio))) - softMs,
  });
  const speak = async ({ text, language }: SpokenText): Promise<KnownClip> => ({
    text,
    audio: await options.speech.synthesize(text, { language }),
  });
  const settings: SettingsPatch = {
    stt_engine: isStreaming ? 'openai-realtime' : 'openai',
    ...options.settings,
  };
  const events: OverlapEvent[] = [];
  const plainMs: number[] = [];
  const count = options.turns * 2;
  try {
    const question = await speak(museumQuestion);
    await withProduct({ engines: openaiEngines(engines.baseUrl), settings }, async (product) => {
      const anna = await product.joinCaller({ roomName: 'bench', name: 'Anna' });
      const bruno = await product.joinCaller({ roomName: 'bench', name: 'Bruno' });
      const room = { anna, bruno };
      await Promise.all([anna, bruno].map((caller) => caller.waitForAgent()));
      await anna.waitForAgentState('listening');

      const ask = async (): Promise<number> => {
        spoken = [question];
        const asked = await anna.say(concatenate(silence(250, question.audio.sampleRateHz), question.audio));
        return anna.waitForVoice(asked.endMs);
      };
      const over = (caller: Caller, planned: Planned, voiceMs: number) =>
        speakOver(caller, planned, { voiceMs, setSpoken: (clip) => (spoken = [clip]) });

      for (let turn = 0; turn < warmUpTurns; turn += 1) {
        const voiceMs = await ask();
        await anna.waitForAgentSilence(800);
        plainMs.push(voicedMs(bruno, voiceMs));
      }
      // A busy machine may swallow some of it.
      const expectedMs = Math.max(...plainMs);
      options.onTurn(`an answer that nobody talks over sounds for ${expectedMs.toFixed(0)} ms`);

      let cuts = 0;
      let nods = 0;
      while (cuts < count || nods < count) {
        // One answer with two nods, then two that are cut, over and over: kinds, people and languages alternate.
        if (nods <= cuts && nods < count) {
          const planned = await Promise.all(
            [0, 1].map(async (index): Promise<Planned> => {
              const text = backChannels[(nods + index) % backChannels.length] ?? backChannels[0];
              if (text === undefined) throw new Error('there is no back-channel');
              const atMs = index === 0 ? 200 + ((nods * 311) % 1_400) : 3_300 + ((nods * 173) % 1_200);
              return { clip: await speak(text), language: text.language, atMs };
            }),
          );
          const voiceMs = await ask();
          const callers = nods % 4 === 0 ? [anna, bruno] : [bruno, anna];
          const seen: { planned: Planned; caller: Caller; onsetMs: number; endMs: number }[] = [];
          for (const [index, next] of planned.entries()) {
            const caller = callers[index] ?? anna;
            if (isCut(room, voiceMs)) break;
            seen.push({ planned: next, caller, ...(await over(caller, next, voiceMs)) });
            await caller
              .until(
                'silent decision',
                () =>
                  turnDecision(caller, caller, seen.at(-1)?.onsetMs ?? 0) === undefined ? undefined : true,
                3_000,
              )
              .catch(() => undefined);
          }
          await settle(room);
          const lostMs = voicedMs(bruno, voiceMs) - expectedMs;
          for (const [index, nod] of seen.entries()) {
            const event = nodEvent(room, nod, {
              voiceMs,
              untilMs: seen[index + 1]?.onsetMs ?? Number.POSITIVE_INFINITY,
              lostMs,
              holds: seen.length,
            });
            events.push(event);
            options.onTurn(`${events.length}: ${describe(event)}`);
          }
          nods += seen.length;
        } else {
          const text = realInterruptions[cuts % realInterruptions.length];
          if (text === undefined) throw new Error('there is no interruption');
          const planned = {
            clip: await speak(text),
            language: text.language,
            atMs: 250 + ((cuts * 1_237) % 3_900),
          };
          const voiceMs = await ask();
          const caller = cuts % 3 === 0 ? anna : bruno;
          const span = await over(caller, planned, voiceMs);
          await settle(room, { caller, onsetMs: span.onsetMs });
          const event = cutEvent(room, { planned, caller, ...span }, voiceMs);
          events.push(event);
          options.onTurn(`${events.length}: ${describe(event)}`);
          cuts += 1;
        }
      }
    });
  } finally {
    await engines.stop();
  }
  const { lines, summary } = summarizeEvents({ name: `interruptions, ${recognition} STT`, floorMs }, events);
  return [
    {
      name: `interruptions-${recognition}`,
      lines,
      data: { summary, conditions: { delays, settings, streamingDelays, plainMs, floorMs }, events },
    },
  ];
}

/** Waits until the reply has sounded long enough, and talks over it. */
async function speakOver(
  caller: Caller,
  planned: Planned,
  reply: { readonly voiceMs: number; readonly setSpoken: (clip: KnownClip) => void },
): Promise<{ onsetMs: number; endMs: number }> {
  await caller.until('some of the answer', () =>
    (caller.heardAgent().latestMs ?? 0) > reply.voiceMs + planned.atMs ? true : undefined,
  );
  reply.setSpoken(planned.clip);
  return caller.say(planned.clip.audio);
}

/** Until what was said is decided, its answer, if any, is over, and the room is quiet. */
async function settle(
  { anna }: Room,
  cut?: { readonly caller: Caller; readonly onsetMs: number },
): Promise<void> {
  if (cut !== undefined) {
    const decided = await anna
      .until('decision about the turn', () => turnDecision(anna, cut.caller, cut.onsetMs), 4_000)
      .catch(() => undefined);
    if (decided?.action === 'answer') await anna.waitForVoice(decided.atMs, 2_000).catch(() => undefined);
  }
  await anna.waitForAgentSilence(800);
  await anna.waitForAgentState('listening');
}

/** What became of a turn that somebody began after a time. */
function turnDecision(witness: Caller, speaker: Caller, sinceMs: number) {
  return decisionsOf(witness, speaker, sinceMs).find(
    ({ action }) => action === 'answer' || action === 'silent',
  );
}

function decisionsOf(witness: Caller, speaker: Caller, sinceMs: number, untilMs = Number.POSITIVE_INFINITY) {
  return witness.notices.flatMap(({ notice, atMs }) =>
    notice.type === 'decision' && notice.speaker === speaker.identity && atMs >= sinceMs && atMs < untilMs
      ? [{ rule: notice.rule, action: notice.action, atMs }]
      : [],
  );
}

function isCut({ anna }: Room, sinceMs: number): boolean {
  return anna.notices.some(({ notice, atMs }) => notice.type === 'interrupted' && atMs >= sinceMs);
}

/** How much sound of the agent has come since a time: frames are counted, so that a busy machine changes nothing. */
function voicedMs(listener: Caller, sinceMs: number): number {
  const { samples } = listener.heardAgent().audio(sinceMs - 100, Number.POSITIVE_INFINITY);
  const frame = (heardSampleRateHz / 1_000) * heardFrameMs;
  let voicedFrames = 0;
  for (let from = 0; from < samples.length; from += frame)
    if (rmsDbfs(samples.subarray(from, from + frame)) >= voicedThresholdDbfs) voicedFrames += 1;
  return voicedFrames * heardFrameMs;
}

type Spoken = {
  readonly planned: Planned;
  readonly caller: Caller;
  readonly onsetMs: number;
  readonly endMs: number;
};

/** The hold that a speech brought about: when the voice went away and for how long, ms after the onset. */
function holdOf({ caller, onsetMs, endMs }: Spoken, untilMs: number) {
  const segments = caller.heardAgent().segments(onsetMs - 1_000, holdGapMs);
  const index = segments.findIndex((segment) => segment.startMs <= onsetMs && segment.endMs >= onsetMs);
  const held = segments[index];
  const next = segments[index + 1];
  if (held === undefined || held.endMs > Math.min(endMs + 2_000, untilMs)) return {};
  const gapMs = next === undefined || next.startMs > untilMs ? undefined : next.startMs - held.endMs;
  return { duckMs: held.endMs - onsetMs, gapMs };
}

function commonEvent({ anna }: Room, spoken: Spoken, seen: { voiceMs: number; untilMs: number }) {
  const { planned, caller, onsetMs, endMs } = spoken;
  const untilMs = Math.min(seen.untilMs, endMs + 6_000);
  const decisions = decisionsOf(anna, caller, onsetMs, untilMs);
  return {
    text: planned.clip.text,
    language: planned.language,
    speaker: caller.name,
    lengthMs: endMs - onsetMs,
    intoReplyMs: onsetMs - seen.voiceMs,
    decisions: decisions.map(({ rule, action, atMs }) => ({ rule, action, afterMs: atMs - onsetMs })),
    duckMs: undefined,
    gapMs: undefined,
    ...holdOf(spoken, untilMs),
    answered: decisions.some(({ action }) => action === 'answer'),
  };
}

function nodEvent(
  room: Room,
  nod: Spoken,
  reply: { voiceMs: number; untilMs: number; lostMs: number; holds: number },
): OverlapEvent {
  const common = commonEvent(room, nod, reply);
  const isStopped = common.decisions.some(({ action }) => action === 'stop');
  const isWhole = !isCut(room, reply.voiceMs);
  const isComplete = Math.abs(reply.lostMs) <= toleranceMs * reply.holds;
  const failure = isStopped
    ? 'the reply was stopped'
    : isWhole && !isComplete
      ? `the reply sounded ${reply.lostMs.toFixed(0)} ms longer than alone`
      : undefined;
  return {
    ...common,
    kind: 'back-channel',
    yieldMs: undefined,
    survived: !isStopped && (isComplete || !isWhole),
    failure,
  };
}

function cutEvent(room: Room, cut: Spoken, voiceMs: number): OverlapEvent {
  const { caller, onsetMs } = cut;
  const common = commonEvent(room, cut, { voiceMs, untilMs: Number.POSITIVE_INFINITY });
  const interrupted = caller.notices.find(
    ({ notice, atMs }) => notice.type === 'interrupted' && atMs >= onsetMs,
  );
  const stopped = common.decisions.some(({ action }) => action === 'stop');
  const isCut = interrupted !== undefined && stopped;
  const lastMs = isCut ? caller.heardAgent().lastSoundBefore(interrupted.atMs + transportMs) : undefined;
  return {
    ...common,
    kind: 'interruption',
    yieldMs: lastMs === undefined ? undefined : Math.max(0, lastMs - onsetMs),
    survived: !isCut,
    failure: isCut ? undefined : 'the reply went on',
  };
}
