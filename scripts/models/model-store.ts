/** The model directory: its manifest, and models put in place whole or not at all. */
import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ModelManifest,
  modelManifestFileName,
  modelManifestSchema,
  type StoredModel,
} from '@sophy/contracts/model-manifest';
import { sha256OfFile } from './checksum.ts';
import { ModelFetchError } from './model-fetch-error.ts';

const emptyManifest: ModelManifest = { version: 1, models: [], missing: [] };

/** The manifest without models whose files are gone; a damaged manifest counts as none. Takes a few milliseconds. */
export async function readManifest(directory: string): Promise<ModelManifest> {
  const path = join(directory, modelManifestFileName);
  if (!existsSync(path)) return emptyManifest;
  const parsed = modelManifestSchema.safeParse(parseJson(await readFile(path, 'utf8')));
  if (!parsed.success) return emptyManifest;
  return { ...parsed.data, models: parsed.data.models.filter((model) => isWhole(directory, model)) };
}

export async function writeManifest(directory: string, manifest: ModelManifest): Promise<void> {
  const path = join(directory, modelManifestFileName);
  await writeFile(`${path}.part`, `${JSON.stringify(manifest, undefined, 2)}\n`);
  await rename(`${path}.part`, path);
}

/** Size and presence of each file; contents were checked before the model got its place. */
function isWhole(directory: string, model: StoredModel): boolean {
  return model.files.every((file) => {
    const found = statSync(join(directory, model.directory, file.name), { throwIfNoEntry: false });
    return found?.size === file.bytes;
  });
}

/** Identifies how a model is made, so that a changed pin is fetched again. */
export function recipeFingerprint(recipe: unknown): string {
  return createHash('sha256').update(JSON.stringify(recipe)).digest('hex');
}

/** Checks finished files against their pins and describes them. Throws `ModelFetchError` checksum-mismatch. */
export async function describeFiles(
  directory: string,
  files: readonly { readonly name: string; readonly sha256: string | undefined }[],
): Promise<StoredModel['files']> {
  const described: StoredModel['files'] = [];
  for (const { name, sha256 } of files) {
    const path = join(directory, name);
    const actual = await sha256OfFile(path);
    if (sha256 !== undefined && actual !== sha256) {
      throw new ModelFetchError(
        'checksum-mismatch',
        `${name} was made with checksum ${actual} instead of ${sha256}. Start again; if it stays, the catalogue of scripts/models no longer fits its sources.`,
      );
    }
    described.push({ name, bytes: (await stat(path)).size, sha256: actual });
  }
  return described;
}

/** Moves a finished directory to its place, in one rename. */
export async function putInPlace(finished: string, place: string): Promise<void> {
  await rm(place, { recursive: true, force: true });
  await rename(finished, place);
}

/** Space that a program may still fill on the disk of a directory, bytes. */
export async function freeDiskBytes(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}

/** Throws `ModelFetchError` disk-full before anything is downloaded. */
export async function requireFreeSpace(
  directory: string,
  title: string,
  bytes: number,
  measure: (directory: string) => Promise<number> = freeDiskBytes,
): Promise<void> {
  await mkdir(directory, { recursive: true });
  const freeBytes = await measure(directory);
  if (freeBytes >= bytes) return;
  throw new ModelFetchError(
    'disk-full',
    `${title} needs ${megabytes(bytes)} of free disk space in ${directory}, and ${megabytes(freeBytes)} are free. Free some or set SOPHY_DATA_DIR to another disk.`,
  );
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1_000_000)} MB`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
