import { CatalogueReader } from '@almagest/catalogue-db';
import type { DataSource } from 'typeorm';
import { ContentRepository } from '../../../apps/search/content/content.repository';
import { ContentService } from '../../../apps/search/content/content.service';
import { CoverageRepository } from '../../../apps/search/coverage/coverage.repository';
import { RebuildService } from '../../../apps/search/rebuild/rebuild.service';
import { A, B, Fixture, GROUP } from '../upkeep/fixture';

describe('a rebuild of search', () => {
  let archive: Fixture;
  let source: DataSource;
  let rebuilds: RebuildService;

  beforeAll(async () => {
    archive = await Fixture.create();
    source = await archive.db.open('search');
    const catalogue = new CatalogueReader(archive.source);
    const content = new ContentService(new ContentRepository(), new CoverageRepository(source), catalogue);
    rebuilds = new RebuildService(source, catalogue, content);
  });
  afterAll(() => archive.close());

  const rebuild = async (): Promise<unknown> => {
    const { id } = await rebuilds.request();
    await rebuilds.run(id, archive.never);
    const { state, deliveries, removed } = (await rebuilds.find(id)) ?? {};
    return { state, deliveries, removed };
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
    expect(await rebuild()).toEqual({ state: 'done', deliveries: 3, removed: 0 });
    expect(await shown()).toEqual(['Xa2 1', 'Xa3 2', 'Xa4 1']);
    await source.query('DELETE FROM search.observation');
    await archive.fail(B, 2);
    expect(await rebuild()).toEqual({ state: 'done', deliveries: 2, removed: 1 });
    expect(await shown()).toEqual(['Xa2 1', 'Xa3 2']);
    expect(await changes()).toEqual(['added Xa2', 'added Xa3', 'added Xa4', 'withdrawn Xa4']);
  });

  it('shows again what a rebuild beside an empty catalogue has removed', async () => {
    const [{ delivery_id: id } = { delivery_id: '' }] = await archive.db.rows<{ delivery_id: string }>(
      'SELECT delivery_id FROM catalogue.obs_unit_set WHERE uid = $1',
      [A],
    );
    const setDelivery = (value: string | null): Promise<unknown> =>
      archive.source.query('UPDATE catalogue.obs_unit_set SET delivery_id = $2 WHERE uid = $1', [A, value]);
    await setDelivery(null);
    expect(await rebuild()).toEqual({ state: 'done', deliveries: 1, removed: 1 });
    await setDelivery(id);
    expect(await rebuild()).toEqual({ state: 'done', deliveries: 2, removed: 0 });
    expect(await shown()).toEqual(['Xa2 1', 'Xa3 2']);
    expect((await changes()).slice(4)).toEqual(['withdrawn Xa3', 'added Xa3']);
  });
});
