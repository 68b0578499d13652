import { settingsSchema } from '@sophy/contracts/settings';
import { describe, expect, test } from 'vitest';
import { maskSecret, maskSettings } from './masked-settings.ts';
import { settingsConflicts } from './settings-conflicts.ts';

const defaults = settingsSchema.parse({});

describe('settings that do not fit together', () => {
  test('the defaults fit', () => {
    expect(settingsConflicts(defaults)).toEqual([]);
  });

  test.each([
    [{ stt_engine: 'openai' }, 'stt_base_url'],
    [{ stt_engine: 'openai-realtime' }, 'stt_base_url'],
    [{ llm_provider: 'openai' }, 'llm_base_url'],
    [{ tts_engine: 'openai' }, 'tts_base_url'],
    [{ tts_base_url: 'ftp://files.example' }, 'tts_base_url'],
    [{ llm_base_url: 'javascript:alert(1)' }, 'llm_base_url'],
    [{ endpointing_min_ms: 3_000 }, 'endpointing_min_ms'],
  ])('%j names %s', (patch, field) => {
    const conflicts = settingsConflicts(settingsSchema.parse({ ...defaults, ...patch }));
    expect(conflicts).toHaveLength(1);
    expect(conflicts[0]).toMatch(new RegExp(`^${field}: `));
  });

  test('an engine with its address fits', () => {
    const settings = { ...defaults, llm_provider: 'openai', llm_base_url: 'http://127.0.0.1:1/v1' } as const;
    expect(settingsConflicts(settings)).toEqual([]);
  });
});

describe('masks', () => {
  test('show four characters of a long secret and none of a short one', () => {
    expect(maskSecret('sk-0123456789')).toEqual({ set: true, last4: '6789' });
    expect(maskSecret('12345678')).toEqual({ set: true, last4: '' });
    expect(maskSecret('')).toEqual({ set: false, last4: '' });
  });

  test('cover every secret', () => {
    const secret = 'sk-very-secret-9999';
    const masked = maskSettings({
      ...defaults,
      stt_api_key: secret,
      llm_api_key: secret,
      tts_api_key: secret,
      openrouter_api_key: secret,
    });
    expect(JSON.stringify(masked)).not.toContain(secret);
  });
});
