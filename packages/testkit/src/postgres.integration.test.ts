import { openDatabase } from '@sophy/db/database';
import { expect, test } from 'vitest';
import { createTestDatabase } from './postgres.ts';

test('two test databases are migrated and do not see each other', async () => {
  const [first, second] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  const one = openDatabase({ url: first.url });
  const two = openDatabase({ url: second.url });
  try {
    await one.kysely.insertInto('chats').values({ title: 'only here' }).execute();
    expect(await one.kysely.selectFrom('chats').select('title').execute()).toEqual([{ title: 'only here' }]);
    expect(await two.kysely.selectFrom('chats').select('title').execute()).toEqual([]);
  } finally {
    await Promise.all([one.close(), two.close()]);
    await Promise.all([first.drop(), second.drop()]);
  }
});

test('a dropped test database is gone, also with somebody connected', async () => {
  const database = await createTestDatabase();
  const onConnectionLost = () => undefined;
  const open = openDatabase({ url: database.url, onConnectionLost });
  await open.pool.query('SELECT 1');
  await database.drop();
  await open.close();
  const again = openDatabase({ url: database.url });
  await expect(again.pool.query('SELECT 1')).rejects.toThrow(/does not exist/);
  await again.close();
});
