import { describe, expect, test } from 'vitest';
import { confirms } from './confirms.ts';

describe('a yes', () => {
  test.each([
    'Yes.',
    'yes please',
    'Yeah, go ahead.',
    'Sure, do it!',
    'Ok',
    'Yes, that’s right.',
    'Sophy, yes.',
    'Yes, book it.',
    'Of course.',
    'I confirm.',
    'Sì.',
    'si',
    'Sì, grazie.',
    'Va bene, procedi pure.',
    'Certo, fallo.',
    'Confermo.',
    "D'accordo.",
    'Sì sì, prenota pure.',
    'Come no!',
    'Perfetto, grazie mille.',
  ])('%s', (text) => expect(confirms(text, ['Sophy'])).toBe('yes'));
});

describe('a no', () => {
  test.each([
    'No.',
    'No thanks, leave it.',
    "Yes... no, wait, don't do it.",
    'Not really.',
    'Sure, why not.',
    'ok wait',
    'No, non farlo.',
    'Aspetta un attimo.',
    'Lascia stare.',
    'Certo che no.',
    'Sì, anzi no.',
    'Non ancora.',
  ])('%s', (text) => expect(confirms(text)).toBe('no'));
});

describe('nothing to act on', () => {
  test.each([
    '',
    'Yes?',
    'Please.',
    'Yes, but at ten.',
    'Yes, for four people instead of two.',
    'What time is it?',
    'mm-hm',
    'I guess so',
    'The yes was for Bruno',
    'Sì, però alle dieci.',
    'Che ore sono?',
    'Sì, e chiama anche Marco',
    'right so what was I saying about the garden and the trees yes',
  ])('%s', (text) => expect(confirms(text)).toBe('other'));
});
