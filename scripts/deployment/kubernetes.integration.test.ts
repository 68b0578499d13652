/** Rules of the manifests below `k8s`, checked on what kustomize renders. No cluster takes part. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { environmentDocs, parseEnvironment } from '@sophy/contracts/environment';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { engineVariables } from './manifests/engine-variables.ts';
import { type Endpoint, isConnectionAllowed } from './manifests/network-policy.ts';
import {
  type Container,
  type RenderedObject,
  render,
  type Workload,
  workloadsOf,
} from './manifests/rendered-object.ts';
import { schemaProblems, typeProblems } from './manifests/schema-check.ts';

const root = resolve(import.meta.dirname, '../..');
const folders = [
  'overlays/dev',
  'overlays/prod',
  'overlays/prod-without-keda',
  'overlays/monitoring',
] as const;
const rendered = new Map(folders.map((folder) => [folder, render(root, folder)]));
const objectsOf = (folder: (typeof folders)[number]): readonly RenderedObject[] => rendered.get(folder) ?? [];
const pools = ['overlays/dev', 'overlays/prod', 'overlays/prod-without-keda'] as const;

function workload(folder: (typeof folders)[number], name: string): Workload {
  const found = workloadsOf(objectsOf(folder)).find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`k8s/${folder} has no workload ${name}`);
  return found;
}
function onlyContainer(folder: (typeof folders)[number], name: string): Container {
  const [container, ...more] = workload(folder, name).template.spec.containers;
  if (container === undefined || more.length > 0) throw new Error(`${name} has not exactly one container`);
  return container;
}
const containersOf = ({ template: { spec } }: Workload): readonly Container[] => [
  ...spec.initContainers,
  ...spec.containers,
];
const variableOf = (container: Container, variable: string): string | undefined =>
  container.env.find(({ name }) => name === variable)?.value;

/** The variables of a secret, as its example lists them. */
const namesIn = (secret: string): readonly string[] =>
  [
    ...readFileSync(resolve(root, `k8s/secrets/${secret}.example.env`), 'utf8').matchAll(/^([A-Z_]+)=$/gm),
  ].map((match) => match[1] ?? '');

/** The environment of a container: config maps, then its own variables; secrets as values that could be theirs. */
function environmentOf(objects: readonly RenderedObject[], container: Container, namespace: string) {
  const data = (name: string): Record<string, string> => {
    const map = objects.find((object) => object.kind === 'ConfigMap' && object.metadata.name === name);
    if (map?.metadata.namespace !== namespace) throw new Error(`there is no config map ${namespace}/${name}`);
    return map.data ?? {};
  };
  const secrets: Readonly<Record<string, string>> = {
    DATABASE_URL: 'postgres://sophy:secret@postgres:5432/sophy',
    REDIS_URL: 'redis://:secret@redis:6379',
    SECRETS_KEY: Buffer.alloc(32).toString('base64'),
  };
  const environment: Record<string, string> = {};
  for (const { configMapRef, secretRef } of container.envFrom) {
    if (configMapRef !== undefined) Object.assign(environment, data(configMapRef.name));
    if (secretRef !== undefined) for (const key of namesIn(secretRef.name)) environment[key] = 's'.repeat(40);
  }
  for (const { name, value, valueFrom } of container.env) {
    const { configMapKeyRef, secretKeyRef } = valueFrom ?? {};
    environment[name] =
      value ??
      (configMapKeyRef === undefined ? undefined : data(configMapKeyRef.name)[configMapKeyRef.key]) ??
      (secretKeyRef === undefined ? '' : (secrets[secretKeyRef.key] ?? 's'.repeat(40)));
  }
  return environment;
}

describe('schemas', () => {
  test('every object fits the schema of its kind, and has no field that the schema does not know', async () => {
    const objects = folders.flatMap(objectsOf);
    expect(objects.length).toBeGreaterThan(120);
    expect(await schemaProblems(objects)).toEqual([]);
    expect(typeProblems(root, objects)).toBe('');
  });

  test('a wrong value, a misspelt field and an unknown kind are found', async () => {
    const service: RenderedObject = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'x', namespace: 'y', labels: {} },
      spec: { ports: [{ port: 'http' }] },
    };
    expect(await schemaProblems([service, { ...service, kind: 'Servise' }])).toEqual([
      expect.stringContaining('port must be integer'),
      'Servise y/x: there is no Servise in v1',
    ]);
    expect(typeProblems(root, [{ ...service, spec: { selectors: { a: 'b' } } }])).toContain('"selectors"');
  });
});

