/** Rules of `docker-compose.yml` that the linter does not know. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { environmentDocs } from '@sophy/contracts/environment';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { engineVariables } from './manifests/engine-variables.ts';

const root = resolve(import.meta.dirname, '../..');
const text = readFileSync(resolve(root, 'docker-compose.yml'), 'utf8');

const serviceSchema = z.object({
  image: z.string(),
  build: z.object({ dockerfile: z.string() }).optional(),
  user: z.string().optional(),
  read_only: z.boolean(),
  cap_drop: z.array(z.string()),
  security_opt: z.array(z.string()),
  logging: z.object({ options: z.record(z.string(), z.string()) }),
  environment: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  volumes: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.object({ test: z.array(z.string()).optional(), disable: z.boolean().optional() }),
  profiles: z.array(z.string()).default([]),
  networks: z.object({ default: z.object({ aliases: z.array(z.string()) }) }).optional(),
  stop_grace_period: z.string().optional(),
  container_name: z.undefined().optional(),
});
const compose = z
  .object({ services: z.record(z.string(), serviceSchema) })
  .parse(parse(text, { merge: true }));
const services = Object.entries(compose.services);
const service = (name: string): z.infer<typeof serviceSchema> => {
  const found = compose.services[name];
  if (found === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  return found;
};

/** Explained at the head of the file: they mean something to compose and not to our processes. */
const composeVariables = new Set(['POSTGRES_PASSWORD', 'REDIS_PASSWORD', 'NODE_IP']);
const ours = ['api', 'worker', 'engines'] as const;

describe('docker-compose.yml', () => {
  test.each(ours)('%s gets only variables that the schema knows', (name) => {
    const known = new Set(Object.keys(environmentDocs));
    expect(Object.keys(service(name).environment).filter((variable) => !known.has(variable))).toEqual([]);
  });

  test.each(['api', 'worker'])('%s gets the choice and the keys of every engine', (name) => {
    const given = Object.keys(service(name).environment);
    expect(engineVariables.filter((variable) => !given.includes(variable))).toEqual([]);
  });

  test('asks only for variables that are explained somewhere', () => {
    const asked = [...text.matchAll(/(?<!\$)\$\{([A-Z0-9_]+)/g)].map((match) => match[1] ?? '');
    const known = new Set([...Object.keys(environmentDocs), ...composeVariables]);
    expect(asked.filter((variable) => !known.has(variable))).toEqual([]);
    for (const variable of composeVariables) expect(text.split('\nname:')[0]).toContain(variable);
  });

  test('holds no secret: each one must be set', () => {
    const secrets = /\$\{[A-Z_]*(PASSWORD|SECRET|SECRETS_KEY)[A-Z_]*(:-|\})/g;
    expect(text.match(secrets)).toBeNull();
  });

  test.each(services)(
    '%s is hardened: read-only, no capability, no new privilege, a limited log',
    (_name, spec) => {
      expect(spec.read_only).toBe(true);
      expect(spec.cap_drop).toEqual(['ALL']);
      expect(spec.security_opt).toEqual(['no-new-privileges:true']);
      expect(Object.keys(spec.logging.options).sort()).toEqual(['max-file', 'max-size']);
    },
  );

  test.each(services)('%s has an image of a fixed version', (_name, spec) => {
    expect(spec.image).toMatch(/:v?\d+\.\d+(\.\d+)?$/);
  });

  test.each(services)('%s runs as an ordinary user', (_name, spec) => {
    // Our own images name their user in the Dockerfile.
    if (spec.image.startsWith('sophy-fleet-')) expect(spec.user).toBeUndefined();
    else expect(spec.user).toMatch(/^(?!root|0)/);
  });

  test('publishes the pages, the API and the media, figures to this machine, and nothing else', () => {
    const published = services.flatMap(([name, spec]) => spec.ports.map(() => name));
    expect([...new Set(published)].sort()).toEqual(['api', 'grafana', 'livekit', 'sip']);
    expect(service('grafana').ports).toEqual(['127.0.0.1:3000:3000']);
  });

  test('any number of workers can run: nothing that only one can have is given to them', () => {
    const { ports, environment, volumes } = service('worker');
    expect(ports).toEqual([]);
    // Two copies of a fixed name in the fleet would be taken for one; each finds its own.
    expect(Object.keys(environment).filter((name) => name.endsWith('_ID'))).toEqual([]);
    expect(volumes).toEqual([`worker-data:${environment['SOPHY_DATA_DIR']}`]);
  });

  test('a worker that must go has time to hand its calls over', () => {
    const drainSeconds = Number(
      /:-(\d+)/.exec(String(service('worker').environment['WORKER_DRAIN_SECONDS']))?.[1],
    );
    const [, minutes] = /^(\d+)m$/.exec(service('worker').stop_grace_period ?? '') ?? [];
    expect(Number(minutes) * 60).toBeGreaterThanOrEqual(drainSeconds + 120);
  });

  test('a worker is not called ill because LiveKit is away', () => {
    const { environment, healthcheck } = service('worker');
    expect(healthcheck.test?.at(-1)).toContain(`:${environment['WORKER_METRICS_PORT']}/livez`);
  });

  test('Prometheus finds every copy of each part', () => {
    const prometheusSchema = z.object({
      scrape_configs: z.array(
        z.object({
          job_name: z.string(),
          dns_sd_configs: z.tuple([z.object({ names: z.tuple([z.string()]), port: z.number() })]),
        }),
      ),
    });
    const { scrape_configs: jobs } = prometheusSchema.parse(
      parse(readFileSync(resolve(root, 'monitoring/prometheus/prometheus.yml'), 'utf8')),
    );
    const ports = { api: 'WEB_PORT', worker: 'WORKER_METRICS_PORT', engines: 'ENGINES_PORT' };
    expect(jobs.map(({ job_name }) => job_name).sort()).toEqual(['livekit', ...Object.keys(ports)].sort());
    for (const { job_name, dns_sd_configs } of jobs) {
      const [{ names, port }] = dns_sd_configs;
      expect(service(job_name).networks?.default.aliases).toEqual(names);
      const variable = new Map(Object.entries(ports)).get(job_name);
      if (variable !== undefined) expect(service(job_name).environment[variable]).toBe(String(port));
    }
  });

  test('every file that is mounted is there', () => {
    const files = services.flatMap(([, spec]) => spec.volumes).filter((volume) => volume.startsWith('./'));
    // The folder for certificates may be missing: Docker makes it.
    for (const file of files.filter((volume) => !volume.startsWith('./certs:'))) {
      expect(existsSync(resolve(root, file.split(':')[0] ?? ''))).toBe(true);
    }
  });

  test('every part that others wait for has a health check or ends by itself', () => {
    for (const [, spec] of services) {
      for (const [name, { condition }] of Object.entries(spec.depends_on)) {
        const isChecked = service(name).healthcheck.test !== undefined;
        expect([name, condition]).toEqual([
          name,
          isChecked ? 'service_healthy' : 'service_completed_successfully',
        ]);
      }
    }
  });

  test('nobody holds the door to the machine', () => {
    expect(
      services.flatMap(([, spec]) => spec.volumes).filter((volume) => volume.includes('docker.sock')),
    ).toEqual([]);
  });

  test('the telephone and the figures are optional', () => {
    const optional = services.filter(([, spec]) => spec.profiles.length > 0);
    expect(optional.map(([name, { profiles }]) => [name, profiles])).toEqual([
      ['sip', ['sip']],
      ['prometheus', ['monitoring']],
      ['grafana', ['monitoring']],
    ]);
  });
});
