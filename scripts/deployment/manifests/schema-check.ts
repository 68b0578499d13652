/**
 * Whether objects fit the schemas that Kubernetes and KEDA publish. Two readings of them, from `kubernetes-models`: the
 * JSON schemas, which know what is required and which values are allowed, and the types, which know every field, so that
 * a misspelt one is found.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { RenderedObject } from './rendered-object.ts';

/** A module of `kubernetes-models` holds a class for each kind, and functions that are of no use here. */
const modelsSchema = z
  .custom<Record<string, unknown>>((value) => typeof value === 'object')
  .transform((module) => ({ ...module }))
  .pipe(z.record(z.string(), z.custom<new (data: unknown) => { validate(): void }>()));

/** One line for each object that the JSON schemas refuse. */
export async function schemaProblems(objects: readonly RenderedObject[]): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const object of objects) {
    const models = new Map(Object.entries(modelsSchema.parse(await import(moduleOf(object)))));
    const Model = models.get(object.kind);
    if (Model === undefined) {
      problems.push(`${labelOf(object)}: there is no ${object.kind} in ${object.apiVersion}`);
      continue;
    }
    try {
      new Model(object).validate();
    } catch (error) {
      problems.push(`${labelOf(object)}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return problems;
}

/** What the TypeScript compiler says to the objects as literals: unknown fields among it. Empty when all is well. */
export function typeProblems(root: string, objects: readonly RenderedObject[]): string {
  // Below this folder, where the models can be imported from.
  const folder = mkdtempSync(join(import.meta.dirname, 'types-'));
  try {
    const lines = objects.map((object, index) => {
      const type = `import('${moduleOf(object)}').I${object.kind}`;
      return `// ${labelOf(object)}\nexport const object${index}: ${type} = ${JSON.stringify(object, null, 1)};`;
    });
    writeFileSync(join(folder, 'objects.ts'), lines.join('\n'));
    const compilerOptions = { noEmit: true, strict: true, skipLibCheck: true, types: [], module: 'nodenext' };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['objects.ts'] }));
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [join(root, 'node_modules/typescript/bin/tsc'), '--project', folder, '--pretty', 'false'],
      { encoding: 'utf8' },
    );
    return `${stdout}${stderr}`.trim();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function moduleOf({ apiVersion }: RenderedObject): string {
  return apiVersion.startsWith('keda.sh/')
    ? `@kubernetes-models/keda/${apiVersion}`
    : `kubernetes-models/${apiVersion}`;
}

function labelOf({ kind, metadata }: RenderedObject): string {
  return `${kind} ${metadata.namespace}/${metadata.name}`;
}
