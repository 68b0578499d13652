/**
 * Plays a scenario through the worker's own lanes, policy and voice in real time, without a server: synthetic voices go
 * in as frames, what the agent says comes out as frames; recognition and language model are scripted.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type SpeakerId, speakerIdSchema } from '@sophy/contracts/ids';
import { durationMs, type PcmAudio } from '@sophy/contracts/pcm-audio';
import { type Settings, settingsSchema } from '@sophy/contracts/settings';
import { policySettings } from '@sophy/conversation/policy-settings';
import { ProviderError } from '@sophy/conversation/provider-error';
import { createSentenceCutter } from '@sophy/conversation/sentence-cutter';
import type { TtsPort } from '@sophy/conversation/tts-port';
import type { TurnCommand } from '@sophy/conversation/turn-command';
import type { Turn, TurnEvent } from '@sophy/conversation/turn-event';
import { decide, initialTurnState } from '@sophy/conversation/turn-policy';
import { createScriptedLlm } from '@sophy/providers/scripted/scripted-llm';
import { createScriptedStt } from '@sophy/providers/scripted/scripted-stt';
import { trim } from '@sophy/testkit/pcm';
import { recordCommand } from '@sophy/testkit/scenario/record-command';
import { endOf, presentFromStart } from '@sophy/testkit/scenario/run-in-policy';
import type { Happening, Scenario } from '@sophy/testkit/scenario/scenario';
import { type SpokenSound, scenarioClips } from '@sophy/testkit/scenario/scenario-clips';
import {
  emptyRecord,
  type RecordedReply,
  type ScenarioRecord,
} from '@sophy/testkit/scenario/scenario-record';
import { usualReply } from '@sophy/testkit/scenario/voice-model';
import { type KnownClip, wordsHeard } from '@sophy/testkit/scripted-engine-server-hearing';
import type { SpeechMaker } from '@sophy/testkit/speech';
import { Lane } from '@sophy/worker/src/lane/lane.ts';
import { Timers } from '@sophy/worker/src/room/timers.ts';
import { PlayedAudio } from '@sophy/worker/src/voice/played-audio.ts';
import { Speaker, voiceSampleRateHz } from '@sophy/worker/src/voice/speaker.ts';
import { TimedSink } from './audio-sink.ts';
import { WiredMicrophone } from './wired-microphone.ts';

/** The agent has nothing more to say once nothing was decided for so long, ms. */
const settledAfterMs = 1_200;
const longestMs = 40_000;
/** From the beginning of a clip to its sound at recognition, at most, ms. */
const underWayMs = 500;

/** All the sound of a scenario, made beforehand: what people say, and the pieces of what the agent says. */
export type AudioScript = {
  readonly clips: ReadonlyMap<SpokenSound, PcmAudio>;
  readonly voice: ReadonlyMap<string, PcmAudio>;
};

export async function prepareAudio(scenario: Scenario, speech: SpeechMaker): Promise<AudioScript> {
  const voice = new Map<string, PcmAudio>();
  for (const text of [...scenario.replies, usualReply, scenario.settings.greeting ?? '']) {
    const cutter = createSentenceCutter();
    for (const piece of [...cutter.push(text), ...cutter.flush()])
      voice.set(piece, await speech.synthesize(piece, { language: scenario.language }));
  }
  return { clips: await scenarioClips(scenario, speech), voice };
}

export type AudioRun = { readonly record: ScenarioRecord; readonly broken: readonly string[] };

type Present = { readonly lane: Lane; readonly microphone: WiredMicrophone };

