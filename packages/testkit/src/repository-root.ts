/** Where this repository is on the machine that runs the tests. */
import { join, resolve } from 'node:path';

export const repositoryRoot = resolve(import.meta.dirname, '../../..');
/** Models, tools and caches; shared with `npm start`. */
export const dataDirectory = join(repositoryRoot, '.sophy');
