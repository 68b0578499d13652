import { expect, test } from 'vitest';
import { ApiError } from '../api/api-error.ts';
import { settingsProblemOf } from './settings-problem.ts';

const refused = (detail: string) => new ApiError('refused', 422, detail);

test('the part about a field is found among several and loses the internal name', () => {
  const detail = 'settings.stt_model: too long; settings.tts_speed: must be at most 2';
  expect(settingsProblemOf(refused(detail), ['tts_voice', 'tts_speed'])).toEqual({
    key: 'tts_speed',
    detail: 'must be at most 2',
  });
});

test('a name that only contains a field’s name is another setting', () => {
  expect(settingsProblemOf(refused('my_tts_model: unknown'), ['tts_model']).key).toBeNull();
});

test('a sentence without the usual form is shown whole', () => {
  expect(settingsProblemOf(refused('The setting tts_voice is unknown.'), ['tts_voice'])).toEqual({
    key: 'tts_voice',
    detail: 'The setting tts_voice is unknown.',
  });
});

test('a service that does not answer says nothing about any field', () => {
  expect(settingsProblemOf(new ApiError('unreachable', 0, ''), ['tts_voice'])).toEqual({
    key: null,
    detail: '',
  });
});

test('a semicolon inside of a reason does not cut it', () => {
  const detail = 'llm_provider: Groq answered 401; check the key. Nothing was changed.';
  expect(settingsProblemOf(refused(detail), ['llm_provider'])).toEqual({
    key: 'llm_provider',
    detail: 'Groq answered 401; check the key. Nothing was changed.',
  });
});
