import { describe, expect, it } from 'vitest';
import { demoLanguage } from './demo-language.ts';
import { demoPrefix, demoPrompt } from './demo-prompt.ts';

describe('demoPrompt', () => {
  it('begins with the unchanging examples of the language and ends at the label of the agent', () => {
    const prompt = demoPrompt([
      { role: 'system', content: 'You are Sophy.' },
      { role: 'user', content: 'Come stai,\noggi?' },
    ]);
    expect(prompt.startsWith(demoPrefix('it'))).toBe(true);
    expect(prompt.slice(demoPrefix('it').length)).toBe('Persona: Come stai, oggi?\nSophy:');
  });

  it('remembers the last exchange only', () => {
    const prompt = demoPrompt([
      { role: 'user', content: 'first' },
      { role: 'assistant', content: 'second' },
      { role: 'user', content: 'third' },
      { role: 'assistant', content: 'fourth' },
      { role: 'user', content: 'Where is the fifth?' },
    ]);
    expect(prompt.slice(demoPrefix('en').length)).toBe(
      'Person: third\nSophy: fourth\nPerson: Where is the fifth?\nSophy:',
    );
  });

  it('bounds a long message', () => {
    const prompt = demoPrompt([{ role: 'user', content: 'a '.repeat(10_000) }]);
    expect(prompt.length).toBeLessThan(demoPrefix('en').length + 400);
  });
});

describe('demoLanguage', () => {
  it.each([
    ['What is the capital of Italy?', 'en'],
    ['Qual è la capitale della Spagna?', 'it'],
    ['Ciao Sophy, come va?', 'it'],
    ['Hello', 'en'],
    ['Buongiorno', 'it'],
    ['42', 'en'],
  ])('takes %j for %s', (text, language) => {
    expect(demoLanguage(text)).toBe(language);
  });
});
