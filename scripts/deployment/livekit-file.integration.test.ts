/** The real livekit-server reads the production file: an unknown key would be an error. */
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { locateLivekitServer } from '../start/find-livekit-server.ts';
import { runProgram } from '../start/run-program.ts';

test('livekit-server accepts livekit.yaml and listens on the published ports', async () => {
  const tools = resolve(import.meta.dirname, '../../.sophy/tools');
  const program =
    process.env['LIVEKIT_SERVER_BIN'] ??
    locateLivekitServer(process.env['PATH'] ?? '', tools) ??
    'livekit-server';
  const file = resolve(import.meta.dirname, '../../livekit.yaml');
  const { code, output } = await runProgram(program, ['--config', file, 'ports'], {
    environment: {
      PATH: process.env['PATH'],
      LIVEKIT_KEYS: `sophy: ${'s'.repeat(40)}`,
      LIVEKIT_WEBHOOK_API_KEY: 'sophy',
    },
  });
  expect(output).toContain('7880');
  expect(output).toContain('7881');
  expect(output).toContain('7882');
  expect(code).toBe(0);
});
