/** espeak-ng-data for Piper, taken out of the npm package that also speaks Italian: no download, no system package. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import createEspeak, { type EspeakModule } from '@echogarden/espeak-ng-emscripten';

const packagedPath = '/usr/share/espeak-ng-data';

/** What the catalogue says of it. `treeSha256` is `sha256OfDirectory`. */
export const espeakData = {
  id: 'espeak-ng-data',
  title: 'espeak-ng phoneme data',
  license: 'GPL-3.0',
  treeSha256: '90e6e5db6580dd13240284b22a7a7b2cdeb0de3a6696b19c44dcdcaefad84c28',
  /** Some of its 459 files, by which a start sees that the directory is whole. */
  files: ['phondata', 'phonindex', 'phontab', 'intonations', 'en_dict', 'it_dict'],
  diskBytes: 30_000_000,
} as const;

export async function writeEspeakData(directory: string): Promise<void> {
  const espeak = await createEspeak();
  await copyDirectory(espeak.FS, packagedPath, directory);
}

async function copyDirectory(files: EspeakModule['FS'], from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of files.readdir(from)) {
    if (name === '.' || name === '..') continue;
    const source = `${from}/${name}`;
    if (files.isDir(files.stat(source).mode)) await copyDirectory(files, source, join(to, name));
    else await writeFile(join(to, name), files.readFile(source));
  }
}
