import { settingsSchema } from '@sophy/contracts/settings';
import { expect, it } from 'vitest';
import { llmCatalog, sttCatalog, ttsCatalog } from './engine-catalog.ts';
import { chosenEngines, engineFingerprint, settingsOfEngine } from './engine-settings.ts';

const settings = (changes: Record<string, unknown> = {}) => settingsSchema.parse(changes);

it('each stage has its own chosen engine and those that take over', () => {
  const chosen = settings({
    stt_engine: 'deepgram',
    stt_fallbacks: ['local'],
    llm_provider: 'groq',
    llm_fallbacks: ['openrouter', 'ollama'],
    tts_engine: 'edge',
    tts_fallbacks: ['local'],
  });
  expect(chosenEngines(chosen, 'stt')).toEqual({ chosen: 'deepgram', fallbacks: ['local'] });
  expect(chosenEngines(chosen, 'llm')).toEqual({ chosen: 'groq', fallbacks: ['openrouter', 'ollama'] });
  expect(chosenEngines(chosen, 'tts')).toEqual({ chosen: 'edge', fallbacks: ['local'] });
});

it('an engine is another one when one of its own settings changes, and only then', () => {
  const before = settings({ groq_api_key: 'one', deepgram_api_key: 'one' });
  for (const [change, isSame] of [
    [{ groq_api_key: 'two' }, false],
    [{ groq_model: 'other' }, false],
    [{ deepgram_api_key: 'two' }, true],
    [{ greeting: 'Hi.' }, true],
  ] as const) {
    const after = { ...before, ...change };
    const prints = [before, after].map((one) => engineFingerprint(one, 'llm', 'groq'));
    expect(prints[0] === prints[1]).toBe(isSame);
  }
});

it('one vendor is another engine in each stage', () => {
  const set = settings();
  expect(engineFingerprint(set, 'stt', 'deepgram')).not.toBe(engineFingerprint(set, 'tts', 'deepgram'));
});

it('every engine that needs a key says so by a setting of its own', () => {
  for (const [stage, catalog] of [
    ['stt', sttCatalog],
    ['llm', llmCatalog],
    ['tts', ttsCatalog],
  ] as const)
    for (const id of Object.keys(catalog))
      for (const key of settingsOfEngine(stage, id)) expect(Object.keys(settings())).toContain(key);
  expect(settingsOfEngine('llm', 'no such engine')).toEqual([]);
});
