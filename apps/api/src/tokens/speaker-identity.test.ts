import { parseAgentIdentity } from '@sophy/contracts/job-metadata';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { identitySlug, isAgentName, speakerIdentity } from './speaker-identity.ts';

describe('identity of a person', () => {
  test.each([
    ['Niccolò Rossi', 'niccolo-rossi'],
    ['  Anna  ', 'anna'],
    ['李雷', 'guest'],
    ['!!!', 'guest'],
    ['Agent Smith', 'guest-agent-smith'],
    ['x'.repeat(64), 'x'.repeat(32)],
  ])('%s', (name, slug) => {
    expect(identitySlug(name)).toBe(slug);
  });

  test('no name makes an identity of an agent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.boolean(), (text, pretends) => {
        const identity = speakerIdentity(pretends ? `agent-${text}` : text, '0a1b2c3d');
        expect(identity).toMatch(/^[a-z0-9-]+$/);
        expect(identity.startsWith('agent')).toBe(false);
        expect(parseAgentIdentity(identity)).toBeUndefined();
      }),
    );
  });

  test.each(['agent-1', 'AGENT-x', ' Ａgent-x'])('%s could pass for an agent', (name) => {
    expect(isAgentName(name)).toBe(true);
  });

  test('the word alone is a name like any other', () => {
    expect(isAgentName('Agent Smith')).toBe(false);
  });
});
