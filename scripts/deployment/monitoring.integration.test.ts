/** Prometheus's own tool reads the rules and plays them; the real LiveKit server names its metrics. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { expect, test, vi } from 'vitest';
import { locateLivekitServer } from '../start/find-livekit-server.ts';
import { choosePort } from '../start/ports.ts';
import { runProgram } from '../start/run-program.ts';
import { livekitMetrics } from './monitoring/known-metrics.ts';
import { deploymentTool } from './tools/prepare-deployment-tools.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = resolve(root, 'monitoring/prometheus');
const promtool = (...args: readonly string[]) => runProgram(deploymentTool('promtool', root), args);

test('Prometheus reads its configuration and the rules', async () => {
  const configuration = await promtool('check', 'config', '--syntax-only', resolve(folder, 'prometheus.yml'));
  expect(configuration).toMatchObject({ code: 0 });
  const rules = ['alerts', 'recording'].map((name) => resolve(folder, `rules/${name}.yml`));
  expect(await promtool('check', 'rules', ...rules)).toMatchObject({ code: 0 });
});

test('each alert fires when it should, and not before', async () => {
  const { code, output } = await promtool('test', 'rules', resolve(folder, 'tests/alerts.yml'));
  expect(output).toContain('SUCCESS');
  expect(code).toBe(0);
});

test('the metrics of LiveKit that dashboards show are those of the real server', async () => {
  const program =
    process.env['LIVEKIT_SERVER_BIN'] ??
    locateLivekitServer(process.env['PATH'] ?? '', resolve(root, '.sophy/tools')) ??
    'livekit-server';
  const host = '127.0.0.1';
  const [port, tcpPort, metricsPort] = [
    await choosePort(0, { host }),
    await choosePort(0, { host }),
    await choosePort(0, { host }),
  ];
  const udpPort = await choosePort(0, { host, transport: 'udp' });
  // YAML is a superset of JSON.
  const configuration = JSON.stringify({
    port,
    bind_addresses: [host],
    prometheus: { port: metricsPort },
    keys: { sophy: 's'.repeat(40) },
    rtc: { udp_port: udpPort, tcp_port: tcpPort, node_ip: host, enable_loopback_candidate: true },
  });
  const server = spawn(program, [], { env: { LIVEKIT_CONFIG: configuration }, stdio: 'ignore' });
  try {
    const text = await vi.waitFor(async () => (await fetch(`http://${host}:${metricsPort}/metrics`)).text(), {
      timeout: 15_000,
      interval: 100,
    });
    for (const name of livekitMetrics) expect(text).toMatch(new RegExp(`^${name}\\{[^}]*node_type=`, 'm'));
  } finally {
    server.kill('SIGKILL');
    await once(server, 'exit');
  }
});
