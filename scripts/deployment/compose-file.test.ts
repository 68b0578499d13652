/** Rules of `docker-compose.yml` that the linter does not know. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { environmentDocs } from '@sophy/contracts/environment';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

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

  test('publishes the pages, the API and the media, and nothing else', () => {
    const published = services.flatMap(([name, spec]) => spec.ports.map(() => name));
    expect([...new Set(published)].sort()).toEqual(['api', 'livekit', 'sip']);
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

  test('the telephone is optional', () => {
    expect(services.filter(([, spec]) => spec.profiles.length > 0).map(([name]) => name)).toEqual(['sip']);
  });
});
