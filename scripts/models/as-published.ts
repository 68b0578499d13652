/** A recipe for files that the hub publishes in the form that the engines load. */
import type { HubFile, Recipe } from './catalogue-model.ts';

export type PublishedFile = {
  /** Name in the model's directory. */
  readonly name: string;
  readonly path: string;
  /** Rounded: shown before the download, and kept free on the disk. */
  readonly bytes: number;
};

/** Without pins: each file is checked against the checksum that the hub publishes for it. */
export function asPublished(repository: string, files: readonly PublishedFile[], revision = 'main'): Recipe {
  const pieces = files.map(
    ({ name, path, bytes }): HubFile => ({ name, repository, revision, path, sha256: undefined, bytes }),
  );
  return {
    source: 'hub',
    pieces,
    assembly: { kind: 'as-is' },
    files: files.map(({ name }) => ({ name, sha256: undefined })),
    diskBytes: Math.ceil(pieces.reduce((sum, { bytes }) => sum + bytes, 0) * 1.05) + 1_000_000,
  };
}
