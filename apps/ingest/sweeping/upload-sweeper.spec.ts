import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Qa2Result, qa2ResultSchema, storeFolder } from '@almagest/contracts';
import { DirectoryObjectStore } from '@almagest/object-store';
import { createLogger } from '@almagest/platform';
import type { DeliveriesRepository } from '../deliveries/deliveries.repository';
import { IngestConfig } from '../ingest.config';
import type { RecoveriesRepository } from '../recovery/recoveries.repository';
import { UploadSweeper } from './upload-sweeper';

const DAY = 24 * 3600 * 1000;
const MIB = 1024 * 1024;
const EXAMPLE = join(__dirname, '../../../examples/1-member-12m.json');

describe('UploadSweeper', () => {
  let root: string;
  let store: DirectoryObjectStore;
  let result: Qa2Result;
  let recovered: string;
  let sweeper: UploadSweeper;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'almagest-sweep-'));
    store = new DirectoryObjectStore({ root });
    await store.verify();
    const posted: unknown = JSON.parse(
      (await readFile(EXAMPLE, 'utf8')).replaceAll('"location": "', '"location": "file:///'),
    );
    result = qa2ResultSchema.parse(posted);
    recovered = `${storeFolder({ ...result, revision: 3 })}/lost.tar`;
    const limits = { concurrency: 1, parts: 1, bufferBytes: 64 * MIB, maxPartSize: MIB };
    const config = new IngestConfig({ ...limits, uploadKeepDays: 7 });
    const deliveries = {
      findByOus: async (ous: string) =>
        ous !== result.member
          ? []
          : [
              { result, state: 'waiting' },
              { result: { ...result, revision: 2 }, state: 'stored' },
              { result: { ...result, revision: 3 }, state: 'stored' },
            ],
    } as unknown as DeliveriesRepository;
    const recoveries = {
      isAwaited: async (key: string) => key === recovered,
    } as unknown as RecoveriesRepository;
    sweeper = new UploadSweeper(store, deliveries, recoveries, config, createLogger('ingest', { level: 'silent' }));
  });
  afterEach(() => rm(root, { recursive: true }));

  const left = async (): Promise<string[]> => {
    const keys: string[] = [];
    for await (const { key } of store.listUploads('')) keys.push(key);
    return keys.sort();
  };

  it('removes old uploads of settled and unknown deliveries, never those of a waiting one or of a part to be recovered', async () => {
    const awaited = `${storeFolder(result)}/part.tar`;
    const settled = `${storeFolder({ ...result, revision: 2 })}/part.tar`;
    for (const key of [awaited, settled, recovered, 'a/key/nobody/knows', 'stray'])
      await store.startUpload(key, 8 * MIB);
    await sweeper.sweep(new Date(Date.now() + 8 * DAY));
    expect(await left()).toEqual([awaited, recovered]);
  });

  it('keeps recent uploads, except those of settled deliveries', async () => {
    const settled = `${storeFolder({ ...result, revision: 2 })}/part.tar`;
    const unknown = `${storeFolder({ ...result, revision: 4 })}/part.tar`;
    for (const key of [settled, unknown, recovered, 'stray']) await store.startUpload(key, 8 * MIB);
    await sweeper.sweep(new Date(Date.now() + 6 * DAY));
    expect(await left()).toEqual([recovered, unknown, 'stray'].sort());
  });
});
