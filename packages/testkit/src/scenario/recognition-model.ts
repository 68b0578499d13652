/**
 * A microphone on a virtual clock: voice activity a little late, words after each pause or as they are spoken. Behaves
 * as the worker's lanes do: pauses of a turn share an utterance until the policy closes it.
 */
import { type SpeakerId, utteranceIdSchema } from '@sophy/contracts/ids';
import type { TurnEvent } from '@sophy/conversation/turn-event';
import type { EngineDelays, RecognitionKind } from './scenario.ts';
import { around } from './seeded-random.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** Voice activity notices speech so long after its first sample, and a pause after its last one, ms. */
const onsetLagMs = 75;
const pauseLagMs = 80;
/** A streaming engine gives interim words so often, and is so far behind the voice, ms. */
const interimEveryMs = 200;
const interimLagMs = 150;
/** The likeness to the agent's voice, and the sound of the end of a turn, are known so long after their cause, ms. */
const echoLagMs = 220;
const estimateLagMs = 60;
/** Who goes on within this after words without a closing mark pauses inside a turn, and sounds like it, ms. */
const goesOnWithinMs = 1_500;

export type MicrophoneSound = {
  readonly fromMs: number;
  readonly untilMs: number;
  /** Undefined: no words in it. Asked for when they have sounded: an echo repeats what the agent said. */
  readonly words: () => string;
  readonly isEcho: boolean;
  /** When the same person sounds again; undefined: never. */
  readonly nextFromMs: number | undefined;
};

export type MicrophoneModel = {
  sounds(sound: MicrophoneSound): void;
  mute(): void;
  unmute(): void;
  /** The person goes: nobody shall wait for words that never come. */
  close(): void;
  setFailing(isFailing: boolean): void;
  peek(): void;
  closeUtterance(): void;
};

export type MicrophoneOptions = {
  readonly speaker: SpeakerId;
  readonly language: string;
  readonly kind: RecognitionKind;
  readonly delays: EngineDelays;
  readonly clock: VirtualClock;
  readonly random: () => number;
  readonly isAgentAudible: () => boolean;
  readonly post: (event: TurnEvent) => void;
};

type Stretch = { readonly sound: MicrophoneSound; untilMs: number };
type Utterance = { readonly id: string; readonly stretches: Stretch[] };

