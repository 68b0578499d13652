import { readFileSync } from 'node:fs';
import { settingsSchema } from '@sophy/contracts/settings';
import { describe, expect, it } from 'vitest';
import { addressingTargets, scoreAddressing } from './addressing-score.ts';
import { parseAddressingSet } from './addressing-set.ts';

const settings = settingsSchema.parse({});
const names = [settings.agent_name, ...settings.agent_aliases];

function readSet(name: string): ReturnType<typeof parseAddressingSet> {
  return parseAddressingSet(readFileSync(new URL(`../addressing-set/${name}.tsv`, import.meta.url), 'utf8'));
}

describe('the labelled utterances, with the names of the default settings', () => {
  it.each(['tuning', 'held-out'])('%s reaches the targets', (name) => {
    const { precision, recall } = scoreAddressing(readSet(name), names);
    expect(precision).toBeGreaterThanOrEqual(addressingTargets.precision);
    expect(recall).toBeGreaterThanOrEqual(addressingTargets.recall);
  });
});

describe('scores', () => {
  it('counts calls as spoken to, and bareness apart', () => {
    const score = scoreAddressing(
      [
        { language: 'en', label: 'addressed', text: 'Sophy, what time is it?' },
        { language: 'en', label: 'addressed', text: 'hey Sophy' },
        { language: 'en', label: 'addressed', text: 'what time is it?' },
        { language: 'en', label: 'none', text: 'Sophy, stop' },
      ],
      ['Sophy'],
    );
    expect(score).toEqual({
      examples: 4,
      precision: 2 / 3,
      recall: 2 / 3,
      f1: 2 / 3,
      bareWakeAccuracy: 1 / 2,
    });
  });

  it.each(['it addressed Sophy', 'de\taddressed\tSophy', 'it\tmaybe\tSophy', 'it\tnone\t'])(
    'says the line of %j',
    (line) => {
      expect(() => parseAddressingSet(`# a comment\n\n${line}`)).toThrow('line 3');
    },
  );
});
