import { describe, expect, it } from 'vitest';
import { cleanTranscript, cutRepetition } from './clean-transcript.ts';

describe('cleanTranscript', () => {
  it.each([
    [' What is the time? ', 'What is the time?'],
    ['[Music]', ''],
    ['[clippers buzzing]', ''],
    ['(wind blowing)', ''],
    ['♪ ♪', ''],
    ['*sighs* Well, yes.', 'Well, yes.'],
    ['Hello [noise] there', 'Hello there'],
    ['...', ''],
    ['Sottotitoli creati dalla comunità Amara.org', ''],
    ['Grazie.', 'Grazie.'],
    ['Sottotitoli per favore', 'Sottotitoli per favore'],
  ])('makes %j to %j', (raw, expected) => {
    expect(cleanTranscript(raw)).toBe(expected);
  });
});

describe('cutRepetition', () => {
  it('keeps emphasis', () => {
    expect(cutRepetition('No, no, no!')).toEqual({ isLooping: false, text: 'No, no, no!' });
  });

  it('finds a looping word and keeps it once', () => {
    expect(cutRepetition('I think so so so so so')).toEqual({ isLooping: true, text: 'I think so' });
  });

  it('finds a looping phrase whatever its punctuation', () => {
    const text = `We go there. ${'And then, ok. '.repeat(5)}`.trim();
    expect(cutRepetition(text)).toEqual({ isLooping: true, text: 'We go there. And then, ok.' });
  });

  it('leaves a list alone', () => {
    const text = 'one and two and three and four and five and six';
    expect(cutRepetition(text).isLooping).toBe(false);
  });
});