export function createMicrophoneModel(options: MicrophoneOptions): MicrophoneModel {
  const { speaker, kind, delays, clock, random, post } = options;
  let count = 0;
  let isMuted = false;
  let isClosed = false;
  let isFailing = false;
  let isSpeaking = false;
  let utterance: Utterance | undefined;
  let sounding: Stretch | undefined;
  let endSound: (() => void) | undefined;
  /** Words that are being worked on, and can be given up. */
  let takeBackWords: (() => void) | undefined;
  let owedWords: string | undefined;

  const eventOf = (id: string) => ({
    atMs: clock.nowMs(),
    speaker,
    utteranceId: utteranceIdSchema.parse(id),
  });

  const giveFinal = (of: Utterance, untilMs: number): void => {
    const text = textUntil(of, untilMs, clock.nowMs());
    const failed = isFailing;
    owedWords = of.id;
    const takeBack = clock.at(clock.nowMs() + around(random, delays.sttMs), () => {
      if (isClosed) return;
      owedWords = undefined;
      if (failed) post({ type: 'transcript-failed', ...eventOf(of.id) });
      else post({ type: 'transcript-end', ...eventOf(of.id), text, language: options.language });
    });
    if (kind === 'upload') takeBackWords = takeBack;
  };

  const giveInterim = (lagMs: number): void => {
    if (!isSpeaking || utterance === undefined || isFailing) return;
    const text = textUntil(utterance, clock.nowMs() - lagMs, clock.nowMs());
    if (text !== '') post({ type: 'transcript-delta', ...eventOf(utterance.id), text });
  };

  const keepGivingInterim = (stretch: Stretch): void => {
    clock.at(clock.nowMs() + interimEveryMs, () => {
      if (sounding !== stretch || isClosed) return;
      giveInterim(interimLagMs);
      keepGivingInterim(stretch);
    });
  };

  const openUtterance = (): Utterance => {
    count += 1;
    return { id: `${speaker}-u${count}`, stretches: [] };
  };

  const startSpeech = (stretch: Stretch): void => {
    if (isClosed || isSpeaking) return;
    isSpeaking = true;
    if (owedWords !== undefined && owedWords === utterance?.id) takeBackWords?.();
    utterance ??= openUtterance();
    utterance.stretches.push(stretch);
    post({ type: 'speech-start', atMs: clock.nowMs(), speaker, onsetMs: stretch.sound.fromMs });
    if (kind === 'streaming') keepGivingInterim(stretch);
    if (!options.isAgentAudible() && !stretch.sound.isEcho) return;
    const likeness = stretch.sound.isEcho ? 0.85 + 0.1 * random() : 0.3 * random();
    clock.at(stretch.sound.fromMs + echoLagMs, () => {
      if (!isClosed) post({ type: 'echo-estimate', atMs: clock.nowMs(), speaker, likeness });
    });
  };

  const pauseSpeech = (stretch: Stretch): void => {
    if (isClosed || !isSpeaking || utterance === undefined) return;
    isSpeaking = false;
    sounding = undefined;
    const id = utteranceIdSchema.parse(utterance.id);
    giveFinal(utterance, stretch.untilMs);
    const { sound, untilMs } = stretch;
    post({ type: 'speech-end', atMs: clock.nowMs(), speaker, lastVoiceMs: untilMs, utteranceId: id });
    const isWhole = /[.?!]$/u.test(sound.words());
    const goesOn = !isWhole && sound.nextFromMs !== undefined && sound.nextFromMs - untilMs < goesOnWithinMs;
    const probability = goesOn ? 0.05 + 0.2 * random() : 0.75 + 0.2 * random();
    clock.at(clock.nowMs() + estimateLagMs, () => {
      if (!isClosed && !isSpeaking) {
        post({ type: 'end-of-turn-estimate', atMs: clock.nowMs(), speaker, probability });
      }
    });
  };

  const endStretch = (stretch: Stretch, atMs: number): void => {
    stretch.untilMs = atMs;
    endSound = clock.at(atMs + around(random, pauseLagMs), () => pauseSpeech(stretch));
  };

  return {
    sounds(sound) {
      if (isMuted || isClosed) return;
      endSound?.();
      const stretch = { sound, untilMs: sound.untilMs };
      sounding = stretch;
      // A pause too short to be noticed: the speech goes on.
      if (isSpeaking && utterance !== undefined) utterance.stretches.push(stretch);
      else clock.at(sound.fromMs + around(random, onsetLagMs), () => startSpeech(stretch));
      endStretch(stretch, sound.untilMs);
    },
    mute() {
      isMuted = true;
      if (sounding === undefined || sounding.untilMs <= clock.nowMs()) return;
      endSound?.();
      endStretch(sounding, clock.nowMs());
    },
    unmute() {
      isMuted = false;
    },
    close() {
      if (isClosed) return;
      const atMs = clock.nowMs();
      if (isSpeaking) post({ type: 'speech-end', atMs, speaker, lastVoiceMs: atMs });
      const owed = owedWords ?? (isSpeaking ? utterance?.id : undefined);
      if (owed !== undefined) post({ type: 'transcript-failed', ...eventOf(owed) });
      isClosed = true;
      endSound?.();
    },
    setFailing(failing) {
      isFailing = failing;
    },
    peek() {
      if (kind !== 'upload' || !isSpeaking || isFailing || utterance === undefined) return;
      const { id } = utterance;
      const text = textUntil(utterance, clock.nowMs(), clock.nowMs());
      if (text === '') return;
      clock.at(clock.nowMs() + around(random, delays.sttMs), () => {
        if (isSpeaking && utterance?.id === id) post({ type: 'transcript-delta', ...eventOf(id), text });
      });
    },
    closeUtterance() {
      if (!isSpeaking) utterance = undefined;
    },
  };
}

/** Words that had sounded whole, at an even rate; the words of a stretch that is cut short stop where it does. */
function textUntil({ stretches }: Utterance, untilMs: number, nowMs: number): string {
  return stretches
    .map(({ sound, untilMs: cutMs }) => {
      const text = sound.words();
      const spokenMs = Math.min(untilMs, cutMs, nowMs) - sound.fromMs;
      if (spokenMs >= sound.untilMs - sound.fromMs) return text;
      const characters = (text.length * Math.max(0, spokenMs)) / (sound.untilMs - sound.fromMs);
      let end = 0;
      for (const word of text.matchAll(/\S+/g)) {
        if (word.index + word[0].length > characters) break;
        end = word.index + word[0].length;
      }
      return text.slice(0, end);
    })
    .filter((text) => text !== '')
    .join(' ');
}
