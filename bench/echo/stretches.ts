/** The sounds of the echo bench: the agent's voice back through a loudspeaker, and other people over it. */
import { resample } from '@sophy/testkit/resample';
import type { SpeechMaker } from '@sophy/testkit/speech';
import { englishScripts } from '../end-of-turn/english.ts';
import { italianScripts } from '../end-of-turn/italian.ts';
import { between, pick, type Random } from '../end-of-turn/seeded-random.ts';
import { type EchoPath, noise, roomSampleRateHz, simulatedRoom } from './simulated-room.ts';

/**
 * `echo`: the agent's voice alone. `other`: a person whose microphone gets nothing of the agent. `double talk`: a
 * person 6 to 20 dB louder than the echo. `even talk`: a person about as loud as the echo.
 */
export const stretchKinds = ['echo', 'other', 'double talk', 'even talk'] as const;
export type StretchKind = (typeof stretchKinds)[number];

export type Stretch = {
  readonly kind: StretchKind;
  readonly path: EchoPath;
  /** The agent fell silent soon after the onset, as it does when it is interrupted. */
  readonly isHeld: boolean;
  /** A jitter buffer stretches the sound by 30 ms while it is heard. */
  readonly isStretched: boolean;
  /** The person speaks with the agent's own voice. */
  readonly isSameVoice: boolean;
  /** What the microphone gives and what left for the room, 16 kHz, on one clock: the onset is at `onsetSample`. */
  readonly microphone: Int16Array;
  readonly played: Int16Array;
};

type Voice = { readonly language: 'en' | 'it'; readonly pitch: number };

export const stretchLengthsMs = [160, 320, 600] as const;
const longestMs = 600;
/** What came before: the longest delay, the longest reverberation and the delays that are tried. */
export const onsetSample = samplesOf(1_400);
const totalSamples = onsetSample + samplesOf(longestMs);
/** Softer frames of 10 ms hold no voice, root mean square. */
const voicedLevel = 600;
const frameSamples = roomSampleRateHz / 100;

export async function makeStretch(kind: StretchKind, speech: SpeechMaker, random: Random): Promise<Stretch> {
  const voice: Voice = { language: pick(random, ['en', 'it']), pitch: between(random, 0.9, 1.15) };
  const story = await speak('agent', voice, speech, random);
  const path: EchoPath = {
    gainDb: between(random, -30, -6),
    lowPassHz: pick(random, [3_400, 7_000]),
    reverbMs: between(random, 100, 300),
    directDb: between(random, 0, 9),
    delayMs: between(random, 20, 400),
    distortion: pick(random, [0, 0.5, 1]),
  };
  const inRoom = simulatedRoom(path, random);
  const isHeld = random() < 0.5;
  const heldFrom = onsetSample + samplesOf(between(random, 60, 140));
  const first = voicedSample(story, random) + samplesOf(path.delayMs) - onsetSample;
  const played = Float64Array.from({ length: totalSamples }, (_, index) =>
    isHeld && index >= heldFrom ? 0 : (story[first + index] ?? 0),
  );
  const isStretched = random() < 0.33;
  const stretchFrom = onsetSample + samplesOf(between(random, -100, 200));
  const returned = inRoom(played);
  const echo = isStretched ? stretched(returned, stretchFrom) : returned;
  const echoLevel = level(echo);
  const isSameVoice = kind !== 'echo' && random() < 0.3;
  const person = new Float64Array(echo.length);
  if (kind !== 'echo') {
    const personVoice: Voice = isSameVoice
      ? voice
      : { language: pick(random, ['en', 'it']), pitch: between(random, 0.85, 1.2) };
    const words = await speak('person', personVoice, speech, random);
    const from = voicedSample(words, random);
    person.set(words.subarray(from, from + samplesOf(longestMs)), onsetSample);
    const louderDb = kind === 'even talk' ? between(random, -3, 3) : between(random, 6, 20);
    scale(person, (echoLevel * 10 ** (louderDb / 20)) / Math.max(1, level(person)));
  }
  const loudest = Math.max(echoLevel, level(person));
  const hiss = noise(echo.length, loudest * 10 ** (-between(random, 10, 20) / 20), random);
  return {
    kind,
    path,
    isHeld,
    isStretched,
    isSameVoice,
    microphone: toInt16(
      echo.map((own, index) => (kind === 'other' ? 0 : own) + (person[index] ?? 0) + (hiss[index] ?? 0)),
    ),
    played: toInt16(played),
  };
}

/** Sentences one after the other. Agent and people never share a sentence. */
async function speak(
  who: 'agent' | 'person',
  { language, pitch }: Voice,
  speech: SpeechMaker,
  random: Random,
): Promise<Float64Array> {
  const texts = (language === 'en' ? englishScripts : italianScripts)
    .filter(({ kind }) => kind === 'clean' || kind === 'question' || kind === 'hesitation')
    .filter((_, index) => (index % 2 === 0) === (who === 'agent'))
    .map(({ parts }) => parts.join(' '));
  const gap = new Float64Array(samplesOf(200));
  const pieces: Float64Array[] = [gap];
  for (let sentence = 0; sentence < 3; sentence += 1) {
    const clip = await speech.synthesize(pick(random, texts), { language });
    const sampleRateHz = Math.round(clip.sampleRateHz * pitch);
    pieces.push(
      Float64Array.from(resample({ samples: clip.samples, sampleRateHz }, roomSampleRateHz).samples),
      gap,
    );
  }
  pieces.push(new Float64Array(samplesOf(longestMs + 600)));
  const whole = new Float64Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}

/** 10 ms are said twice, three times in 300 ms: what a live room did to the first words of an answer. */
function stretched(sound: Float64Array, from: number): Float64Array {
  return sound.map((_, index) => {
    const steps = Math.min(3, Math.max(0, Math.ceil((index - from) / samplesOf(100))));
    return sound[index - steps * samplesOf(10)] ?? 0;
  });
}

/** Where voice is noticed: half of the time where it begins after silence, else anywhere inside it. */
function voicedSample(voice: Float64Array, random: Random): number {
  const isVoiced = Array.from(
    { length: Math.floor(voice.length / frameSamples) },
    (_, frame) => rms(voice.subarray(frame * frameSamples, (frame + 1) * frameSamples)) >= voicedLevel,
  );
  const anywhere = isVoiced.flatMap((voiced, frame) => (voiced ? [frame] : []));
  const begins = anywhere.filter((frame) => !isVoiced.slice(Math.max(0, frame - 8), frame).includes(true));
  return pick(random, random() < 0.5 ? begins : anywhere) * frameSamples;
}

function level(sound: Float64Array): number {
  return rms(sound.subarray(onsetSample));
}

function rms(samples: Float64Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length));
}

function scale(samples: Float64Array, gain: number): void {
  for (let index = 0; index < samples.length; index += 1) samples[index] = (samples[index] ?? 0) * gain;
}

function toInt16(samples: Float64Array): Int16Array {
  return Int16Array.from(samples, (sample) => Math.max(-32_768, Math.min(32_767, Math.round(sample))));
}

function samplesOf(lengthMs: number): number {
  return Math.round((lengthMs / 1_000) * roomSampleRateHz);
}
