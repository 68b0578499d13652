import { describe, expect, it } from 'vitest';
import { endOfTurnWait, soundsUnfinished } from './end-of-turn-wait.ts';

const bounds = { endpointingMinMs: 300, endpointingMaxMs: 1_200 };

describe('end-of-turn wait', () => {
  it.each([
    ['What time is it?', 'question'],
    ['What time is it', 'question'],
    ['che ore sono', 'complete'],
    ['Where are you from', 'question'],
    ['Sophy, dove si trova la stazione', 'question'],
    ['Perché?', 'question'],
    ['turn the light on', 'complete'],
    ['sì', 'complete'],
    ['I think so', 'complete'],
    ['What is 5 times 7', 'question'],
    ['Il totale è 40.', 'complete'],
    ['I have two.', 'complete'],
    ['basta così!', 'complete'],
    ['My number is 347 555 1234.', 'complete'],
    ['il mio numero è 347 55 12 345', 'complete'],
    ['My email is mario.rossi@gmail.com.', 'complete'],
    ['la mia mail è mario punto rossi chiocciola gmail punto com', 'complete'],
    ['I sent you an email yesterday.', 'complete'],
    ['Write it to anna@example.org and tell me when it is done.', 'complete'],
    ['plan B', 'complete'],
    ['Yes, I do', 'complete'],
    ['I am fine, thanks', 'complete'],
    ['Mia sorella abita al numero dodici', 'complete'],
    ['Tell me a joke', 'complete'],
    ['Milk, bread, and eggs', 'complete'],
    ['ne ho due', 'complete'],
    ['First we eat and then we leave', 'complete'],
    ['The small one', 'complete'],
    ['I like it, thanks', 'complete'],
    ['I agree with you, Marco', 'complete'],
    ['ti ringrazio', 'complete'],
    ['We went home', 'complete'],
    ['What are you looking for?', 'question'],
    ['Is this what you are looking for?', 'question'],
    ['Questo è il tuo?', 'question'],
    ['Sai perché?', 'question'],
    ['È meglio di te', 'complete'],
  ] as const)('ended by voice and words: %s', (text, reason) => {
    expect(soundsUnfinished(text)).toBe(false);
    expect(endOfTurnWait({ text, probability: 0.95 }, bounds)).toEqual({ waitMs: 300, reason });
    expect(endOfTurnWait({ text, probability: 0.02 }, bounds).reason).toBe('uncertain');
    expect(endOfTurnWait({ text, probability: 0.02 }, bounds).waitMs).toBe(1_200);
    const between = reason === 'question' ? 0.4 : 0.5;
    expect(endOfTurnWait({ text, probability: between }, bounds).waitMs).toBeGreaterThan(450);
    expect(endOfTurnWait({ text, probability: between }, bounds).waitMs).toBeLessThan(1_000);
    expect(endOfTurnWait({ text, probability: between }, bounds).reason).toBe(reason);
    expect(endOfTurnWait({ text, probability: undefined }, bounds)).toEqual({ waitMs: 300, reason });
  });

  it.each([
    ['I would like to go to the', 'unfinished-sentence'],
    ['I would like to go to the.', 'unfinished-sentence'],
    ['Vorrei sapere se', 'unfinished-sentence'],
    ['non posso perché', 'unfinished-sentence'],
    ['I cannot come because', 'unfinished-sentence'],
    ['pane, latte e', 'unfinished-sentence'],
    ['pane, latte e...', 'hesitation'],
    ['pane, latte,', 'unfinished-sentence'],
    ['well… um', 'hesitation'],
    ['mi chiamo ehm', 'hesitation'],
    ['il mio numero è 3 4 7', 'dictation'],
    ['il mio numero di telefono è', 'dictation'],
    ['My phone number is 347', 'dictation'],
    ['three four seven', 'dictation'],
    ['tre quattro sette cinquantacinque', 'dictation'],
    ['347 55', 'dictation'],
    ['We need', 'unfinished-sentence'],
    ['Vorrei prenotare', 'unfinished-sentence'],
    ['Could you tell me', 'unfinished-sentence'],
    ['mi puoi dire', 'unfinished-sentence'],
    ['What time does', 'unfinished-sentence'],
    ['Do you know if the shop', 'unfinished-sentence'],
    ['milk, bread, eggs', 'unfinished-sentence'],
    ['First we clean the kitchen', 'unfinished-sentence'],
    ['ci servono circa', 'unfinished-sentence'],
    ['Send it to the new', 'unfinished-sentence'],
    ['my code is', 'dictation'],
    ['What time does?', 'unfinished-sentence'],
    ['Can we move the meeting to?', 'unfinished-sentence'],
    ['Call me when you', 'unfinished-sentence'],
    ['My email is Mario.Rossi.', 'dictation'],
    ['My last name is Smith SM.', 'dictation'],
    ['it is spelled B', 'dictation'],
    ['Si chiama Lea, elle e', 'dictation'],
    ['Add salt, pepper', 'unfinished-sentence'],
    ['Yesterday we went', 'unfinished-sentence'],
    ['ieri siamo andati', 'unfinished-sentence'],
    ['La mia mail è mario', 'dictation'],
    ['wait –', 'unfinished-sentence'],
    ["dimmi dell'", 'unfinished-sentence'],
    ['My name is spelled', 'dictation'],
    ['M, A, R', 'dictation'],
    ['emme a erre', 'dictation'],
    ['emme come Milano', 'dictation'],
    ['M as in Mike', 'dictation'],
    ['my email is', 'dictation'],
    ['My email is mario dot', 'dictation'],
    ['My email is mario dot rossi', 'dictation'],
    ['mario.rossi@', 'dictation'],
    ['la mia mail è mario punto rossi chiocciola', 'dictation'],
    ['la mia mail è mario punto rossi chiocciola gmail', 'dictation'],
  ] as const)('goes on: %s', (text, reason) => {
    expect(soundsUnfinished(text)).toBe(true);
    const waitMs = reason === 'dictation' ? 1_065 : 1_200;
    expect(endOfTurnWait({ text, probability: undefined }, bounds)).toEqual({ waitMs, reason });
    expect(endOfTurnWait({ text, probability: 0.99 }, bounds)).toEqual({ waitMs, reason });
  });

  it('is uncertain without words', () => {
    expect(endOfTurnWait({ text: '', probability: undefined }, bounds).reason).toBe('uncertain');
  });

  it('keeps to the shorter bound when the two are the same', () => {
    const same = { endpointingMinMs: 500, endpointingMaxMs: 500 };
    expect(endOfTurnWait({ text: 'I cannot come because', probability: undefined }, same).waitMs).toBe(500);
  });
});
