/** Makes a turn's audio from its script: spoken, paused, perturbed, and labelled with where the voice is. */
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import { concatenate, normalize, rmsDbfs, silence, trim } from '@sophy/testkit/pcm';

import type { SpeechMaker } from '@sophy/testkit/speech';
import { resampleClip } from './resample-clip.ts';
import type { TurnScript } from './script.ts';
import { between, pick, type Random } from './seeded-random.ts';

const sampleRateHz = 16_000;
const leadMs = 400;
/** Silence after the turn: the longest time-out of the sweep and some more. */
const tailMs = 3_400;

/** How the pauses come about: cut into a sentence spoken in one breath, spoken as commas, or spoken piece by piece. */
const phrasings = ['cut', 'comma', 'apart'] as const;

export type SpokenTurn = {
  readonly audio: PcmAudio;
  /** Stretches of voice; after each but the last the person pauses, ms from the beginning. */
  readonly voiced: readonly { readonly fromMs: number; readonly toMs: number }[];
  readonly phrasing: (typeof phrasings)[number];
  readonly speed: number;
  readonly pitch: number;
  readonly snrDb: number;
};

export async function speakTurn(
  script: TurnScript,
  speech: SpeechMaker,
  random: Random,
): Promise<SpokenTurn> {
  const speed = pick(random, [0.9, 1.1]);
  const pitch = between(random, 0.95, 1.05);
  const snrDb = pick(random, [45, 30, 20]);
  const phrasing = pick(random, phrasings);
  const say = async (text: string): Promise<PcmAudio> => {
    const spoken = await speech.synthesize(text, { language: script.language, speed });
    return resampleClip(
      { samples: spoken.samples, sampleRateHz: Math.round(spoken.sampleRateHz * pitch) },
      sampleRateHz,
    );
  };
  const apart: PcmAudio[] = [];
  for (const part of script.parts) apart.push(await say(part));
  const pieces =
    phrasing === 'apart' || script.parts.length === 1
      ? apart
      : cutLike(await say(wholeText(script, phrasing)), apart);
  return { ...assemble(pieces, script, snrDb, random), phrasing, speed, pitch, snrDb };
}

function wholeText(script: TurnScript, phrasing: 'cut' | 'comma'): string {
  const bare = script.parts.slice(0, -1).map((part) => part.replace(/[,.]$/u, ''));
  return [...bare, script.parts.at(-1) ?? ''].join(phrasing === 'comma' ? ', ' : ' ');
}

/** Cuts one breath where it is quietest near the places that the lengths of its pieces suggest. */
function cutLike(whole: PcmAudio, apart: readonly PcmAudio[]): readonly PcmAudio[] {
  const total = apart.reduce((sum, piece) => sum + piece.samples.length, 0);
  const pieces: PcmAudio[] = [];
  let from = 0;
  let spoken = 0;
  for (const piece of apart.slice(0, -1)) {
    spoken += piece.samples.length;
    const at = quietest(whole.samples, Math.round((spoken / total) * whole.samples.length));
    pieces.push({ samples: whole.samples.slice(from, at), sampleRateHz });
    from = at;
  }
  pieces.push({ samples: whole.samples.slice(from), sampleRateHz });
  return pieces;
}

function quietest(samples: Int16Array, around: number): number {
  const reach = sampleRateHz * 0.15;
  const window = sampleRateHz * 0.02;
  let best = around;
  let bestDbfs = Infinity;
  for (let at = Math.max(window, around - reach); at <= around + reach; at += window / 2) {
    const level = rmsDbfs(samples.subarray(at - window, at + window));
    if (level >= bestDbfs) continue;
    bestDbfs = level;
    best = at;
  }
  return Math.round(best);
}

function assemble(
  pieces: readonly PcmAudio[],
  script: TurnScript,
  snrDb: number,
  random: Random,
): Pick<SpokenTurn, 'audio' | 'voiced'> {
  const clips: PcmAudio[] = [silence(leadMs, sampleRateHz)];
  const voiced: { fromMs: number; toMs: number }[] = [];
  let atMs = leadMs;
  pieces.forEach((piece, index) => {
    const clip = fadeEdges(trim(normalize(piece)));
    const lengthMs = (clip.samples.length / sampleRateHz) * 1_000;
    const pauseMs = index === pieces.length - 1 ? tailMs : Math.round(pauseLengthMs(script, random));
    clips.push(clip, silence(pauseMs, sampleRateHz));
    voiced.push({ fromMs: atMs, toMs: atMs + lengthMs });
    atMs += lengthMs + pauseMs;
  });
  return { audio: withNoise(concatenate(...clips), snrDb, random), voiced };
}

function pauseLengthMs(script: TurnScript, random: Random): number {
  switch (script.kind) {
    case 'list':
      return between(random, 200, 900);
    case 'number':
    case 'email':
    case 'spelling':
      return between(random, 300, 1_200);
    case 'clean':
    case 'question':
    case 'hesitation':
    case 'conjunction':
      return between(random, 300, 1_500);
    default:
      return script.kind satisfies never;
  }
}

/** 8 ms at both ends, so that a cut makes no click. */
function fadeEdges(clip: PcmAudio): PcmAudio {
  const ramp = sampleRateHz * 0.008;
  const { length } = clip.samples;
  return {
    samples: clip.samples.map((sample, index) =>
      Math.round(sample * Math.min(1, (index + 1) / ramp, (length - index) / ramp)),
    ),
    sampleRateHz,
  };
}

/** Low-passed noise through the whole clip, so far below the average of the voice; pauses are never digital silence. */
function withNoise(audio: PcmAudio, snrDb: number, random: Random): PcmAudio {
  const voice = audio.samples.filter((sample) => Math.abs(sample) > 300);
  const level = 32_768 * 10 ** ((rmsDbfs(voice) - snrDb) / 20);
  let smooth = 0;
  return {
    samples: audio.samples.map((sample) => {
      smooth = 0.6 * smooth + 0.4 * (random() * 2 - 1);
      // The smoothed noise has an RMS of 0.2887 (level 1, uniform: 0.577).
      return Math.max(-32_768, Math.min(32_767, Math.round(sample + (smooth / 0.2887) * level)));
    }),
    sampleRateHz,
  };
}
