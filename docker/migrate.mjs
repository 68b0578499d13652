/** Brings the database at DATABASE_URL to the newest shape, then ends: the one-shot service `migrate`. */
import { migrate } from '../packages/db/src/migrate.ts';

const url = process.env.DATABASE_URL;
if (!url) {
  process.stderr.write('DATABASE_URL: is required\n');
  process.exit(78);
}
await migrate(url);
