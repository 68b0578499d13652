import { describe, expect, it } from 'vitest';
import { matchAddress } from './addressing.ts';

describe('names', () => {
  it.each([
    ['Sophy, che ore sono?', ['Sophy'], 'sophy'],
    ['SÓPHY che ore sono', ['Sophy'], 'sophy'],
    ['so fi, che ore sono?', ['Sophy', 'so fi'], 'so fi'],
    ['sophyai che ore sono', ['Sophy', 'SophyAI'], 'sophyai'],
    ['Sophy AI, what now?', ['Sophy', 'sophy ai'], 'sophy ai'],
    ['Sophi what time is it', ['Sophy'], 'sophi'],
    ['hey so free what time is it', ['Sophy', 'sofi'], 'so free'],
    ['Claudia, mi passi il commerciale?', ['Claudia'], 'claudia'],
    ['Jean-Luc, engage', ['Jean Luc'], 'jean luc'],
    ['C3PO what are the odds', ['C3PO'], 'c3po'],
  ])('%s with %j matches %s', (text, agentNames, matched) => {
    expect(matchAddress(text, agentNames)).toEqual({ kind: 'addressed', matched });
  });

  it.each([
    ['Claudio, mi passi il sale?', ['Claudia']],
    ['Amy? No, Anya.', ['Anna']],
    ['what time is it', ['Sophy']],
    ['', ['Sophy']],
    ['...', ['Sophy']],
    ['hello there', ['', '...']],
    ['Jean said so', ['Jean Luc']],
  ])('%s with %j matches nothing', (text, agentNames) => {
    expect(matchAddress(text, agentNames)).toEqual({ kind: 'none' });
  });
});
