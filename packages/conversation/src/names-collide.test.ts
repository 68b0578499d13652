import { settingsSchema } from '@sophy/contracts/settings';
import { describe, expect, it } from 'vitest';
import { matchAddress } from './addressing.ts';
import { namesCollide } from './names-collide.ts';

const settings = settingsSchema.parse({});
const names = [settings.agent_name, ...settings.agent_aliases];

describe('a human with the name of the agent', () => {
  it.each(['Sophy', 'Sofia Rossi', 'sophie', 'SOFÌ'])(
    '%s takes the plain name and what sounds like it',
    (human) => {
      const left = namesCollide(human, names);
      expect(left.filter((name) => !name.startsWith('@'))).toEqual(['sophyai', 'sophy ai']);
      expect(left).toContain('@sophy');
      expect(matchAddress('Sophy, what time is it?', left).kind).toBe('none');
      expect(matchAddress('Sofia, che ore sono?', left).kind).toBe('none');
      expect(matchAddress('@sophy what time is it?', left).kind).toBe('addressed');
      expect(matchAddress('SophyAI, what time is it?', left).kind).toBe('addressed');
      expect(matchAddress('hey Sophy AI, what time is it?', left).kind).toBe('addressed');
    },
  );

  it.each(['Marco', 'Anna Rossi', 'Rossi Sofia', '', '…', 'So'])('%s takes none', (human) => {
    expect(namesCollide(human, names)).toEqual(names);
  });

  it('holds for any name of an agent', () => {
    expect(namesCollide('Julia Weber', ['Giulia', 'giulia bot'])).toEqual(['@giulia', 'giulia bot']);
  });
});
