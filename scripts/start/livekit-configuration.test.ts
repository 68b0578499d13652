import { describe, expect, test } from 'vitest';
import { livekitConfiguration } from './livekit-configuration.ts';

const base = {
  ports: { http: 7880, rtcTcp: 7881, rtcUdp: 7882 },
  key: { apiKey: 'sophykey', apiSecret: 'a'.repeat(43) },
  webhookUrl: 'http://127.0.0.1:8080/api/livekit/webhook',
};
const configurationFor = (host: string): unknown =>
  JSON.parse(livekitConfiguration({ ...base, host }).replace(/^#.*\n/, ''));

describe('configuration of the local livekit-server', () => {
  test('on loopback offers loopback only and asks nothing outside', () => {
    expect(configurationFor('127.0.0.1')).toMatchObject({
      bind_addresses: ['127.0.0.1'],
      rtc: {
        node_ip: '127.0.0.1',
        enable_loopback_candidate: true,
        use_external_ip: false,
        stun_servers: ['127.0.0.1:3478'],
      },
      webhook: { api_key: 'sophykey', urls: [base.webhookUrl] },
      agents: { target_load: 1 },
    });
  });

  test('on every address lets phones reach it: no loopback-only address', () => {
    const configuration = configurationFor('0.0.0.0');
    expect(configuration).not.toHaveProperty('bind_addresses');
    expect(configuration).not.toHaveProperty('rtc.node_ip');
  });

  test('on one address of the network listens there and on loopback, for our own processes', () => {
    const configuration = configurationFor('192.168.1.20');
    expect(configuration).toHaveProperty('bind_addresses', ['127.0.0.1', '192.168.1.20']);
    expect(configuration).not.toHaveProperty('rtc.node_ip');
  });
});