describe.each(folders)('k8s/%s', (folder) => {
  const objects = objectsOf(folder);
  const workloads = workloadsOf(objects);

  test('holds no secret, and asks only for keys that an example names', () => {
    expect(objects.filter(({ kind }) => kind === 'Secret')).toEqual([]);
    for (const { secretKeyRef } of workloads
      .flatMap(containersOf)
      .flatMap(({ env }) => env.map(({ valueFrom }) => valueFrom ?? {}))) {
      if (secretKeyRef === undefined) continue;
      expect(namesIn(secretKeyRef.name)).toContain(secretKeyRef.key);
    }
  });

  test.each(workloads.map((spec) => [spec.name, spec] as const))(
    '%s is as closed as a pod can be',
    (name, spec) => {
      const pod = spec.template.spec;
      expect(pod).toMatchObject({
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        hostNetwork: name === 'livekit',
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      });
      expect(pod.securityContext).not.toHaveProperty('runAsUser', 0);
      for (const container of containersOf(spec)) {
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
        expect(container.resources.limits).toHaveProperty('memory');
        expect(Object.keys(container.resources.requests).sort()).toEqual(['cpu', 'memory']);
        expect(container.image).toMatch(/:v?\d+\.\d+(\.\d+)?$/);
      }
      expect(pod.volumes.filter((volume) => 'hostPath' in volume)).toEqual([]);
    },
  );

  test('every namespace with pods says how closed they are, and only LiveKit is let out', () => {
    for (const { namespace, name } of workloads) {
      const found = objects.find(({ kind, metadata }) => kind === 'Namespace' && metadata.name === namespace);
      expect(found?.metadata.labels).toMatchObject({
        'pod-security.kubernetes.io/enforce': name === 'livekit' ? 'privileged' : 'restricted',
      });
    }
  });

  test('every selector finds pods, and every port of a service is one of theirs', () => {
    const selectorSchema = z.object({ matchLabels: z.record(z.string(), z.string()).default({}) });
    const podsFor = (namespace: string, labels: Readonly<Record<string, string>>): readonly Workload[] =>
      workloads.filter(
        (spec) =>
          spec.namespace === namespace &&
          Object.entries(labels).every(([key, value]) => spec.template.metadata.labels[key] === value),
      );
    for (const spec of workloads) {
      expect(podsFor(spec.namespace, spec.selector.matchLabels)).toEqual([spec]);
    }
    for (const { kind, metadata, spec } of objects) {
      if (kind === 'PodDisruptionBudget') {
        const { selector } = z.object({ selector: selectorSchema }).parse(spec);
        expect(podsFor(metadata.namespace, selector.matchLabels)).toHaveLength(1);
      }
      if (kind === 'NetworkPolicy') {
        const { podSelector } = z.object({ podSelector: selectorSchema }).parse(spec);
        expect(podsFor(metadata.namespace, podSelector.matchLabels)).not.toEqual([]);
      }
      if (kind === 'Service') {
        const service = z
          .object({
            selector: z.record(z.string(), z.string()),
            ports: z.array(z.object({ port: z.number(), targetPort: z.string() })),
          })
          .parse(spec);
        const [pods, ...more] = podsFor(metadata.namespace, service.selector);
        expect(more).toEqual([]);
        const open = pods?.template.spec.containers.flatMap(({ ports }) => ports) ?? [];
        for (const { port, targetPort } of service.ports) {
          expect(open).toContainEqual({ name: targetPort, containerPort: port, protocol: 'TCP' });
        }
      }
    }
  });

  test.each(workloads.map((spec) => [spec.name, spec] as const))(
    '%s is probed, at ports that it has',
    (_name, spec) => {
      for (const container of spec.template.spec.containers) {
        for (const probe of [container.startupProbe, container.readinessProbe, container.livenessProbe]) {
          expect(probe).toBeDefined();
          const port = probe?.httpGet?.port ?? probe?.tcpSocket?.port;
          if (port !== undefined) expect(container.ports.map(({ name }) => name)).toContain(port);
        }
      }
    },
  );

  test('whatever is writable is a volume', () => {
    for (const spec of workloads) {
      for (const container of containersOf(spec)) {
        const volumes = new Set(spec.template.spec.volumes.map(({ name }) => name));
        const dataDirectory = variableOf(container, 'SOPHY_DATA_DIR');
        if (dataDirectory !== undefined) {
          const paths = container.volumeMounts.map(({ mountPath }) => mountPath);
          expect(paths.some((path) => dataDirectory.startsWith(path))).toBe(true);
        }
        for (const { name } of container.volumeMounts) {
          // Claims of a StatefulSet are not among the volumes.
          if (spec.kind !== 'StatefulSet') expect(volumes).toContain(name);
        }
      }
    }
  });
});

