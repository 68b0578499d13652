import { describe, expect, it } from 'vitest';
import { endOfTurnWaitMs, soundsUnfinished } from './end-of-turn-wait.ts';

describe('end-of-turn wait', () => {
  it.each([
    ['What time is it?'],
    ['What time is it'],
    ['che ore sono'],
    ['Where are you from'],
    ['Perché?'],
    ['turn the light on'],
    ['sì'],
    ['I think so'],
    ['What is 5 times 7'],
    ['Il totale è 40.'],
    ['basta così!'],
    [''],
  ])('complete: %s', (text) => {
    expect(soundsUnfinished(text)).toBe(false);
    expect(endOfTurnWaitMs(text, { endpointingMinMs: 300, endpointingMaxMs: 1_200 })).toBe(300);
  });

  it.each([
    ['I would like to go to the'],
    ['I would like to go to the.'],
    ['Vorrei sapere se'],
    ['non posso perché'],
    ['I cannot come because'],
    ['pane, latte e...'],
    ['pane, latte,'],
    ['well… um'],
    ['mi chiamo ehm'],
    ['il mio numero è 3 4 7'],
    ['three four seven'],
    ['347 55'],
    ['wait –'],
    ["dimmi dell'"],
  ])('unfinished: %s', (text) => {
    expect(soundsUnfinished(text)).toBe(true);
    expect(endOfTurnWaitMs(text, { endpointingMinMs: 300, endpointingMaxMs: 1_200 })).toBe(1_200);
  });
});
