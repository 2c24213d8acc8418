import { CatalogueReader } from '@almagest/catalogue-db';
import type { DataSource } from 'typeorm';
import { ContentRepository } from '../../../apps/search/content/content.repository';
import { ContentService } from '../../../apps/search/content/content.service';
import { CoverageRepository } from '../../../apps/search/coverage/coverage.repository';
import { RebuildService } from '../../../apps/search/rebuild/rebuild.service';
import { quiet } from '../../harness/test-database';
import { A, B, Fixture, GROUP } from '../upkeep/fixture';

describe('a rebuild of search', () => {
  let archive: Fixture;
  let source: DataSource;
  let rebuilds: RebuildService;

  beforeAll(async () => {
    archive = await Fixture.create();
    source = await archive.db.open('search');
    const content = new ContentService(new ContentRepository(), new CoverageRepository(source), archive.store);
    rebuilds = new RebuildService(source, new CatalogueReader(archive.source), content, quiet);
  });
  afterAll(() => archive.close());

  const rebuild = async (): Promise<unknown> => {
    const { id } = await rebuilds.request();
    await rebuilds.run(id, archive.never);
    const { state, deliveries, removed, failures } = (await rebuilds.find(id)) ?? {};
    return { state, deliveries, removed, failures };
  };
  const shown = async (): Promise<string[]> =>
    (
      await archive.db.rows<{ ous: string; revision: number }>(
        `SELECT DISTINCT ous, revision FROM search.observation JOIN search.ous USING (ous) ORDER BY ous`,
      )
    ).map(({ ous, revision }) => `${ous.slice(-3)} ${revision}`);
  const changes = async (): Promise<string[]> =>
    (
      await archive.db.rows<{ kind: string; ous_uid: string }>(
        'SELECT kind, ous_uid FROM search.change ORDER BY change_id',
      )
    ).map(({ kind, ous_uid }) => `${kind} ${ous_uid.slice(-3)}`);

  it('shows what the catalogue has, adds no change twice, and removes what the catalogue has no more', async () => {
    await archive.deliver(A, 1);
    await archive.deliver(A, 2);
    await archive.deliver(B, 1);
    await archive.deliver(GROUP, 1);
    expect(await rebuild()).toEqual({ state: 'done', deliveries: 3, removed: 0, failures: 0 });
    expect(await shown()).toEqual(['Xa2 1', 'Xa3 2', 'Xa4 1']);
    await source.query('DELETE FROM search.observation');
    await archive.fail(B, 2);
    expect(await rebuild()).toEqual({ state: 'done', deliveries: 2, removed: 1, failures: 0 });
    expect(await shown()).toEqual(['Xa2 1', 'Xa3 2']);
    expect(await changes()).toEqual(['added Xa2', 'added Xa3', 'added Xa4', 'withdrawn Xa4']);
  });

  it('leaves the rows of a delivery whose manifest is damaged as they are, and counts it', async () => {
    const damaged = await archive.deliver(B, 3);
    expect(await rebuild()).toMatchObject({ deliveries: 3 });
    await archive.store.put(damaged.manifestKey, Buffer.from('{"kind":'));
    expect(await rebuild()).toEqual({ state: 'done', deliveries: 2, removed: 0, failures: 1 });
    expect(await shown()).toEqual(['Xa2 1', 'Xa3 2', 'Xa4 3']);
  });
});
