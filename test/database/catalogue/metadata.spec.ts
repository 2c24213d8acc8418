import { mergedObservation, type ProjectMetadataRow } from '@almagest/catalogue-db';
import { type ProjectMetadata, projectMetadataSchema } from '@almagest/contracts';
import { Outbox } from '@almagest/messaging';
import type { DataSource } from 'typeorm';
import { MetadataRepository } from '../../../apps/catalogue/metadata/metadata.repository';
import { MetadataService } from '../../../apps/catalogue/metadata/metadata.service';
import { historyEntry, recordedMetadata } from '../../../apps/catalogue/metadata/shown-metadata';
import { quiet, TestDatabase } from '../../harness/test-database';

const PROJECT = '2013.1.09999.S';
const RESULT = '8a7e1c55-0b62-4f70-9f3a-0d6f6f1f1c01';

describe('the metadata of a project', () => {
  let db: TestDatabase;
  let source: DataSource;
  let service: MetadataService;
  const repository = new MetadataRepository();

  beforeAll(async () => {
    db = await TestDatabase.create();
    source = await db.open('catalogue');
    service = new MetadataService(source, repository, new Outbox('catalogue'), quiet);
  });
  beforeEach(() => source.query('TRUNCATE catalogue.project_metadata, catalogue.outbox'));
  afterAll(() => db.drop());

  const document = (revision: number, title: string, others: Partial<ProjectMetadata> = {}): ProjectMetadata =>
    projectMetadataSchema.parse({ revision, title, ...others });
  const put = (revision: number, title: string) => service.put(PROJECT, document(revision, title), 'service:pipeline');
  const state = (revision: number, title: string): Promise<void> =>
    source.transaction((manager) => service.stated(manager, PROJECT, document(revision, title), RESULT));
  const history = (): Promise<ProjectMetadataRow[]> => repository.history(source.manager, PROJECT, null, 100);
  const announced = async (): Promise<unknown[]> =>
    (
      await db.rows<{ title: string }>(
        `SELECT payload -> 'data' -> 'metadata' ->> 'title' AS title FROM catalogue.outbox ORDER BY position`,
      )
    ).map(({ title }) => title);

  it('are recorded and announced once per revision, however often and concurrently they are put', async () => {
    const rows = await Promise.all(Array.from({ length: 20 }, () => put(1, 'first')));
    expect(new Set(rows.map(({ content }) => content.title))).toEqual(new Set(['first']));
    await put(2, 'second');
    expect((await put(1, 'first')).content.title).toBe('second');
    expect(await announced()).toEqual(['first', 'second']);
    expect((await history()).map(({ revision }) => revision)).toEqual([2, 1]);
  });

  it('cannot be put with other content under a recorded revision, or with a revision below the newest', async () => {
    await put(3, 'third');
    await expect(put(3, 'other')).rejects.toMatchObject({
      code: 'catalogue.metadata-conflict',
      detail: { differences: [{ pointer: '/title', recorded: 'third', posted: 'other' }] },
    });
    await expect(put(2, 'second')).rejects.toMatchObject({ code: 'catalogue.metadata-superseded' });
    expect(await announced()).toEqual(['third']);
    expect(await history()).toHaveLength(1);
  });

  it('of QA2 results end with the newest revision in any order, and other content is kept as refused', async () => {
    for (const [revision, title] of [
      [2, 'second'],
      [1, 'first'],
      [2, 'other'],
      [2, 'other'],
      [2, 'second'],
    ] as const) {
      await state(revision, title);
    }
    const rows = await history();
    const [, , current] = rows;
    if (current === undefined) throw new Error('no current metadata');
    const entries = rows.map((row) => historyEntry(row, current, true));
    expect(entries.map((entry) => [entry.metadata.title, entry.state, entry.by])).toEqual([
      ['other', 'refused', RESULT],
      ['first', 'replaced', RESULT],
      ['second', 'current', RESULT],
    ]);
    expect(await announced()).toEqual(['second']);
  });

  it('are announced without the names of people unless these may be shown', async () => {
    const pi = { name: 'Henrietta Leavitt' };
    await service.put(PROJECT, document(1, 'shown', { pi, showNames: true }), 'service:pipeline');
    await service.put(PROJECT, document(2, 'hidden', { pi, coInvestigators: ['Annie Cannon'] }), 'service:pipeline');
    const [newest, oldest] = await history();
    if (newest === undefined || oldest === undefined) throw new Error('not recorded');
    const rows = await db.rows<{ metadata: unknown }>(
      `SELECT payload -> 'data' -> 'metadata' AS metadata FROM catalogue.outbox ORDER BY position`,
    );
    expect(rows.map(({ metadata }) => metadata)).toEqual([
      { revision: 1, title: 'shown', pi },
      { revision: 2, title: 'hidden' },
    ]);
    expect(recordedMetadata(newest, newest, true).metadata.pi).toEqual(pi);
    // The newest revision hides the names in the older one, too.
    expect(historyEntry(oldest, newest, false)).toMatchObject({ namesShown: false, metadata: { title: 'shown' } });
    expect(JSON.stringify(historyEntry(oldest, newest, false))).not.toContain('Leavitt');
    expect(recordedMetadata(oldest, oldest, false).metadata.pi).toEqual(pi);
  });

  it('replace what a QA2 result states about an execution block, value by value', () => {
    expect(mergedObservation({ pwv: 1, exposure: 60 }, { pwv: 2 })).toEqual({ pwv: 2, exposure: 60 });
    expect(mergedObservation(null, undefined)).toBeNull();
  });
});
