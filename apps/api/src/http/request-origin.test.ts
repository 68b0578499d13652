import { describe, expect, test } from 'vitest';
import { refusalOfOrigin } from './request-origin.ts';

const local = { listenHost: '127.0.0.1', publicUrl: undefined };
const behindProxy = { listenHost: '127.0.0.1', publicUrl: 'https://sophy.example.org' };
const open = { listenHost: '0.0.0.0', publicUrl: undefined };

function request(headers: Partial<Parameters<typeof refusalOfOrigin>[0]>) {
  return { method: 'POST', host: 'localhost:8080', origin: undefined, secFetchSite: undefined, ...headers };
}

describe('who may make a request', () => {
  test.each([
    ['a program without browser headers', request({}), local],
    ['the own page', request({ origin: 'http://localhost:8080', secFetchSite: 'same-origin' }), local],
    ['the own page over IPv6', request({ host: '[::1]:8080', origin: 'http://[::1]:8080' }), local],
    [
      'the public address',
      request({ host: 'sophy.example.org', origin: 'https://sophy.example.org' }),
      behindProxy,
    ],
    [
      'the public address, host rewritten by the proxy',
      request({ origin: 'https://sophy.example.org' }),
      behindProxy,
    ],
    [
      'a link from another site that only reads',
      request({ method: 'GET', secFetchSite: 'cross-site' }),
      local,
    ],
    ['any host name where the server is open', request({ host: 'box.lan:8080' }), open],
  ])('%s passes', (_, headers, rules) => {
    expect(refusalOfOrigin(headers, rules)).toBeUndefined();
  });

  test.each([
    ['a foreign origin', request({ origin: 'https://evil.example' }), local],
    ['a foreign origin on this machine', request({ origin: 'http://localhost:3000' }), local],
    ['a sandboxed page', request({ origin: 'null' }), local],
    ['a cross-site form without Origin', request({ secFetchSite: 'cross-site' }), open],
    [
      'a rebound host name',
      request({ host: 'evil.example:8080', origin: 'http://evil.example:8080' }),
      local,
    ],
    ['a rebound host name that reads', request({ method: 'GET', host: 'evil.example' }), local],
    ['a host that only looks local', request({ host: 'localhost.evil.example' }), local],
  ])('%s is refused', (_, headers, rules) => {
    expect(refusalOfOrigin(headers, rules)).toMatch(/web site|own address/);
  });
});
