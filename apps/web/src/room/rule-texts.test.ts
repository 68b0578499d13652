import { decisionActions, waitReasons } from '@sophy/contracts/room-messages';
import { createInstance, type i18n } from 'i18next';
import { expect, test } from 'vitest';
import english from '../locales/en.json';
import italian from '../locales/it.json';
import { evidencePairs } from './evidence.ts';
import { actionTexts, nowTexts, ruleInWords, ruleTexts, waitTexts } from './rule-texts.ts';

/** Every rule that the policy names in a decision. */
const rules = [
  ...['own-voice', 'heard-twice', 'held', 'back-channel', 'addressed', 'wake', 'raised-hand'],
  ...['to-somebody-else', 'wake-window', 'follow-up', 'forced', 'only-human', 'record-only'],
  ...['answer-now', 'private', 'greeting'],
  ...['may-not-interrupt', 'stop-word', 'side-talk', 'answer-to-question', 'real-words', 'noise'],
  ...['short-speech', 'lasting-speech', 'speaks-first', 'patience-over', 'left'],
  ...['stop-request', 'room-empty', 'asker-left', 'too-late', 'queue-full', 'drain'],
];

async function textsIn(lng: 'en' | 'it'): Promise<i18n> {
  const texts = createInstance();
  await texts.init({
    lng,
    resources: { en: { translation: english }, it: { translation: italian } },
    interpolation: { escapeValue: false },
  });
  return texts;
}

test.each(['en', 'it'] as const)('every rule, action and wait has its own words in %s', async (lng) => {
  const { t } = await textsIn(lng);
  const inWords = rules.map((rule) => ruleInWords(rule, (text) => t(text)));
  expect(new Set(inWords).size).toBe(rules.length);
  for (const [index, rule] of rules.entries()) {
    expect(inWords[index], rule).not.toContain('rules.');
  }
  expect(Object.keys(ruleTexts).sort()).toEqual(rules.toSorted());
  for (const action of decisionActions) {
    expect(t(actionTexts[action])).not.toContain('actions.');
    const now = t(nowTexts[action], { name: 'Bo', rule: 'why' });
    expect(now).toContain('Bo');
    expect(now).toContain('why');
  }
  for (const reason of waitReasons) expect(t(waitTexts[reason])).not.toContain('waiting.');
});

test('a rule of a newer service keeps its name, readable', async () => {
  const { t } = await textsIn('it');
  expect(ruleInWords('full-moon-rule', (text) => t(text))).toBe('full moon rule');
});

test('evidence shows times in ms in the manner of the language, and unknown facts under their names', async () => {
  const { t } = await textsIn('it');
  const evidence = {
    waitMs: 1_350.4,
    likeness: 0.876,
    lastTurnMs: 12,
    isDucked: true,
    matched: 'Sofi',
    cause: '',
    windowUntilMs: 5,
  };
  expect(evidencePairs(evidence, (text) => t(text), 'it').map(({ label, value }) => [label, value])).toEqual([
    ['Pausa da attendere', '1350 ms'],
    ['Somiglia alla sua voce', '0,88'],
    ['last turn', '12 ms'],
    ['is ducked', 'sì'],
    ['Sentito come nome', 'Sofi'],
  ]);
});
