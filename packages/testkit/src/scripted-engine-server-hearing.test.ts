import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import { durationMs } from '@sophy/contracts/pcm-audio';
import { describe, expect, it } from 'vitest';
import { concatenate, silence, tone } from './pcm.ts';
import { type KnownClip, wordsHeard } from './scripted-engine-server-hearing.ts';

const sampleRateHz = 16_000;
const sound = (lengthMs: number, amplitude = 0.3): PcmAudio =>
  tone({ frequencyHz: 300, lengthMs, sampleRateHz, amplitude });
/** Four words of 250 ms each. */
const question: KnownClip = { audio: sound(1_000), text: 'one2 two2 thr2 fou2' };
/** The same length with another rhythm. */
const other: KnownClip = {
  audio: concatenate(sound(300), silence(150, sampleRateHz), sound(550, 0.1)),
  text: 'and something else',
};

function first(audio: PcmAudio, lengthMs: number): PcmAudio {
  expect(durationMs(audio)).toBeGreaterThanOrEqual(lengthMs);
  return { samples: audio.samples.slice(0, (sampleRateHz * lengthMs) / 1_000), sampleRateHz };
}

describe('faithful recognition', () => {
  it('hears the words that are finished, after any silence before them', () => {
    const heard = concatenate(silence(400, sampleRateHz), question.audio);
    expect(wordsHeard(first(heard, 400), [question])).toBe('');
    expect(wordsHeard(first(heard, 550), [question])).toBe('');
    expect(wordsHeard(first(heard, 620), [question])).toBe('one2');
    expect(wordsHeard(first(heard, 1_150), [question])).toBe('one2 two2 thr2');
    expect(wordsHeard(heard, [question])).toBe(question.text);
  });

  it('hears one clip after the other, each once', () => {
    const heard = concatenate(question.audio, silence(300, sampleRateHz), other.audio);
    expect(wordsHeard(heard, [other, question])).toBe(`${question.text} ${other.text}`);
    expect(wordsHeard(heard, [question])).toBe(question.text);
    const cut = concatenate(question.audio, silence(300, sampleRateHz), first(other.audio, 300));
    expect(wordsHeard(cut, [question, other])).toBe(`${question.text} and`);
  });

  it('tells clips apart by their rhythm', () => {
    expect(wordsHeard(other.audio, [question, other])).toBe(other.text);
    expect(wordsHeard(question.audio, [other, question])).toBe(question.text);
  });

  it('hears nothing in silence', () => {
    expect(wordsHeard(silence(500, sampleRateHz), [question, other])).toBe('');
  });
});