describe.each(pools)('the pool of k8s/%s', (folder) => {
  const objects = objectsOf(folder);

  test('an agent that must go has time to hand its calls over', () => {
    const drainSeconds = Number(variableOf(onlyContainer(folder, 'worker'), 'WORKER_DRAIN_SECONDS'));
    const { terminationGracePeriodSeconds } = workload(folder, 'worker').template.spec;
    expect(drainSeconds).toBeGreaterThan(0);
    expect(terminationGracePeriodSeconds).toBeGreaterThanOrEqual(drainSeconds + 120);
  });

  test.each(['api', 'worker'])('an upgrade of %s starts the new before it ends the old', (name) => {
    expect(workload(folder, name).strategy.rollingUpdate).toEqual({ maxUnavailable: 0, maxSurge: 1 });
  });

  test.each(['api', 'worker', 'engines'])('%s gets an environment that it accepts', (name) => {
    const spec = workload(folder, name);
    for (const container of spec.template.spec.containers) {
      const environment = environmentOf(objects, container, spec.namespace);
      expect(Object.keys(environment).filter((variable) => !(variable in environmentDocs))).toEqual([]);
      const required = name === 'engines' ? [] : (['DATABASE_URL', 'LIVEKIT_URL', 'SECRETS_KEY'] as const);
      expect(parseEnvironment(environment, required)).toMatchObject({ ok: true });
    }
  });

  test.each(['api', 'worker'])('%s gets the choice of every engine, and keys that may be absent', (name) => {
    const container = onlyContainer(folder, name);
    const environment = environmentOf(objects, container, workload(folder, name).namespace);
    expect(engineVariables.filter((variable) => !(variable in environment))).toEqual([]);
    const secrets = container.envFrom.flatMap(({ secretRef }) =>
      secretRef === undefined ? [] : [secretRef],
    );
    expect(secrets).toEqual([{ name: 'sophy-engines', optional: true }]);
    const keys = engineVariables.filter((variable) => variable.endsWith('_API_KEY'));
    expect(namesIn('sophy-engines').toSorted()).toEqual(keys.toSorted());
  });

  test.each([
    ['api', 'WEB_PORT', 'http'],
    ['worker', 'WORKER_PORT', 'health'],
    ['worker', 'WORKER_METRICS_PORT', 'metrics'],
    ['engines', 'ENGINES_PORT', 'http'],
  ])('the open port of %s is its %s', (name, variable, port) => {
    const container = onlyContainer(folder, name);
    const environment = environmentOf(objects, container, workload(folder, name).namespace);
    expect(container.ports.find((candidate) => candidate.name === port)?.containerPort).toBe(
      Number(environment[variable]),
    );
  });

  test('no agent and no page is ended or hidden because LiveKit or a database is away', () => {
    const worker = onlyContainer(folder, 'worker');
    const alive = { httpGet: { path: '/livez', port: 'metrics' } };
    expect([worker.startupProbe, worker.livenessProbe]).toEqual([alive, alive]);
    expect(worker.readinessProbe).toEqual({ httpGet: { path: '/', port: 'health' } });
    const api = onlyContainer(folder, 'api');
    for (const probe of [api.startupProbe, api.readinessProbe, api.livenessProbe]) {
      expect(probe?.httpGet?.path).toMatch(/^\/(livez|api\/health)$/);
    }
    expect(onlyContainer(folder, 'livekit').livenessProbe).toEqual({ tcpSocket: { port: 'signal' } });
  });

  test('each part of which several may run has a budget for disruptions', () => {
    const budgets = objects
      .filter(({ kind }) => kind === 'PodDisruptionBudget')
      .map(({ metadata }) => metadata.name);
    expect(budgets.sort()).toEqual(['api', 'engines', 'livekit', 'worker']);
  });

  test('each namespace denies by default, both ways', () => {
    for (const namespace of ['sophy', 'sophy-media']) {
      const found = objects.find(
        ({ kind, metadata }) =>
          kind === 'NetworkPolicy' && metadata.namespace === namespace && metadata.name === 'default-deny',
      );
      expect(found?.spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    }
  });

  const pod = (name: string, namespace = 'sophy'): Endpoint => ({
    namespace,
    labels: { 'app.kubernetes.io/name': name },
  });
  const node: Endpoint = { address: '10.1.2.3' };
  const internet: Endpoint = { address: '203.0.113.7' };
  const cloudMetadata: Endpoint = { address: '169.254.169.254' };
  const names: Endpoint = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };
  const controller = pod('ingress-nginx', 'ingress-nginx');
  const prometheus = pod('prometheus', 'sophy-monitoring');
  const isDev = folder === 'overlays/dev';
  const postgres = isDev ? pod('postgres') : node;
  const redis = isDev ? pod('redis') : node;
  const can = (from: Endpoint, to: Endpoint, port: number, protocol: 'TCP' | 'UDP' = 'TCP'): boolean =>
    isConnectionAllowed(objects, { from, to, port, protocol });

  test('every connection that a call needs is open', () => {
    const needed = {
      'people to the API': can(controller, pod('api'), 8080),
      'API to Postgres': can(pod('api'), postgres, 5432),
      'API to Redis': can(pod('api'), redis, 6379),
      'API to LiveKit': can(pod('api'), node, 7880),
      'API to the engines': can(pod('api'), pod('engines'), 8090),
      'API to engines outside': can(pod('api'), internet, 443),
      'worker to Postgres': can(pod('worker'), postgres, 5432),
      'worker to Redis': can(pod('worker'), redis, 6379),
      'worker to LiveKit': can(pod('worker'), node, 7880),
      'worker to media over TCP': can(pod('worker'), node, 7881),
      'worker to media over UDP': can(pod('worker'), node, 7882, 'UDP'),
      'worker to the engines': can(pod('worker'), pod('engines'), 8090),
      'worker to engines outside': can(pod('worker'), internet, 443),
      'models from outside': can(pod('engines'), internet, 443),
      'names for the worker': can(pod('worker'), names, 53, 'UDP') && can(pod('worker'), names, 53),
      'figures of the API': can(prometheus, pod('api'), 8080),
      'figures of the worker': can(prometheus, pod('worker'), 9091),
      'figures of the engines': can(prometheus, pod('engines'), 8090),
    };
    expect(Object.entries(needed).filter(([, isOpen]) => !isOpen)).toEqual([]);
  });

  test('and no other', () => {
    const forbidden = {
      'the metadata service, by the worker': can(pod('worker'), cloudMetadata, 443),
      'the metadata service, by the API': can(pod('api'), cloudMetadata, 443),
      'the metadata service, by the engines': can(pod('engines'), cloudMetadata, 443),
      'anybody to the API': can(pod('anything', 'default'), pod('api'), 8080),
      'anybody to the engines': can(pod('anything', 'default'), pod('engines'), 8090),
      'anybody to the figures': can(pod('anything', 'default'), pod('worker'), 9091),
      'the ingress to the worker': can(controller, pod('worker'), 8081),
      'the ingress to the engines': can(controller, pod('engines'), 8090),
      'engines to Redis': can(pod('engines'), redis, 6379),
      'worker to the API': can(pod('worker'), pod('api'), 8080),
      'engines to Postgres': can(pod('engines'), postgres, 5432),
      'engines to the worker': can(pod('engines'), pod('worker'), 8081),
      'worker to ssh': can(pod('worker'), internet, 22),
      'API to Postgres on the internet': can(pod('api'), internet, 5432),
    };
    expect(Object.entries(forbidden).filter(([, isOpen]) => isOpen)).toEqual([]);
  });
});

