/** Kubernetes objects as kustomize renders them, typed as far as the rules of this repository look into them. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { deploymentTool } from '../tools/prepare-deployment-tools.ts';

const renderedObjectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().default(''),
    labels: z.record(z.string(), z.string()).default({}),
  }),
  spec: z.unknown().optional(),
  data: z.record(z.string(), z.string()).optional(),
});
export type RenderedObject = z.infer<typeof renderedObjectSchema>;

const reference = z.object({ name: z.string(), key: z.string() });
const probeSchema = z.object({
  httpGet: z.object({ path: z.string(), port: z.union([z.string(), z.number()]) }).optional(),
  tcpSocket: z.object({ port: z.union([z.string(), z.number()]) }).optional(),
  exec: z.object({ command: z.array(z.string()) }).optional(),
});

const containerSchema = z.object({
  name: z.string(),
  image: z.string(),
  ports: z
    .array(z.object({ name: z.string(), containerPort: z.number(), protocol: z.string().default('TCP') }))
    .default([]),
  env: z
    .array(
      z.object({
        name: z.string(),
        value: z.string().optional(),
        valueFrom: z
          .object({
            secretKeyRef: reference.optional(),
            configMapKeyRef: reference.optional(),
            fieldRef: z.unknown().optional(),
          })
          .optional(),
      }),
    )
    .default([]),
  envFrom: z
    .array(
      z.object({
        configMapRef: z.object({ name: z.string() }).optional(),
        secretRef: z.object({ name: z.string(), optional: z.boolean().default(false) }).optional(),
      }),
    )
    .default([]),
  startupProbe: probeSchema.optional(),
  readinessProbe: probeSchema.optional(),
  livenessProbe: probeSchema.optional(),
  resources: z.object({
    requests: z.record(z.string(), z.string()),
    limits: z.record(z.string(), z.string()),
  }),
  securityContext: z.unknown().optional(),
  volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })).default([]),
});
export type Container = z.infer<typeof containerSchema>;

const workloadSchema = z.object({
  replicas: z.number().optional(),
  selector: z.object({ matchLabels: z.record(z.string(), z.string()) }),
  strategy: z
    .object({
      rollingUpdate: z.object({ maxUnavailable: z.number(), maxSurge: z.number() }).optional(),
    })
    .default({}),
  template: z.object({
    metadata: z.object({ labels: z.record(z.string(), z.string()) }),
    spec: z.object({
      automountServiceAccountToken: z.boolean(),
      enableServiceLinks: z.boolean(),
      hostNetwork: z.boolean().default(false),
      terminationGracePeriodSeconds: z.number(),
      securityContext: z.unknown().optional(),
      initContainers: z.array(containerSchema).default([]),
      containers: z.array(containerSchema),
      volumes: z.array(z.looseObject({ name: z.string() })).default([]),
    }),
  }),
});

/** A Deployment or a StatefulSet. */
export type Workload = z.infer<typeof workloadSchema> & {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
};

/** Objects of one folder below `k8s`. @throws Error with what kubectl said. */
export function render(root: string, folder: string): readonly RenderedObject[] {
  const { stdout, stderr, status } = spawnSync(
    deploymentTool('kubectl', root),
    ['kustomize', join(root, 'k8s', folder)],
    { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  if (status !== 0) throw new Error(`k8s/${folder} cannot be rendered: ${stderr}`);
  return parseAllDocuments(stdout).map((document) => renderedObjectSchema.parse(document.toJS()));
}

export function workloadsOf(objects: readonly RenderedObject[]): readonly Workload[] {
  return objects
    .filter(({ kind }) => ['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'Pod'].includes(kind))
    .map(({ kind, metadata: { name, namespace }, spec }) => ({
      ...workloadSchema.parse(spec),
      kind,
      name,
      namespace,
    }));
}
