import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chunkSizeFor, DirectoryObjectStore } from '@almagest/object-store';
import { StoreSpace } from './store-space';

const KEY = '2013.1.09999.S/uid___A001_X1_Xa2/uid___A001_X1_Xa3/r1/part.tar';
const partOf = (size: number): { key: string; size: number } => ({ key: KEY, size });

describe('StoreSpace', () => {
  let root: string;
  let store: DirectoryObjectStore;
  let free: number;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'almagest-space-'));
    store = new DirectoryObjectStore({ root });
    await store.verify();
    const { bavail, bsize } = await statfs(root);
    free = bavail * bsize;
  });
  afterEach(() => rm(root, { recursive: true }));

  it('accepts a delivery that fits', async () => {
    await expect(new StoreSpace(root, 0).assertFits(store, [partOf(1)])).resolves.toBeUndefined();
  });

  it('rejects one that does not fit, with the numbers', async () => {
    const checking = new StoreSpace(root, 12).assertFits(store, [partOf(2 ** 42), partOf(1)]);
    await expect(checking).rejects.toMatchObject({
      code: 'archive.no-room',
      message: expect.stringMatching(
        /^4398046511105 bytes need space and 12 must stay free, but only \d+ are free$/,
      ) as string,
    });
  });

  it('accepts everything for a bucket, which does not report its free space', async () => {
    await expect(new StoreSpace(null, 12).assertFits(store, [partOf(2 ** 42)])).resolves.toBeUndefined();
  });

  it('does not count what an earlier run has stored', async () => {
    const chunk = chunkSizeFor(0);
    const part = partOf(2 * chunk);
    const tight = new StoreSpace(root, free - chunk * 1.5);
    await expect(tight.assertFits(store, [part])).rejects.toMatchObject({ code: 'archive.no-room' });
    const upload = await store.startUpload(KEY, chunk);
    await store.writeChunk(upload, 1, randomBytes(chunk));
    const { bavail, bsize } = await statfs(root);
    const tightAfter = new StoreSpace(root, bavail * bsize - chunk * 1.5);
    await expect(tightAfter.assertFits(store, [part])).resolves.toBeUndefined();
  });
});
