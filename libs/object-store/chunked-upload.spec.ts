import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChunkedUpload, ChunkWriter } from './chunked-upload';
import { MIN_CHUNK_SIZE } from './chunks';
import { DirectoryObjectStore } from './directory/directory-object-store';
import { ObjectStoreError } from './object-store.error';
import { bytesOf, someBytes } from './testing/test-store';

const KEY = 'a/b';

describe('ChunkWriter', () => {
  const bytes = someBytes(2 * MIN_CHUNK_SIZE + 1000);
  let root: string;
  let store: DirectoryObjectStore;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'almagest-chunks-'));
    store = new DirectoryObjectStore({ root });
    await store.verify();
  });
  afterEach(() => rm(root, { recursive: true }));

  const writerOf = (upload: ChunkedUpload): ChunkWriter =>
    new ChunkWriter(upload, [Buffer.alloc(MIN_CHUNK_SIZE), Buffer.alloc(MIN_CHUNK_SIZE)]);

  it.each([1000, 999_999, MIN_CHUNK_SIZE, bytes.length])('combines pieces of %d bytes into chunks', async (step) => {
    const upload = await ChunkedUpload.resume(store, KEY, MIN_CHUNK_SIZE);
    const writer = writerOf(upload);
    for (let at = 0; at < bytes.length; at += step) await writer.write(bytes.subarray(at, at + step));
    await writer.finish();
    expect(upload.progress).toEqual({ sent: bytes.length, kept: 0 });
    await upload.complete();
    expect((await bytesOf(store, KEY)).equals(bytes)).toBe(true);
  });

  it('does not send a chunk again that an earlier run has stored', async () => {
    const first = writerOf(await ChunkedUpload.resume(store, KEY, MIN_CHUNK_SIZE));
    await first.write(bytes.subarray(0, MIN_CHUNK_SIZE + 10));
    await first.settle();
    const upload = await ChunkedUpload.resume(store, KEY, MIN_CHUNK_SIZE);
    const writer = writerOf(upload);
    await writer.write(bytes);
    await writer.finish();
    expect(upload.progress).toEqual({ sent: bytes.length - MIN_CHUNK_SIZE, kept: MIN_CHUNK_SIZE });
  });

  it('fails when a chunk could not be written', async () => {
    jest.spyOn(store, 'writeChunk').mockRejectedValueOnce(new ObjectStoreError('object-store.full', 'no room'));
    const writer = writerOf(await ChunkedUpload.resume(store, KEY, MIN_CHUNK_SIZE));
    await writer.write(bytes.subarray(0, MIN_CHUNK_SIZE));
    await expect(writer.finish()).rejects.toMatchObject({ code: 'object-store.full' });
  });
});
