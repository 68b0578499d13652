import { describe, expect, test } from 'vitest';
import { type Endpoint, isConnectionAllowed } from './network-policy.ts';
import type { RenderedObject } from './rendered-object.ts';

const policy = (name: string, spec: unknown, namespace = 'ours'): RenderedObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace, labels: {} },
  spec,
});
const pod = (app: string, namespace = 'ours'): Endpoint => ({ namespace, labels: { app } });
const can = (policies: readonly RenderedObject[], from: Endpoint, to: Endpoint, port = 80): boolean =>
  isConnectionAllowed(policies, { from, to, port, protocol: 'TCP' });

const deny = policy('deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
const webOut = policy('web-out', {
  podSelector: { matchLabels: { app: 'web' } },
  policyTypes: ['Egress'],
  egress: [{ to: [{ podSelector: { matchLabels: { app: 'data' } } }], ports: [{ port: 80 }] }],
});
const dataIn = policy('data-in', {
  podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['data', 'cache'] }] },
  policyTypes: ['Ingress'],
  ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }], ports: [{ port: 80 }] }],
});

describe('a connection', () => {
  test('is open where no policy selects either end', () => {
    expect(can([], pod('web'), pod('data'))).toBe(true);
    expect(can([policy('deny', deny.spec, 'theirs')], pod('web'), pod('data'))).toBe(true);
  });

  test('needs leave at both ends', () => {
    expect(can([deny], pod('web'), pod('data'))).toBe(false);
    expect(can([deny, webOut], pod('web'), pod('data'))).toBe(false);
    expect(can([deny, dataIn], pod('web'), pod('data'))).toBe(false);
    expect(can([deny, webOut, dataIn], pod('web'), pod('data'))).toBe(true);
  });

  test('is open for the port and the pods that are named, and no other', () => {
    const all = [deny, webOut, dataIn];
    expect(can(all, pod('web'), pod('data'), 81)).toBe(false);
    expect(can(all, pod('web'), pod('cache'))).toBe(false);
    expect(can(all, pod('data'), pod('web'))).toBe(false);
    expect(isConnectionAllowed(all, { from: pod('web'), to: pod('data'), port: 80, protocol: 'UDP' })).toBe(
      false,
    );
  });

  test('a selector of pods alone means those of the own namespace', () => {
    expect(can([deny, dataIn], pod('web', 'theirs'), pod('data'))).toBe(false);
  });

  test('an address is inside a range but not in its holes', () => {
    const out = policy('out', {
      podSelector: {},
      policyTypes: ['Egress'],
      egress: [
        { to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.0.0/16'] } }], ports: [{ port: 80 }] },
      ],
    });
    expect(can([deny, out], pod('web'), { address: '203.0.113.7' })).toBe(true);
    expect(can([deny, out], pod('web'), { address: '169.254.169.254' })).toBe(false);
    // Network plug-ins differ on whether a range holds pods. Nothing here relies on it.
    expect(can([deny, out], pod('web'), pod('data'))).toBe(false);
  });

  test('a rule that opens to all is refused as a mistake', () => {
    const open = policy('open', {
      podSelector: {},
      policyTypes: ['Egress'],
      egress: [{ to: [], ports: [] }],
    });
    expect(() => can([open], pod('web'), pod('data'))).toThrow();
  });
});