describe('figures', () => {
  const objects = [...objectsOf('overlays/prod'), ...objectsOf('overlays/monitoring')];
  const pod = (name: string, namespace: string): Endpoint => ({
    namespace,
    labels: { 'app.kubernetes.io/name': name },
  });
  const node: Endpoint = { address: '10.1.2.3' };
  const can = (from: Endpoint, to: Endpoint, port: number): boolean =>
    isConnectionAllowed(objects, { from, to, port, protocol: 'TCP' });

  test('Prometheus finds the pods of each part under the name that compose uses too, and may read them', () => {
    const prometheusSchema = z.object({
      scrape_configs: z.array(
        z.object({
          dns_sd_configs: z.tuple([z.object({ names: z.tuple([z.string()]), port: z.number() })]),
        }),
      ),
    });
    const { scrape_configs } = prometheusSchema.parse(
      parse(readFileSync(resolve(root, 'monitoring/prometheus/prometheus.yml'), 'utf8')),
    );
    expect(scrape_configs).toHaveLength(4);
    for (const {
      dns_sd_configs: [{ names, port }],
    } of scrape_configs) {
      const service = objects.find(({ kind, metadata }) => kind === 'Service' && metadata.name === names[0]);
      expect(service?.spec).toMatchObject({
        clusterIP: 'None',
        publishNotReadyAddresses: true,
        ports: [{ port }],
      });
      const { selector } = z.object({ selector: z.record(z.string(), z.string()) }).parse(service?.spec);
      const namespace = service?.metadata.namespace ?? '';
      const target = namespace === 'sophy-media' ? node : { namespace, labels: selector };
      expect([names[0], can(pod('prometheus', 'sophy-monitoring'), target, port)]).toEqual([names[0], true]);
    }
  });

  test('Grafana and the autoscaler read Prometheus, and nobody else does', () => {
    const prometheus = pod('prometheus', 'sophy-monitoring');
    expect(can(pod('grafana', 'sophy-monitoring'), prometheus, 9090)).toBe(true);
    expect(can(pod('keda-operator', 'keda'), prometheus, 9090)).toBe(true);
    expect(can(pod('anything', 'default'), prometheus, 9090)).toBe(false);
    expect(can(pod('worker', 'sophy'), prometheus, 9090)).toBe(false);
    expect(can(prometheus, { address: '169.254.169.254' }, 6789)).toBe(false);
    expect(can(prometheus, { address: '203.0.113.7' }, 443)).toBe(false);
  });
});

