import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { openSecret, SecretBoxError, sealSecret } from './secret-box.ts';

const key = randomBytes(32);

describe('secret box', () => {
  test('opens what it sealed, whatever the text', () => {
    for (const plain of ['', 'sk-123', 'città ☎', 'x'.repeat(5_000)]) {
      expect(openSecret(key, 'settings:llm_api_key', sealSecret(key, 'settings:llm_api_key', plain))).toBe(
        plain,
      );
    }
  });

  test('the same secret never looks the same twice, and the plain text is not in it', () => {
    const first = sealSecret(key, 'settings:llm_api_key', 'sk-123');
    expect(first).not.toBe(sealSecret(key, 'settings:llm_api_key', 'sk-123'));
    expect(first).toMatch(/^v1\.[\w-]{8}\.[\w-]{16}\.[\w-]+\.[\w-]{22}$/);
    expect(first).not.toContain('sk-123');
  });

  test('does not open in another place, with another key, altered, or unknown', () => {
    const sealed = sealSecret(key, 'settings:llm_api_key', 'sk-123');
    const altered = sealed.replace(
      /\.([\w-])([\w-]*)\.([\w-]{22})$/,
      (_, head: string, rest: string, tag) => {
        return `.${head === 'A' ? 'B' : 'A'}${rest}.${tag}`;
      },
    );
    expect(() => openSecret(key, 'settings:stt_api_key', sealed)).toThrow(SecretBoxError);
    expect(() => openSecret(randomBytes(32), 'settings:llm_api_key', sealed)).toThrow('another SECRETS_KEY');
    expect(() => openSecret(key, 'settings:llm_api_key', altered)).toThrow('was altered');
    expect(() => openSecret(key, 'settings:llm_api_key', 'v0.a.b')).toThrow('not in a known format');
  });
});
