/** The product as a bench runs it: its own database, engines of known delay or the local ones. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SettingsPatch } from '@sophy/contracts/settings';
import { startEmbeddedPostgres } from '@sophy/db/embedded-postgres';
import { migrate } from '@sophy/db/migrate';
import { type Product, type ProductEngines, startProduct } from '@sophy/testkit/product';

/** Starts everything, runs `work`, and stops everything whatever happens. */
export async function withProduct<T>(
  options: {
    engines: ProductEngines;
    settings?: SettingsPatch;
    env?: Readonly<Record<string, string>>;
  },
  work: (product: Product) => Promise<T>,
): Promise<T> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'sophy-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDirectory });
  try {
    await migrate(postgres.url);
    const product = await startProduct({ ...options, databaseUrl: postgres.url });
    try {
      return await work(product);
    } catch (error) {
      console.error(product.logs());
      throw error;
    } finally {
      await product.stop();
    }
  } finally {
    await postgres.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  }
}
