/**
 * What a faithful recogniser has understood of the audio so far: of each known clip the words that are finished in it,
 * no more. Lets a scripted engine give partial words for partial audio, and tell apart clips that sound at once.
 */
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import { rmsDbfs, voicedThresholdDbfs } from './pcm.ts';

/** A clip that may be heard, trimmed to its sound, and what is said in it. */
export type KnownClip = { readonly audio: PcmAudio; readonly text: string };

const frameMs = 10;
/** A word counts as finished so long before its end as its last sound tells nothing new, ms. */
const earlyMs = 20;
/** Sound that begins sooner after a clip is its tail, as transport smears it, ms. */
const tailMs = 100;

/**
 * The words of the clips that are finished in `heard`, in the order heard. Each clip is heard at most once; where several
 * could be meant, the one whose loudness runs most alike is. Words take the part of their clip that they take of its text.
 */
export function wordsHeard(heard: PcmAudio, clips: readonly KnownClip[]): string {
  const loudness = envelope(heard);
  const open = new Set(clips);
  const texts: string[] = [];
  let from = nextOnset(loudness, 0);
  while (from !== undefined && open.size > 0) {
    const clip = mostAlike(loudness.slice(from), [...open]);
    if (clip === undefined) break;
    open.delete(clip);
    const clipFrames = envelope(clip.audio).length;
    texts.push(finishedWords(clip.text, (loudness.length - from) / clipFrames, clipFrames * frameMs));
    from = nextOnset(loudness, from + clipFrames + tailMs / frameMs);
  }
  return texts.filter((text) => text !== '').join(' ');
}

/** The words of a text of which `share` has sounded. */
function finishedWords(text: string, share: number, lengthMs: number): string {
  const words = text.split(' ');
  const total = words.join(' ').length;
  let spoken = 0;
  const finished = words.filter((word) => {
    spoken += word.length;
    const isFinished = spoken / total <= share + earlyMs / lengthMs;
    spoken += 1;
    return isFinished;
  });
  return finished.join(' ');
}

function mostAlike(loudness: readonly number[], clips: readonly KnownClip[]): KnownClip | undefined {
  const [only] = clips;
  if (clips.length <= 1) return only;
  const likeness = (clip: KnownClip): number => {
    const known = envelope(clip.audio);
    const length = Math.min(loudness.length, known.length + tailMs / frameMs);
    return cosine(loudness.slice(0, length), known.slice(0, length));
  };
  return clips
    .map((clip) => ({ clip, likeness: likeness(clip) }))
    .reduce((best, next) => (next.likeness > best.likeness ? next : best)).clip;
}

/** Both from their first frame on; what one has more than the other counts against them. */
function cosine(a: readonly number[], b: readonly number[]): number {
  let product = 0;
  let powerA = 0;
  let powerB = 0;
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const left = a[index] ?? 0;
    const right = b[index] ?? 0;
    product += left * right;
    powerA += left * left;
    powerB += right * right;
  }
  return powerA === 0 || powerB === 0 ? 0 : product / Math.sqrt(powerA * powerB);
}

/** Amplitude of each 10 ms, 0 below the level of sound. */
function envelope({ samples, sampleRateHz }: PcmAudio): readonly number[] {
  const frame = Math.round((sampleRateHz * frameMs) / 1_000);
  return Array.from({ length: Math.floor(samples.length / frame) }, (_, index) => {
    const dbfs = rmsDbfs(samples.subarray(index * frame, (index + 1) * frame));
    return dbfs < voicedThresholdDbfs ? 0 : 10 ** (dbfs / 20);
  });
}

function nextOnset(loudness: readonly number[], from: number): number | undefined {
  const onset = loudness.findIndex((amplitude, index) => index >= from && amplitude > 0);
  return onset === -1 ? undefined : onset;
}
