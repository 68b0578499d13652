/** Which connections the network policies of a cluster let through, as the Kubernetes documentation defines them. */
import { BlockList } from 'node:net';
import { z } from 'zod';
import type { RenderedObject } from './rendered-object.ts';

const selectorSchema = z.strictObject({
  matchLabels: z.record(z.string(), z.string()).default({}),
  matchExpressions: z
    .array(z.strictObject({ key: z.string(), operator: z.literal('In'), values: z.array(z.string()) }))
    .default([]),
});
const peerSchema = z.strictObject({
  podSelector: selectorSchema.optional(),
  namespaceSelector: selectorSchema.optional(),
  ipBlock: z.strictObject({ cidr: z.cidrv4(), except: z.array(z.cidrv4()).default([]) }).optional(),
});
const portSchema = z.strictObject({ port: z.number(), protocol: z.enum(['TCP', 'UDP']).default('TCP') });
const policySchema = z.strictObject({
  podSelector: selectorSchema,
  policyTypes: z.array(z.enum(['Ingress', 'Egress'])),
  // Neither may be empty: an empty list of peers or ports means "all".
  ingress: z
    .array(z.strictObject({ from: z.array(peerSchema).min(1), ports: z.array(portSchema).min(1) }))
    .default([]),
  egress: z
    .array(z.strictObject({ to: z.array(peerSchema).min(1), ports: z.array(portSchema).min(1) }))
    .default([]),
});

/** A pod by its labels, or an address outside of the pods' network (nodes among them). */
export type Endpoint =
  | { readonly namespace: string; readonly labels: Readonly<Record<string, string>> }
  | { readonly address: string };
export type Connection = {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
};

/** Whether both ends let the connection through. An end outside of the pods' network always does. */
export function isConnectionAllowed(objects: readonly RenderedObject[], connection: Connection): boolean {
  const policies = objects
    .filter(({ kind }) => kind === 'NetworkPolicy')
    .map(({ metadata, spec }) => ({ namespace: metadata.namespace, ...policySchema.parse(spec) }));
  const { from, to } = connection;
  const passes = (self: Endpoint, other: Endpoint, type: 'Ingress' | 'Egress'): boolean => {
    if ('address' in self) return true;
    const about = policies.filter(
      (policy) =>
        policy.namespace === self.namespace &&
        policy.policyTypes.includes(type) &&
        selects(policy.podSelector, self.labels),
    );
    if (about.length === 0) return true;
    return about.some((policy) =>
      (type === 'Ingress'
        ? policy.ingress.map((rule) => ({ peers: rule.from, ports: rule.ports }))
        : policy.egress.map((rule) => ({ peers: rule.to, ports: rule.ports }))
      ).some(
        ({ peers, ports }) =>
          peers.some((peer) => isPeer(peer, other, policy.namespace)) &&
          ports.some(({ port, protocol }) => port === connection.port && protocol === connection.protocol),
      ),
    );
  };
  return passes(from, to, 'Egress') && passes(to, from, 'Ingress');
}

function isPeer(peer: z.infer<typeof peerSchema>, end: Endpoint, ownNamespace: string): boolean {
  if ('address' in end) {
    if (peer.ipBlock === undefined) return false;
    const { cidr, except } = peer.ipBlock;
    return isInside(end.address, cidr) && !except.some((hole) => isInside(end.address, hole));
  }
  if (peer.ipBlock !== undefined) return false;
  const isNamespaceRight =
    peer.namespaceSelector === undefined
      ? end.namespace === ownNamespace
      : selects(peer.namespaceSelector, { 'kubernetes.io/metadata.name': end.namespace });
  return isNamespaceRight && (peer.podSelector === undefined || selects(peer.podSelector, end.labels));
}

function isInside(address: string, cidr: string): boolean {
  const [net = '', bits = ''] = cidr.split('/');
  const list = new BlockList();
  list.addSubnet(net, Number(bits));
  return list.check(address);
}

function selects(
  selector: z.infer<typeof selectorSchema>,
  labels: Readonly<Record<string, string>>,
): boolean {
  return (
    Object.entries(selector.matchLabels).every(([key, value]) => labels[key] === value) &&
    selector.matchExpressions.every(({ key, values }) => values.includes(labels[key] ?? ''))
  );
}
