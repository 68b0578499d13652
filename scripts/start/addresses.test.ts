import { describe, expect, test } from 'vitest';
import { addressToOpen, localHost, reachableHost } from './addresses.ts';

const open = (host: string, publicUrl?: string, hasCertificate = false): string =>
  addressToOpen(
    { HOST: host, HTTPS_PORT: 8443, PUBLIC_URL: publicUrl },
    8080,
    hasCertificate,
    '192.168.1.20',
  );

describe('the address to open', () => {
  test.each([
    ['127.0.0.1', undefined, false, 'http://127.0.0.1:8080'],
    ['localhost', undefined, true, 'http://localhost:8080'],
    ['::1', undefined, false, 'http://[::1]:8080'],
    ['0.0.0.0', undefined, false, 'http://192.168.1.20:8080'],
    ['0.0.0.0', undefined, true, 'https://192.168.1.20:8443'],
    ['127.0.0.1', 'https://sophy.example.org', false, 'https://sophy.example.org'],
  ])('HOST %s, PUBLIC_URL %s, certificate %s: %s', (host, publicUrl, hasCertificate, address) => {
    expect(open(host, publicUrl, hasCertificate)).toBe(address);
  });
});

test('programs on this machine reach every-address servers on loopback', () => {
  expect([localHost('0.0.0.0'), localHost('::'), localHost('10.0.0.5')]).toEqual([
    '127.0.0.1',
    '[::1]',
    '10.0.0.5',
  ]);
});

test('without a network every address is loopback', () => {
  expect(reachableHost('0.0.0.0', undefined)).toBe('127.0.0.1');
});
