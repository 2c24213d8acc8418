import { allowMigrations, migrate } from '@almagest/platform';
import type { DataSource, MigrationInterface } from 'typeorm';
import { DeliveryServes1796035000000 } from '../../../migrations/catalogue/1796035000000-delivery-serves';
import { ResultServes1796035000001 } from '../../../migrations/intake/1796035000001-result-serves';
import { TestDatabase } from '../../harness/test-database';

describe('the migrations to deliveries that serve several members', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await TestDatabase.create();
  });
  afterAll(() => database.drop());

  it('keep what was recorded before', async () => {
    const [catalogue, intake] = [await database.open('catalogue'), await database.open('intake')];
    await undo(catalogue, DeliveryServes1796035000000);
    await undo(intake, ResultServes1796035000001);
    const [first, second] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'];
    const [goal, group, ous] = ['uid://A001/X1/Xa1', 'uid://A001/X1/Xa2', 'uid://A001/X1/Xa3'];
    const replaced = new Date('2015-01-02T00:00:00Z');
    for (const [id, revision, at] of [
      [first, 1, replaced],
      [second, 2, null],
    ] as const) {
      await database.rows(
        `INSERT INTO catalogue.delivery (id, project, ous, level, revision, state, outcome, mode, parts, files, bytes,
           catalogued_at, replaced_at, report)
         VALUES ($1, 'P', $2, 'member', $3, $4, 'PASS', 'analyst', 1, 1, 1, now(), $5, '{}')`,
        [id, ous, revision, at === null ? 'current' : 'replaced', at],
      );
      await database.rows(
        `INSERT INTO intake.qa2_result (id, project, group_uid, ous, level, revision, outcome, content, fingerprint, state)
         VALUES ($1, 'P', $2, $3, 'member', $4, 'PASS', $5, '', 'accepted')`,
        [id, group, ous, revision, { scienceGoal: goal }],
      );
    }
    await migrate(catalogue);
    await migrate(intake);
    expect(await database.rows('SELECT * FROM catalogue.delivery_serves ORDER BY revision')).toEqual([
      { delivery_id: first, ous, revision: 1, replaced_at: replaced },
      { delivery_id: second, ous, revision: 2, replaced_at: null },
    ]);
    expect(await database.rows('SELECT * FROM intake.qa2_result_serves ORDER BY revision')).toEqual([
      { result_id: first, ous, revision: 1, group_uid: group, science_goal: goal },
      { result_id: second, ous, revision: 2, group_uid: group, science_goal: goal },
    ]);
  });
});

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

/** Undoes a migration and those after it. */
async function undo(database: DataSource, migration: new () => MigrationInterface): Promise<void> {
  const ran = database.migrations.findIndex(({ constructor }) => constructor === migration);
  for (let left = database.migrations.length - ran; left > 0; left -= 1) await database.undoLastMigration();
}
