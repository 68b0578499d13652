import { settingsSchema } from '@sophy/contracts/settings';
import { expect, it } from 'vitest';
import { ttsCatalog } from './engine-catalog.ts';
import type { TtsEntry } from './engine-entry.ts';
import { voiceOfEngine } from './voice-of-engine.ts';

const edge: TtsEntry = { ...ttsCatalog.edge, defaultVoice: (language) => `default ${language}` };
const settings = (changes: Record<string, unknown>) => settingsSchema.parse(changes);

it('the voice that is set belongs to the chosen engine and to no other', () => {
  const set = { tts_voice: 'anna', tts_voices: { edge: 'elsa' } };
  expect(voiceOfEngine(settings({ ...set, tts_engine: 'edge' }), edge, 'it')).toBe('anna');
  expect(voiceOfEngine(settings({ ...set, tts_engine: 'local' }), edge, 'it')).toBe('elsa');
});

it('an engine speaks with its voice for the language, else its voice, else its default', () => {
  const of = (tts_voices: Record<string, string>, language: string | undefined) =>
    voiceOfEngine(settings({ tts_engine: 'edge', tts_voices }), edge, language);
  const both = { 'edge:it': 'elsa', edge: 'jenny', 'cartesia:it': 'no' };
  expect(of(both, 'it')).toBe('elsa');
  expect(of(both, 'en')).toBe('jenny');
  expect(of(both, undefined)).toBe('jenny');
  expect(of({ 'edge:it': 'elsa' }, 'en')).toBe('default en');
  expect(of({}, undefined)).toBe('default undefined');
});
