import { parseEnvironment } from '@sophy/contracts/environment';
import { describe, expect, test } from 'vitest';
import { childEnvironment, type PartAddresses } from './child-environment.ts';

const addresses: PartAddresses = {
  dataDirectory: '/srv/sophy data',
  webPort: 8090,
  databaseUrl: 'postgres://sophy:word@127.0.0.1:54320/sophy',
  livekit: { url: 'ws://127.0.0.1:7880', publicUrl: undefined, apiKey: 'key', apiSecret: 's'.repeat(32) },
  enginesUrl: 'http://127.0.0.1:8091/v1',
  enginesPort: 8091,
  workerPort: 8082,
  secretsKey: Buffer.alloc(32).toString('base64'),
  usesOllama: false,
};

describe('environment of the children', () => {
  test('names every part, in the words of the schema', () => {
    const parsed = parseEnvironment(childEnvironment({}, addresses));
    expect(parsed).toMatchObject({
      ok: true,
      environment: {
        SOPHY_DATA_DIR: '/srv/sophy data',
        WEB_PORT: 8090,
        DATABASE_URL: addresses.databaseUrl,
        LIVEKIT_URL: 'ws://127.0.0.1:7880',
        ENGINES_URL: 'http://127.0.0.1:8091/v1',
        ENGINES_PORT: 8091,
        WORKER_PORT: 8082,
      },
    });
  });

  test('keeps what the person set, but not the channel of the launcher or the alias of the port', () => {
    const raw = { LOG_LEVEL: 'debug', PORT: '9000', NODE_CHANNEL_FD: '3', npm_config_registry: 'x' };
    const environment = childEnvironment(raw, addresses);
    expect(environment).toMatchObject({ LOG_LEVEL: 'debug', WEB_PORT: '8090' });
    expect(Object.keys(environment).filter((name) => /PORT$|CHANNEL|npm/.test(name))).toEqual([
      'WEB_PORT',
      'ENGINES_PORT',
      'WORKER_PORT',
    ]);
  });

  test('makes Ollama the brain when it was found', () => {
    expect(childEnvironment({}, { ...addresses, usesOllama: true })['LLM_ENGINE']).toBe('ollama');
    expect(childEnvironment({}, addresses)['LLM_ENGINE']).toBeUndefined();
  });
});
