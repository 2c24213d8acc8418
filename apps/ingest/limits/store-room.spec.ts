import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chunkSizeFor, DirectoryObjectStore } from '@almagest/object-store';
import type { PartOrder } from '../storing/part-order';
import { StoreRoom } from './store-room';

const KEY = '2013.1.09999.S/uid___A001_X1_Xa2/uid___A001_X1_Xa3/r1/part.tar';
const source = { open: async () => ({ read: async () => 0, close: async () => undefined }) };
const orderOf = (size: number): PartOrder => ({ name: 'part.tar', key: KEY, size, sha256: null, source });

describe('StoreRoom', () => {
  let root: string;
  let store: DirectoryObjectStore;
  let free: number;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'almagest-room-'));
    store = new DirectoryObjectStore({ root });
    await store.verify();
    const { bavail, bsize } = await statfs(root);
    free = bavail * bsize;
  });
  afterEach(() => rm(root, { recursive: true }));

  it('lets a delivery through that fits', async () => {
    await expect(new StoreRoom(root, 0).mustHold(store, [orderOf(1)])).resolves.toBeUndefined();
  });

  it('holds up one that does not, and says why', async () => {
    const holding = new StoreRoom(root, 12).mustHold(store, [orderOf(2 ** 42), orderOf(1)]);
    await expect(holding).rejects.toMatchObject({
      code: 'archive.no-room',
      message: expect.stringMatching(
        /^4398046511105 bytes are to be stored and 12 must stay free, but only \d+ are free$/,
      ) as string,
    });
  });

  it('lets everything through to a bucket, which does not tell its room', async () => {
    await expect(new StoreRoom(null, 12).mustHold(store, [orderOf(2 ** 42)])).resolves.toBeUndefined();
  });

  it('does not count what an earlier run has brought there', async () => {
    const chunk = chunkSizeFor(0);
    const order = orderOf(2 * chunk);
    const tight = new StoreRoom(root, free - chunk * 1.5);
    await expect(tight.mustHold(store, [order])).rejects.toMatchObject({ code: 'archive.no-room' });
    const upload = await store.startUpload(KEY, chunk);
    await store.writeChunk(upload, 1, randomBytes(chunk));
    const { bavail, bsize } = await statfs(root);
    const tightAfter = new StoreRoom(root, bavail * bsize - chunk * 1.5);
    await expect(tightAfter.mustHold(store, [order])).resolves.toBeUndefined();
  });
});
