import { describe, expect, it } from 'vitest';
import { addressesPerson } from './addresses-person.ts';

const people = ['Bruno', 'Anna Rossi', 'Marco', 'Rosa', 'Will', 'Giulia Bianchi'];

describe('words put to a person', () => {
  it.each([
    ['Bruno, what do you think?', 'Bruno'],
    ['che ne dici, Anna?', 'Anna Rossi'],
    ['hey Marco', 'Marco'],
    ['Ehi Marco, vieni qui', 'Marco'],
    ['anna rossi, puoi ripetere?', 'Anna Rossi'],
    ['Marco puoi passarmi il sale', 'Marco'],
    ['Bruno what do you think', 'Bruno'],
    ['what do you think Bruno', 'Bruno'],
    ['Marco cosa ne pensi', 'Marco'],
    ['grazie Marco', 'Marco'],
    ['I agree. Anna, you go first.', 'Anna Rossi'],
    ['Bruno said no. Marco, do you agree?', 'Marco'],
    ['ciao Rosa', 'Rosa'],
    ['Will, are you there?', 'Will'],
    ['Julia, can you see the screen?', 'Giulia Bianchi'],
    ['@marco look at this', 'Marco'],
    ['BRÙNO, vieni?', 'Bruno'],
  ])('%s: %s', (text, name) => {
    expect(addressesPerson(text, people)).toBe(name);
  });

  it.each([
    'Bruno said he would come',
    'I asked Marco about it',
    'have you seen Anna?',
    'hai visto Anna',
    'Marco e Bruno arrivano domani',
    'Anna, Marco and Bruno are late',
    'I met Bruno, Anna and Marco',
    'we invited Marco, Anna',
    'mia sorella, Anna, arriva domani',
    'chiedi a Marco che ore sono',
    'Marco ha detto di sì',
    'Marco can dance',
    'Marco put it there',
    'Marco chiama domani',
    'will you come with us',
    'una rosa rossa',
    'rosa come il cielo',
    'Bianchi, Rossi, Verdi',
    'Annabella, vieni?',
    'Sophy, what time is it?',
    '',
    '\u0000',
  ])('%s: nobody', (text) => {
    expect(addressesPerson(text, people)).toBeUndefined();
  });

  it('knows nobody in an empty room', () => {
    expect(addressesPerson('Marco, vieni?', [])).toBeUndefined();
    expect(addressesPerson('Marco, vieni?', ['', '…'])).toBeUndefined();
  });
});
