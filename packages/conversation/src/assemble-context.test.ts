import { turnIdSchema } from '@sophy/contracts/ids';
import { describe, expect, it } from 'vitest';
import { assembleContext, type ContextMessage } from './assemble-context.ts';

const settings = { system_prompt: 'Be brief.', context_injection: '', history_messages: 20 };
const turn = { turnId: turnIdSchema.parse('t9'), name: 'Anna', text: 'And tomorrow?' };
const past: ContextMessage[] = [
  { role: 'user', content: 'Will it rain?', speaker: 'Anna', turnId: 't8' },
  { role: 'assistant', content: 'No.', speaker: null },
];

describe('context of a reply', () => {
  it('is persona, past and turn', () => {
    expect(assembleContext({ settings, history: past, turn, severalHumans: false })).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Will it rain?' },
      { role: 'assistant', content: 'No.' },
      { role: 'user', content: 'And tomorrow?' },
    ]);
  });

  it('does not double the turn when it was recorded before', () => {
    const recorded: ContextMessage = { role: 'user', content: turn.text, speaker: 'Anna', turnId: 't9' };
    expect(assembleContext({ settings, history: [...past, recorded], turn, severalHumans: false })).toEqual(
      assembleContext({ settings, history: past, turn, severalHumans: false }),
    );
  });

  it('answers the same words said twice', () => {
    const history: ContextMessage[] = [{ role: 'user', content: turn.text, speaker: 'Anna', turnId: 't7' }];
    expect(assembleContext({ settings, history, turn, severalHumans: false })).toHaveLength(3);
  });

  it('injects context after the persona', () => {
    const [system] = assembleContext({
      settings: { ...settings, context_injection: 'The office is closed.' },
      history: [],
      turn,
      severalHumans: false,
    });
    expect(system?.content).toBe('Be brief.\n\nThe office is closed.');
  });

  it('names the speakers in company and tells the model so', () => {
    const messages = assembleContext({ settings, history: past, turn, severalHumans: true });
    expect(messages[0]?.content).toContain('Several people are in the room.');
    expect(messages.slice(1).map((message) => message.content)).toEqual([
      'Anna: Will it rain?',
      'No.',
      'Anna: And tomorrow?',
    ]);
  });

  it('leaves out a reply of which nothing was heard', () => {
    const history: ContextMessage[] = [...past, { role: 'assistant', content: ' ', speaker: null }];
    expect(assembleContext({ settings, history, turn, severalHumans: false })).toHaveLength(4);
  });

  it.each([
    [0, 1],
    [1, 2],
    [4, 5],
  ])('shows at most %d past messages', (historyMessages, conversationLength) => {
    const messages = assembleContext({
      settings: { ...settings, history_messages: historyMessages },
      history: longHistory(30),
      turn,
      severalHumans: false,
    });
    expect(messages).toHaveLength(1 + conversationLength);
  });

  it('begins with the bytes of the request before on most turns, however long the call', () => {
    let kept = 0;
    let before = '';
    for (let length = 0; length < 100; length += 1) {
      const messages = assembleContext({
        settings,
        history: longHistory(length),
        turn,
        severalHumans: false,
      });
      expect(messages.length).toBeLessThanOrEqual(22);
      expect(messages.length).toBeGreaterThanOrEqual(Math.min(length, 16) + 2);
      const prefix = JSON.stringify(messages.slice(0, -1)).slice(0, -1);
      if (prefix.startsWith(before)) kept += 1;
      before = prefix;
    }
    expect(kept).toBeGreaterThanOrEqual(80);
  });

  it.each<[what: string, text: string, answer: string, language: 'en' | 'it', asked: string]>([
    ['the words tell', 'Che tempo fa domani?', 'Piove.', 'it', 'Che tempo fa domani?'],
    [
      'they are in the other language',
      'Answer in Italian please',
      'Fine.',
      'it',
      'Answer in Italian please (Rispondi in italiano.)',
    ],
    [
      'they tell nothing after an answer in the other',
      'Ok?',
      'Domani piove molto.',
      'en',
      'Ok? (Answer in English.)',
    ],
    ['they tell nothing after an answer in the same', 'Ok?', 'Domani piove molto.', 'it', 'Ok?'],
    ['nothing tells anything', 'Ok?', 'Ok.', 'it', 'Ok?'],
  ])(
    'says the language of the answer behind all that stays, where needed: %s',
    (_what, text, answer, language, asked) => {
      const history: ContextMessage[] = [
        { role: 'user', content: 'Sophy?', speaker: 'Bob', turnId: 't8' },
        { role: 'assistant', content: answer, speaker: null },
      ];
      const request = { settings, history, turn: { ...turn, text }, severalHumans: false };
      const plain = assembleContext(request);
      const told = assembleContext({ ...request, language });
      expect(told.slice(0, -1)).toEqual(plain.slice(0, -1));
      expect(told.at(-1)).toEqual({ role: 'user', content: asked });
    },
  );

  it('tells of speech marks where the voice takes them, the same in every turn', () => {
    const request = { settings, history: [], turn, severalHumans: false, takesSpeechMarks: true };
    const [system] = assembleContext(request);
    expect(system?.content).toMatch(/^Be brief\.\n\n.*\[pause 400ms\]/);
    expect(assembleContext({ ...request, turn: { ...turn, text: 'Ciao' } })[0]).toEqual(system);
  });
});

function longHistory(length: number): ContextMessage[] {
  return Array.from({ length }, (_, index) => ({
    role: index % 2 === 0 ? 'user' : 'assistant',
    content: `message ${index}`,
    speaker: index % 2 === 0 ? 'Anna' : null,
  }));
}
