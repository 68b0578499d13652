import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSentenceCutter, type SentenceCutterOptions } from './sentence-cutter.ts';

function cut(text: string, options?: SentenceCutterOptions): string[] {
  const cutter = createSentenceCutter(options);
  return [...cutter.push(text), ...cutter.flush()];
}

describe('sentence cutter', () => {
  it.each<[text: string, pieces: string[]]>([
    ['', []],
    ['  \n ', []],
    ['It is noon.', ['It is noon.']],
    [
      'Well, it depends on the day, and on you. Ask again.',
      ['Well, it depends on the day,', 'and on you. Ask again.'],
    ],
    [
      'Sure thing, here it is. The train leaves at nine. It arrives at ten, or later.',
      ['Sure thing, here it is.', 'The train leaves at nine.', 'It arrives at ten, or later.'],
    ],
    [
      'The value is 3.5 metres, more or less. Fine then.',
      ['The value is 3.5 metres,', 'more or less.', 'Fine then.'],
    ],
    ['Ask Dr. Rossi about it today. He knows it all.', ['Ask Dr. Rossi about it today.', 'He knows it all.']],
    [
      'Il Sig. Bianchi arriva, p.es. domani. Va bene?',
      ['Il Sig. Bianchi arriva,', 'p.es. domani.', 'Va bene?'],
    ],
    ['J. K. Rowling wrote that book. It sold well.', ['J. K. Rowling wrote that book.', 'It sold well.']],
    [
      'See https://example.org/a.b?c=1 for all of it. Done now.',
      ['See https://example.org/a.b?c=1 for all of it.', 'Done now.'],
    ],
    [
      'This is it. Well... maybe so. I think not today.',
      ['This is it. Well...', 'maybe so. I think not today.'],
    ],
    ['«Che bella giornata!» disse lei. Poi tacque.', ['«Che bella giornata!»', 'disse lei. Poi tacque.']],
    ['**Bold** words and `code` here. _Soft_ ones, too.', ['Bold words and code here.', 'Soft ones, too.']],
    [
      '# Title of it all\n- first item here\n- second item there',
      ['Title of it all', 'first item here', 'second item there'],
    ],
    ['1. Boil the water. 2. Add the salt now.', ['1. Boil the water.', '2. Add the salt now.']],
    ['Read [the docs](https://example.org) today. Bye for now!', ['Read the docs today.', 'Bye for now!']],
    ['Great 🎉 news for you 👍🏽. All is well here.', ['Great news for you.', 'All is well here.']],
    ['3 * 4 is twelve, and 2*6 too.', ['3 * 4 is twelve,', 'and 2*6 too.']],
    [
      'snake_case stays as it is. Sophy™ too, of course.',
      ['snake_case stays as it is.', 'Sophy™ too, of course.'],
    ],
  ])('%j', (text, pieces) => {
    expect(cut(text)).toEqual(pieces);
  });

  it('gives the first piece as soon as the blank after its clause is there', () => {
    const cutter = createSentenceCutter();
    expect(cutter.push('Good morning,')).toEqual([]);
    expect(cutter.push(' A')).toEqual(['Good morning,']);
    expect(cutter.push('nna, how is it going, then')).toEqual([]);
    expect(cutter.push('? ')).toEqual(['Anna, how is it going, then?']);
    expect(cutter.flush()).toEqual([]);
  });

  it('bounds a piece at a clause, else at a blank', () => {
    const pieces = cut('one two three, four five six seven eight nine ten eleven', {
      firstMaxCharacters: 20,
      maxCharacters: 20,
      minCharacters: 15,
    });
    expect(pieces).toEqual(['one two three,', 'four five six seven', 'eight nine ten', 'eleven']);
  });

  it('gives the same pieces for any deltas, and nothing is lost or doubled', () => {
    const word = fc.constantFrom(
      'ciao',
      'Dr.',
      '3.5',
      'bene,',
      'fine.',
      'no!',
      '...',
      '**x**',
      '-',
      '#',
      '\n',
      '🎉',
      'a_b',
      '1.',
      '«sì»',
      'e',
    );
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 60 }),
        fc.array(fc.nat(7), { minLength: 1 }),
        (words, sizes) => {
          const text = words.join(' ');
          const cutter = createSentenceCutter({ firstMaxCharacters: 30, maxCharacters: 40 });
          const pieces: string[] = [];
          for (let at = 0, turn = 0; at < text.length; turn += 1) {
            const size = (sizes[turn % sizes.length] ?? 0) + 1;
            pieces.push(...cutter.push(text.slice(at, at + size)));
            at += size;
          }
          pieces.push(...cutter.flush());
          expect(pieces).toEqual(cut(text, { firstMaxCharacters: 30, maxCharacters: 40 }));
          const whole = cut(text, {
            minCharacters: 10_000,
            firstMaxCharacters: 10_000,
            maxCharacters: 10_000,
          });
          expect(pieces.join(' ')).toBe(whole.join(' '));
          expect(pieces.every((piece) => piece.length <= 40)).toBe(true);
        },
      ),
    );
  });
});