describe('autoscaling', () => {
  const minimum = z.object({ minReplicaCount: z.number(), maxReplicaCount: z.number() });
  const scaledObjectSchema = minimum.extend({
    scaleTargetRef: z.object({ name: z.string() }),
    triggers: z.tuple([
      z.object({ metadata: z.object({ serverAddress: z.url(), query: z.string(), threshold: z.string() }) }),
    ]),
  });

  test('KEDA counts in slots of a worker, by a figure that Prometheus records', () => {
    const found = objectsOf('overlays/prod').find(({ kind }) => kind === 'ScaledObject');
    const { scaleTargetRef, minReplicaCount, triggers } = scaledObjectSchema.parse(found?.spec);
    expect(scaleTargetRef.name).toBe('worker');
    // Handing over takes somebody to hand over to.
    expect(minReplicaCount).toBeGreaterThanOrEqual(2);
    const { query, threshold, serverAddress } = triggers[0].metadata;
    expect(threshold).toBe(variableOf(onlyContainer('overlays/prod', 'worker'), 'WORKER_SLOTS'));
    const rules = parse(readFileSync(resolve(root, 'monitoring/prometheus/rules/recording.yml'), 'utf8'));
    expect(JSON.stringify(rules)).toContain(`"record":"${query}"`);
    const service = objectsOf('overlays/monitoring').find(
      ({ kind, metadata }) => kind === 'Service' && metadata.name === 'prometheus',
    );
    expect(new URL(serverAddress).host).toBe(`prometheus.${service?.metadata.namespace}.svc:9090`);
  });

  test('one of the two autoscalers, and nobody else, says how many workers run', () => {
    const scalers = (folder: (typeof pools)[number]): readonly string[] =>
      objectsOf(folder)
        .map(({ kind }) => kind)
        .filter((kind) => ['ScaledObject', 'HorizontalPodAutoscaler'].includes(kind));
    expect(scalers('overlays/prod')).toEqual(['ScaledObject']);
    expect(scalers('overlays/prod-without-keda')).toEqual(['HorizontalPodAutoscaler']);
    for (const folder of ['overlays/prod', 'overlays/prod-without-keda'] as const) {
      expect(workload(folder, 'worker').replicas).toBeUndefined();
    }
  });
});