export async function runInAudio(scenario: Scenario, script: AudioScript): Promise<AudioRun> {
  const startMs = performance.now();
  const now = (): number => performance.now();
  const record = emptyRecord();
  const broken: string[] = [];
  const inbox: TurnEvent[] = [];
  const present = new Map<string, Present>();
  const spoken = new Map<string, { readonly clip: KnownClip; readonly atMs: number }[]>();
  const failing = new Set<string>();
  const started = new Map<string, RecordedReply & { readonly orderedMs: number }>();
  const closing: Promise<void>[] = [];
  let settings: Settings = settingsSchema.parse(scenario.settings);
  let state = initialTurnState({ settings: policySettings(settings), idPrefix: '' });
  let isDeciding = false;
  let latestMs = now();

  const sink = new TimedSink(now);
  const played = new PlayedAudio({ sampleRateHz: voiceSampleRateHz, now });
  const timers = new Timers({
    now,
    onFired: (timerId) => post({ type: 'timer-fired', atMs: now(), timerId }),
  });
  const llm = scriptedModel(scenario);
  const speaker = new Speaker({
    sink,
    played,
    now,
    replyInputs: (turn) => ({
      messages: [{ role: 'user', content: turn.text }],
      llm,
      tts: scriptedVoice(script, scenario.delays.ttsMs),
      voice: { language: scenario.language, voice: undefined, speed: 1 },
      settingsVersion: 1,
    }),
    onPlayoutStart: ({ replyId }) => post({ type: 'playout-start', atMs: now(), replyId }),
    onText: () => undefined,
    onHeard: () => undefined,
    onPiece: ({ replyId }, text) => post({ type: 'reply-piece', atMs: now(), replyId, text }),
    onEngineFailure: (error) => broken.push(`an engine failed: ${error.message}`),
    onEnd: ({ replyId }, { outcome, generatedText, heardText }) => {
      const reply = started.get(replyId);
      if (reply !== undefined) {
        Object.assign(reply, { outcome, heardText, text: generatedText });
        hearReply(reply, sink, startMs);
      }
      post({ type: 'reply-end', atMs: now(), replyId, outcome, heardText });
    },
    onWaste: () => undefined,
  });

  function post(event: TurnEvent): void {
    inbox.push(event);
    if (isDeciding) return;
    isDeciding = true;
    for (let next = inbox.shift(); next !== undefined; next = inbox.shift()) {
      const decided = decide(state, next);
      state = decided.state;
      for (const command of decided.commands) carryOut(command);
    }
    isDeciding = false;
  }

  function carryOut(command: TurnCommand): void {
    latestMs = now();
    recordCommand(record, latestMs - startMs, command);
    switch (command.type) {
      case 'set-timer':
        timers.set(command.timerId, command.atMs);
        return;
      case 'clear-timer':
        timers.clear(command.timerId);
        return;
      case 'prepare-reply':
        speaker.prepare(command.replyId, command.turn);
        return;
      case 'start-reply':
        start(command);
        return;
      case 'start-private-reply': {
        const { speaker: person } = command.turn;
        record.signs.push({ type: 'private-reply', atMs: now() - startMs, person, text: usualReply });
        return;
      }
      case 'discard-reply':
      case 'stop-reply':
        speaker.stop(command.replyId);
        return;
      case 'duck-voice':
        speaker.hold(command.replyId);
        return;
      case 'resume-voice':
        speaker.resume(command.replyId);
        return;
      case 'peek-utterance':
        present.get(command.speaker)?.lane.peek();
        return;
      case 'close-utterance':
        present.get(command.speaker)?.lane.closeUtterance();
        return;
      default:
        return;
    }
  }

  function start(order: Extract<TurnCommand, { readonly type: 'start-reply' }>): void {
    const { replyId, turn, fixedText } = order;
    const reply = { ...newReply(replyId, turn), orderedMs: now() };
    record.replies.push(reply);
    started.set(replyId, reply);
    speaker.start(replyId, turn, { fixedText });
  }

  function join(id: string): void {
    const name = scenario.people.find((person) => person.id === id)?.name ?? id;
    const who = speakerIdSchema.parse(id);
    const microphone = new WiredMicrophone({ now, played: (fromMs, toMs) => played.between(fromMs, toMs) });
    const stt = createScriptedStt({
      transcripts: (audio) => {
        const sinceMs = now() - durationMs(audio) - underWayMs - scenario.delays.sttMs;
        const clips = (spoken.get(id) ?? []).filter(({ atMs }) => atMs >= sinceMs);
        return wordsHeard(
          audio,
          clips.map(({ clip }) => clip),
        );
      },
      delayMs: scenario.delays.sttMs,
      language: scenario.language,
      failure: () => (failing.has(id) ? outOfOrder() : undefined),
    });
    const lane = new Lane({
      speaker: who,
      audio: microphone.audio,
      idPrefix: `${id}-${present.size}`,
      stt: () => stt,
      language: () => undefined,
      endOfTurnModel: () => undefined,
      played,
      now,
      post,
      onRecognized: () => undefined,
      onFailure: () => undefined,
      onPeekFailure: () => undefined,
      onEnded: (error) => broken.push(`the lane of ${id} ended: ${error.message}`),
    });
    present.set(id, { lane, microphone });
    post({ type: 'speaker-join', atMs: now(), speaker: who, name });
  }

  function leave(id: string): void {
    const known = present.get(id);
    if (known === undefined) return;
    closing.push(known.lane.close());
    known.microphone.close();
    present.delete(id);
    post({ type: 'speaker-leave', atMs: now(), speaker: speakerIdSchema.parse(id) });
  }

  function happen(happening: Happening): void {
    const atMs = now();
    switch (happening.type) {
      case 'sound': {
        const microphone = present.get(happening.person)?.microphone;
        const clip = script.clips.get(happening);
        if (happening.kind === 'echo') microphone?.echoUntil(startMs + happening.untilMs);
        if (clip === undefined) return;
        if (happening.kind === 'words') {
          const known = { clip: { audio: trim(clip), text: happening.words }, atMs };
          spoken.set(happening.person, [...(spoken.get(happening.person) ?? []), known]);
        }
        microphone?.say(clip);
        return;
      }
      case 'types': {
        const { text, isPrivate } = happening;
        const who = speakerIdSchema.parse(happening.person);
        post({
          type: 'typed-message',
          atMs,
          speaker: who,
          messageId: `m${Math.round(atMs)}`,
          text,
          isPrivate,
        });
        return;
      }
      case 'recognition':
        if (happening.fails) failing.add(happening.person);
        else failing.delete(happening.person);
        return;
      case 'setting':
        settings = settingsSchema.parse({ ...settings, ...happening.patch });
        post({ type: 'settings-change', atMs, settings: policySettings(settings) });
        return;
      case 'drain':
        post({ type: 'drain', atMs });
        return;
      case 'acts':
        act(happening.act, speakerIdSchema.parse(happening.person));
        return;
      default:
        happening satisfies never;
    }
  }

  function act(what: Extract<Happening, { readonly type: 'acts' }>['act'], who: SpeakerId): void {
    const atMs = now();
    switch (what) {
      case 'joins':
        join(who);
        return;
      case 'leaves':
        leave(who);
        return;
      case 'mutes':
      case 'unmutes': {
        const known = present.get(who);
        known?.microphone.setMuted(what === 'mutes');
        if (what === 'mutes') known?.lane.mute();
        return;
      }
      case 'raises hand':
      case 'lowers hand':
        post({ type: 'hand-raise', atMs, speaker: who, isRaised: what === 'raises hand' });
        return;
      case 'presses stop':
        post({ type: 'stop-request', atMs, speaker: who });
        return;
      case 'presses answer-now':
        post({ type: 'answer-request', atMs, speaker: who });
        return;
      default:
        what satisfies never;
    }
  }

  for (const { id } of presentFromStart(scenario)) join(id);
  if (settings.greeting !== '') post({ type: 'greeting', atMs: now(), text: settings.greeting });
  for (const happening of scenario.timeline) {
    await delay(Math.max(0, startMs + happening.atMs - now()));
    happen(happening);
  }
  await delay(Math.max(0, startMs + endOf(scenario) - now()));
  latestMs = now();
  const deadlineMs = now() + longestMs;
  const isAtRest = (): boolean =>
    state.reply === undefined &&
    state.queue.length === 0 &&
    [...state.speakers.values()].every(({ pending }) => pending === undefined);
  while (!isAtRest() || now() - latestMs < settledAfterMs) {
    if (now() > deadlineMs) {
      broken.push('the agent never came to rest');
      break;
    }
    await delay(100);
  }
  const seen = { ...record, decisions: [...record.decisions], signs: [...record.signs] };
  for (const id of [...present.keys()]) leave(id);
  if (state.timers.size > 0) broken.push(`timers outlive the room: ${[...state.timers.keys()].join(', ')}`);
  timers.close();
  await speaker.close();
  await Promise.all(closing);
  return { record: seen, broken };
}

