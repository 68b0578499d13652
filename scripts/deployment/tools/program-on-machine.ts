/** A program that a test needs, where it already is. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The first of these files that can be run. */
export function firstExecutable(files: readonly string[]): string | undefined {
  return files.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** `name` in each directory of a PATH. */
export function onPath(name: string, path: string): readonly string[] {
  return path
    .split(delimiter)
    .filter(Boolean)
    .map((directory) => join(directory, name));
}
