import { allowMigrations, migrate } from '@almagest/platform';
import { TestDatabase } from '../../harness/test-database';

describe('a service that may not change its tables (MIGRATE_AT_START=false)', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await TestDatabase.create();
  });
  beforeEach(() => allowMigrations(false));
  afterEach(() => allowMigrations(true));
  afterAll(() => database.drop());

  it('starts if the tables are up to date', async () => {
    await expect(migrate(await database.open('intake'))).resolves.toBeUndefined();
  });

  it('reports the missing migrations and changes nothing', async () => {
    const source = await database.open('notifier');
    const [last] = await database.rows<{ name: string }>(
      `DELETE FROM notifier.migrations WHERE id = (SELECT max(id) FROM notifier.migrations) RETURNING name`,
    );
    await expect(migrate(source)).rejects.toMatchObject({
      code: 'platform.migrations-pending',
      message: expect.stringContaining(`missing: ${last?.name}`) as string,
    });
    await database.rows('DROP SCHEMA notifier CASCADE');
    await expect(migrate(source)).rejects.toMatchObject({ code: 'platform.migrations-pending' });
    expect(await database.rows(`SELECT FROM pg_namespace WHERE nspname = 'notifier'`)).toEqual([]);
  });
});
