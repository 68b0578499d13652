import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSentenceCutter } from '../sentence-cutter.ts';
import { speakableText } from './speakable-text.ts';
import { stripSpeechMarks } from './speech-marks.ts';
import type { SpeechMarkup } from './speech-markup.ts';

function cut(text: string): string[] {
  const cutter = createSentenceCutter();
  return [...cutter.push(text), ...cutter.flush()];
}

describe('speech marks', () => {
  it.each<[marked: string, shown: string]>([
    ['Ciao [pause 400ms] a tutti.', 'Ciao a tutti.'],
    ['Wait[pause 1s], then go.', 'Wait, then go.'],
    ['The code is [spell]AB12[/spell].', 'The code is AB12.'],
    ['[slow]Piano piano[/slow], [emphasis]bene[/emphasis]!', 'Piano piano, bene!'],
    [
      'On [date]21/11/2026[/date] call [phone]333 1234567[/phone] for [number]3[/number].',
      'On 21/11/2026 call 333 1234567 for 3.',
    ],
    ['Hm [laughs] right.', 'Hm right.'],
    ['[slow]never closed', 'never closed'],
    ['never opened[/slow]', 'never opened'],
    ['broken [pause 400', 'broken'],
    ['[pause soon] go', 'go'],
    ['See [the docs](https://example.org).', 'See [the docs](https://example.org).'],
    ['[docs](https://example.org)', '[docs](https://example.org)'],
    ['an array[3] and [A]', 'an array[3] and [A]'],
  ])('shows %j without them', (marked, shown) => {
    expect(stripSpeechMarks(marked)).toBe(shown);
  });

  it.each<[markup: SpeechMarkup, marked: string, sent: string]>([
    ['none', 'Ciao [pause 400ms] a tutti.', 'Ciao… a tutti.'],
    ['none', 'Ciao [pause 100ms] a tutti.', 'Ciao, a tutti.'],
    ['none', 'Bene. [pause 2s] Allora', 'Bene.… Allora'],
    ['none', 'codice [spell]AB12[/spell].', 'codice A, B, uno, due.'],
    ['none', '[slow]piano[/slow] e [emphasis]forte[/emphasis]', 'piano e forte'],
    ['none', 'il [date]2026-11-21[/date]', 'il ventuno novembre duemilaventisei'],
    ['none', 'chiama [phone]3331234567[/phone]', 'chiama tre tre tre, uno due tre, quattro cinque sei sette'],
    ['none', 'sono [number]1.200[/number]', 'sono milleduecento'],
    ['none', '[laughs] bene', 'bene'],
    ['none', 'bene [pause', 'bene'],
    ['none', '400ms] bene', 'bene'],
    [
      'ssml',
      'Ciao [pause 400ms] a 3 & "4" <ora>',
      'Ciao <break time="400ms"/> a tre e &quot;quattro&quot; minore di ora maggiore di',
    ],
    ['ssml', '[spell]A&B<1>[/spell]', '<say-as interpret-as="characters">A&amp;B&lt;1&gt;</say-as>'],
    [
      'ssml',
      '[slow]piano, [emphasis]bene[/emphasis][/slow]',
      '<prosody rate="slow">piano, <emphasis level="moderate">bene</emphasis></prosody>',
    ],
    ['ssml', '[slow]mai chiuso', '<prosody rate="slow">mai chiuso</prosody>'],
    [
      'ssml',
      '[slow]a [emphasis]b[/slow] c[/emphasis]',
      '<prosody rate="slow">a <emphasis level="moderate">b</emphasis></prosody> c',
    ],
    ['elevenlabs', 'Ciao [pause 400ms] a tutti', 'Ciao <break time="0.4s" /> a tutti'],
    ['elevenlabs', '[pause 9s] ciao', '<break time="3s" /> ciao'],
    ['elevenlabs', '[spell]AB1[/spell]', 'A, B, uno'],
    ['elevenlabs', '[slow]piano[/slow]', 'piano'],
    ['cartesia', 'Ciao [pause 400ms] a tutti', 'Ciao <break time="400ms"/> a tutti'],
    ['cartesia', 'codice [spell]AB12[/spell].', 'codice <spell>AB12</spell>.'],
    ['cartesia', '[spell]<b>[/spell]', '<spell>b</spell>'],
  ])('sends a voice of kind %s for %j', (markup, marked, sent) => {
    expect(speakableText(marked, { language: 'it', markup })).toBe(sent);
  });

  it.each<[text: string, pieces: string[]]>([
    [
      'Wait here please [pause 400 ms] and then we go on, all right.',
      ['Wait here please [pause 400 ms] and then we go on,', 'all right.'],
    ],
    [
      'The code is this: [spell]AB. 12, CD. 34[/spell] and no other.',
      ['The code is this:', '[spell]AB. 12, CD. 34[/spell] and no other.'],
    ],
    [
      '[slow]Listen to this now. It matters a lot.[/slow] That is all of it.',
      ['[slow]Listen to this now.[/slow]', '[slow]It matters a lot.[/slow]', 'That is all of it.'],
    ],
    [
      'He said [slow]that you, of all people, [emphasis]must come now. Really.[/emphasis][/slow] Yes.',
      [
        'He said [slow]that you,[/slow]',
        '[slow]of all people, [emphasis]must come now.[/emphasis][/slow]',
        '[slow][emphasis]Really.[/emphasis][/slow] Yes.',
      ],
    ],
    ['That is all of it. [pause 1s]', ['That is all of it.']],
  ])('survive the cutting of %j', (text, pieces) => {
    expect(cut(text)).toEqual(pieces);
  });

  it('are never cut into, and the shown pieces are the shown text', () => {
    const part = fc.constantFrom(
      ...[
        'ciao',
        'bene,',
        'fine.',
        'Ora!',
        '[pause 400ms]',
        '[pause 1 s]',
        '[slow]',
        '[/slow]',
        '[emphasis]',
      ],
      ...['[/emphasis]', '[spell]A. B, 12[/spell]', '[phone]333 123 4567[/phone]', 'una parola lunga'],
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), fc.integer({ min: 1, max: 9 }), (parts, size) => {
        const text = parts.join(' ');
        const cutter = createSentenceCutter({ firstMaxCharacters: 30, maxCharacters: 40 });
        const pieces: string[] = [];
        for (let at = 0; at < text.length; at += size) pieces.push(...cutter.push(text.slice(at, at + size)));
        pieces.push(...cutter.flush());
        for (const piece of pieces) {
          expect(piece.replace(/\[[^[\]]*\]/g, '')).not.toMatch(/[[\]]/);
          expect(piece.split('[spell]').length).toBe(piece.split('[/spell]').length);
        }
        const squeeze = (shown: string): string => shown.replace(/\s+/g, ' ').trim();
        expect(squeeze(pieces.map(stripSpeechMarks).join(' '))).toBe(squeeze(stripSpeechMarks(text)));
      }),
      { numRuns: 500 },
    );
  });
});
