/** The real livekit-server reads the production files: an unknown key would be an error. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { locateLivekitServer } from '../start/find-livekit-server.ts';
import { runProgram } from '../start/run-program.ts';

test.each([
  'livekit.yaml',
  'k8s/base/media/livekit-configuration.yaml',
  'k8s/overlays/prod/livekit-configuration.yaml',
])('livekit-server accepts %s and listens on the published ports', async (name) => {
  const tools = resolve(import.meta.dirname, '../../.sophy/tools');
  const program =
    process.env['LIVEKIT_SERVER_BIN'] ??
    locateLivekitServer(process.env['PATH'] ?? '', tools) ??
    'livekit-server';
  const text = readFileSync(resolve(import.meta.dirname, '../..', name), 'utf8');
  const { code, output } = await runProgram(program, ['ports'], {
    environment: {
      PATH: process.env['PATH'],
      // With true it asks a STUN server for its address before anything else, which a test cannot reach.
      LIVEKIT_CONFIG: text.replace('use_external_ip: true', 'use_external_ip: false'),
      LIVEKIT_KEYS: `sophy: ${'s'.repeat(40)}`,
      LIVEKIT_WEBHOOK_API_KEY: 'sophy',
    },
  });
  for (const port of ['7880', '7881', '7882']) expect(output).toContain(port);
  expect(code).toBe(0);
});