/** Gives a reply that is over the stretches of sound that left for the room. */
function hearReply(
  reply: RecordedReply & { readonly orderedMs: number },
  sink: TimedSink,
  startMs: number,
): void {
  const spans = sink.spansSince(reply.orderedMs);
  reply.audibleMs = spans[0] === undefined ? undefined : spans[0].fromMs - startMs;
  const last = spans.at(-1);
  reply.silentMs = last === undefined ? undefined : last.untilMs - startMs;
  for (const [index, span] of spans.entries()) {
    const next = spans[index + 1];
    const isCut = next === undefined && reply.outcome === 'interrupted';
    if (next === undefined && !isCut) continue;
    // A hold that ends in a stop is heard as one silence.
    const untilMs = next === undefined ? undefined : next.fromMs - startMs;
    reply.holds.push({ fromMs: span.untilMs - startMs, untilMs });
  }
}

function newReply(replyId: string, { turnId }: Turn): RecordedReply {
  return {
    replyId,
    turnId,
    rule: undefined,
    audibleMs: undefined,
    silentMs: undefined,
    outcome: undefined,
    text: '',
    heardText: '',
    holds: [],
  };
}

function scriptedModel({ replies, delays }: Scenario) {
  const questions: string[] = [];
  return createScriptedLlm({
    firstTokenMs: delays.llmMs,
    reply: ({ messages }) => {
      const asked = messages.at(-1)?.content ?? '';
      // The same words asked again, as a reply that was prepared in vain, get the same answer.
      if (!questions.includes(asked)) questions.push(asked);
      return replies[questions.indexOf(asked)] ?? usualReply;
    },
  });
}

function scriptedVoice({ voice }: AudioScript, firstByteMs: number): TtsPort {
  return {
    label: 'scripted',
    async *synthesize({ text }, { signal }) {
      const audio = voice.get(text);
      if (audio === undefined) throw new Error(`"${text}" was not spoken beforehand`);
      await delay(firstByteMs, undefined, { signal });
      yield audio;
    },
  };
}

function outOfOrder(): ProviderError {
  return new ProviderError({
    stage: 'stt',
    engine: 'scripted',
    category: 'server',
    message: 'out of order, as the scenario says',
    isRetryable: false,
  });
}
