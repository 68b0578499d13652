/**
 * Writes `.env.example` from the configuration schema.
 *
 *   node scripts/environment-example.ts           # writes it
 *   node scripts/environment-example.ts --check   # exits 1 when it is not up to date
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { renderEnvironmentExample } from './check/render-environment-example.ts';

const file = resolve(import.meta.dirname, '..', '.env.example');
const wanted = renderEnvironmentExample();
const found = existsSync(file) ? readFileSync(file, 'utf8') : '';

if (!process.argv.includes('--check')) {
  writeFileSync(file, wanted);
} else if (found !== wanted) {
  process.stderr.write(
    '.env.example does not say what the schema says: run node scripts/environment-example.ts\n',
  );
  process.exitCode = 1;
}
