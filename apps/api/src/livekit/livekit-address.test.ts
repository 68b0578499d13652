import { describe, expect, test } from 'vitest';
import { livekitHttpUrl, livekitUrlFor } from './livekit-address.ts';

describe('address of LiveKit for the client', () => {
  const local = { url: 'ws://127.0.0.1:7880', publicUrl: undefined };

  test.each([
    [local, 'localhost:8080', 'ws://127.0.0.1:7880'],
    [local, '192.168.1.5:8080', 'ws://192.168.1.5:7880'],
    [local, 'box.lan', 'ws://box.lan:7880'],
    [local, undefined, 'ws://127.0.0.1:7880'],
    [local, 'not a host/', 'ws://127.0.0.1:7880'],
    [{ url: 'wss://lk.example.org', publicUrl: undefined }, '192.168.1.5:8080', 'wss://lk.example.org'],
    [
      { url: 'ws://127.0.0.1:7880', publicUrl: 'wss://lk.example.org' },
      '192.168.1.5',
      'wss://lk.example.org',
    ],
  ])('%j reached as %s', (addresses, host, expected) => {
    expect(livekitUrlFor(addresses, { host, isSecure: false })).toBe(expected);
  });

  const started = { url: 'ws://127.0.0.1:7880', publicUrl: 'ws://192.168.1.5:7880' };
  test.each([
    [local, '192.168.1.5:8443', 'wss://192.168.1.5:8443'],
    [local, '[fd00::1]:8443', 'wss://[fd00::1]:8443'],
    [started, '192.168.1.5:8443', 'wss://192.168.1.5:8443'],
    [started, "x; script-src 'none'", 'ws://192.168.1.5:7880'],
    [started, 'x;script-src', 'ws://192.168.1.5:7880'],
    [local, undefined, 'ws://127.0.0.1:7880'],
    [{ url: 'wss://lk.example.org', publicUrl: undefined }, '192.168.1.5:8443', 'wss://lk.example.org'],
    [
      { url: 'ws://127.0.0.1:7880', publicUrl: 'wss://lk.example.org' },
      '192.168.1.5:8443',
      'wss://lk.example.org',
    ],
  ])('%j reached over HTTPS as %s', (addresses, host, expected) => {
    expect(livekitUrlFor(addresses, { host, isSecure: true })).toBe(expected);
  });

  test('the server is called over HTTP with the same safety', () => {
    expect(livekitHttpUrl('ws://a:1')).toBe('http://a:1');
    expect(livekitHttpUrl('wss://a')).toBe('https://a');
  });
});
