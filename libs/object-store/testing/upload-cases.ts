import { MAX_CHUNKS, MAX_CHUNK_SIZE, MIN_CHUNK_SIZE } from '../chunks';
import type { UploadedChunk } from '../object-store.port';
import { CHUNK, type Place, bytesOf, collect, failure, someBytes, upload, writeAll } from './test-store';

/** Uploads: chunks, resuming, completion, conflict, abort, sweeping. */
export function registerUploadCases(place: Place): void {
  const bytes = someBytes(3 * CHUNK + 777);
  const chunkOf = (number: number): Buffer => bytes.subarray((number - 1) * CHUNK, number * CHUNK);

  it('shows nothing under the key until the upload is completed', async () => {
    const { store } = place();
    const started = await store.startUpload('up/invisible', CHUNK);
    const chunks = await writeAll(store, started, bytes);
    expect(await store.head('up/invisible')).toBeNull();
    await expect(store.read('up/invisible')).rejects.toMatchObject(failure('not-found'));
    expect(await collect(store.list('up/invisible'))).toEqual([]);
    const info = await store.completeUpload(started, chunks);
    expect(info).toMatchObject({ key: 'up/invisible', size: bytes.length });
    expect(await store.head('up/invisible')).toEqual(info);
    expect((await bytesOf(store, 'up/invisible')).equals(bytes)).toBe(true);
    expect(await store.findUpload('up/invisible', CHUNK)).toBeNull();
  });

  it('accepts chunks concurrently and in any order', async () => {
    const { store } = place();
    const started = await store.startUpload('up/concurrent', CHUNK);
    const chunks = await Promise.all([4, 2, 3, 1].map((n) => store.writeChunk(started, n, chunkOf(n))));
    expect((await store.listChunks(started)).map(({ number }) => number)).toEqual([1, 2, 3, 4]);
    await store.completeUpload(started, chunks);
    expect((await bytesOf(store, 'up/concurrent')).equals(bytes)).toBe(true);
  });

  it('resumes after a restart: finds the upload, and recognises its chunks by their bytes', async () => {
    const { store, reopen } = place();
    const started = await store.startUpload('up/resumed', CHUNK);
    const written = [await store.writeChunk(started, 1, chunkOf(1)), await store.writeChunk(started, 3, chunkOf(3))];
    const later = await reopen();
    const found = await later.findUpload('up/resumed', CHUNK);
    expect(found).toEqual(started);
    if (found === null) return;
    expect(await later.listChunks(found)).toEqual(written);
    for (const chunk of written) {
      expect(await later.holds(found, chunk, chunkOf(chunk.number))).toBe(true);
      expect(await later.holds(found, chunk, someBytes(CHUNK))).toBe(false);
      expect(await later.holds(found, chunk, chunkOf(chunk.number).subarray(1))).toBe(false);
    }
    await later.writeChunk(found, 4, chunkOf(4));
    await later.writeChunk(found, 2, chunkOf(2));
    await later.completeUpload(found, await later.listChunks(found));
    expect((await bytesOf(store, 'up/resumed')).equals(bytes)).toBe(true);
  });

  it('returns an upload that can be stored as JSON, so that a job can keep it', async () => {
    const { store } = place();
    const started = await store.startUpload('up/kept', CHUNK);
    const kept = JSON.parse(JSON.stringify(started)) as typeof started;
    const chunk = await store.writeChunk(kept, 1, Buffer.from('kept'));
    await store.completeUpload(kept, JSON.parse(JSON.stringify([chunk])) as UploadedChunk[]);
    expect((await bytesOf(store, 'up/kept')).toString()).toBe('kept');
  });

  it('lets two adapters write to one upload, each seeing the chunks of the other', async () => {
    const { store, reopen } = place();
    const other = await reopen();
    const started = await store.startUpload('up/shared', CHUNK);
    await store.writeChunk(started, 1, chunkOf(1));
    await other.writeChunk(started, 2, chunkOf(2));
    await store.writeChunk(started, 3, someBytes(CHUNK));
    await other.writeChunk(started, 3, chunkOf(3));
    await store.writeChunk(started, 4, chunkOf(4));
    const chunks = await store.listChunks(started);
    expect(await other.listChunks(started)).toEqual(chunks);
    await other.completeUpload(started, chunks);
    expect((await bytesOf(store, 'up/shared')).equals(bytes)).toBe(true);
    await expect(store.writeChunk(started, 1, chunkOf(1))).rejects.toMatchObject(failure('upload-not-found'));
  });

  it('lets a chunk be written again: the same bytes change nothing, other bytes replace it', async () => {
    const { store } = place();
    const started = await store.startUpload('up/rewritten', CHUNK);
    const first = await store.writeChunk(started, 1, someBytes(CHUNK));
    const [last] = [await store.writeChunk(started, 2, Buffer.from('a longer end'))];
    const second = await store.writeChunk(started, 1, chunkOf(1));
    expect(await store.writeChunk(started, 1, chunkOf(1))).toEqual(second);
    expect(second.etag).not.toBe(first.etag);
    const end = await store.writeChunk(started, 2, Buffer.from('end'));
    expect(await store.listChunks(started)).toEqual([second, end]);
    const stale = store.completeUpload(started, [first, last]);
    await expect(stale).rejects.toMatchObject(failure('chunk-missing'));
    await store.completeUpload(started, [second, end]);
    expect((await bytesOf(store, 'up/rewritten')).equals(Buffer.concat([chunkOf(1), Buffer.from('end')]))).toBe(true);
  });

  it('keeps one of the bodies when a chunk is written several times concurrently', async () => {
    const { store } = place();
    const started = await store.startUpload('up/raced', CHUNK);
    const bodies = [someBytes(CHUNK), someBytes(CHUNK), someBytes(CHUNK)];
    await Promise.all(bodies.map((body) => store.writeChunk(started, 1, body)));
    const chunks = await store.listChunks(started);
    await store.completeUpload(started, chunks);
    const stored = await bytesOf(store, 'up/raced');
    expect(bodies.some((body) => body.equals(stored))).toBe(true);
  });

  it('drops chunks that the completion does not name', async () => {
    const { store } = place();
    const started = await store.startUpload('up/shorter', CHUNK);
    const chunks = await writeAll(store, started, bytes);
    await store.completeUpload(started, chunks.slice(0, 2));
    expect((await bytesOf(store, 'up/shorter')).equals(bytes.subarray(0, 2 * CHUNK))).toBe(true);
  });

  it('completes idempotently: one call after another, concurrently, and after a restart', async () => {
    const { store, reopen } = place();
    const started = await store.startUpload('up/twice', CHUNK);
    const chunks = await writeAll(store, started, bytes);
    const infos = await Promise.all([store.completeUpload(started, chunks), store.completeUpload(started, chunks)]);
    infos.push(await store.completeUpload(started, chunks));
    infos.push(await (await reopen()).completeUpload(started, chunks));
    for (const info of infos) expect(info).toMatchObject({ key: 'up/twice', size: bytes.length });
    expect((await bytesOf(store, 'up/twice')).equals(bytes)).toBe(true);
  });

  it('accepts the same content again under the same key, also in other chunks or in one piece', async () => {
    const { store } = place();
    await upload(store, 'up/same', bytes);
    const before = await store.head('up/same');
    await upload(store, 'up/same', bytes);
    const larger = await store.startUpload('up/same', 2 * CHUNK);
    await store.completeUpload(larger, await writeAll(store, larger, bytes));
    expect(await store.head('up/same')).toEqual(before);
    expect(await collect(store.listUploads('up/same'))).toEqual([]);
    await store.put('up/same-small', Buffer.from('small'));
    await upload(store, 'up/same-small', Buffer.from('small'));
  });

  it.each([
    ['of the same size', someBytes(bytes.length)],
    ['longer', Buffer.concat([bytes, Buffer.from('x')])],
    ['shorter', bytes.subarray(0, CHUNK)],
  ])('refuses other content under the same key: %s', async (what, other) => {
    const { store } = place();
    const key = `up/conflict-${what.length}`;
    await upload(store, key, bytes);
    const started = await store.startUpload(key, CHUNK);
    const chunks = await writeAll(store, started, other);
    const conflict = { ...failure('conflict'), retryable: false, fault: 'caller' };
    await expect(store.completeUpload(started, chunks)).rejects.toMatchObject(conflict);
    expect((await bytesOf(store, key)).equals(bytes)).toBe(true);
    expect(await store.listChunks(started)).toEqual(chunks);
    await store.abortUpload(started);
    await expect(store.completeUpload(started, chunks)).rejects.toMatchObject(conflict);
  });

  it('lets one of two different uploads to one key win when both complete concurrently', async () => {
    const { store } = place();
    const bodies = [someBytes(CHUNK + 1), someBytes(CHUNK + 1)];
    const uploads = await Promise.all(
      bodies.map(async (body) => {
        const started = await store.startUpload('up/contest', CHUNK);
        return { started, chunks: await writeAll(store, started, body) };
      }),
    );
    const outcomes = await Promise.allSettled(uploads.map((u) => store.completeUpload(u.started, u.chunks)));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const winner = outcomes.findIndex(({ status }) => status === 'fulfilled');
    expect((await bytesOf(store, 'up/contest')).equals(bodies[winner] ?? Buffer.alloc(0))).toBe(true);
  });

  it('aborts an upload idempotently, and never deletes the object that was made from it', async () => {
    const { store } = place();
    const started = await store.startUpload('up/aborted', CHUNK);
    const chunks = await writeAll(store, started, bytes);
    await store.abortUpload(started);
    await store.abortUpload(started);
    expect(await store.findUpload('up/aborted', CHUNK)).toBeNull();
    await expect(store.listChunks(started)).rejects.toMatchObject(failure('upload-not-found'));
    await expect(store.writeChunk(started, 1, chunkOf(1))).rejects.toMatchObject(failure('upload-not-found'));
    await expect(store.completeUpload(started, chunks)).rejects.toMatchObject(failure('upload-not-found'));
    expect(await store.head('up/aborted')).toBeNull();
    const done = await upload(store, 'up/aborted', bytes);
    await store.abortUpload(done.upload);
    expect(await store.head('up/aborted')).toMatchObject({ size: bytes.length });
  });

  it('finds an unfinished upload of exactly this key, until all are aborted', async () => {
    const { store } = place();
    expect(await store.findUpload('up/found', CHUNK)).toBeNull();
    const uploads = [await store.startUpload('up/found', CHUNK), await store.startUpload('up/found', CHUNK)];
    await store.startUpload('up/found-not', CHUNK);
    await store.startUpload('up/found/not', CHUNK);
    await store.startUpload('up/foun', CHUNK);
    for (let left = 2; left > 0; left--) {
      const found = await store.findUpload('up/found', CHUNK);
      expect(uploads).toContainEqual(found);
      if (found !== null) await store.abortUpload(found);
    }
    expect(await store.findUpload('up/found', CHUNK)).toBeNull();
  });

  it('lists unfinished uploads, which can then be aborted', async () => {
    const { store, reopen } = place();
    const before = Date.now();
    const keys = ['sweep/0012', 'sweep/a+b', 'sweep/a/b', 'sweep/a/b', 'sweep/e'];
    const ids = [];
    for (const key of keys) ids.push((await store.startUpload(key, CHUNK)).id);
    await upload(store, 'sweep/done', Buffer.from('done'));
    const later = await reopen();
    const listed = await collect(later.listUploads('sweep/'));
    expect(listed.map(({ key }) => key).sort()).toEqual([...keys].sort());
    expect(listed.map(({ id }) => id).sort()).toEqual([...ids].sort());
    for (const { startedAt } of listed) expect(startedAt.getTime()).toBeGreaterThanOrEqual(before - 2000);
    expect(await collect(later.listUploads('sweep/a/'))).toHaveLength(2);
    for (const found of listed) await later.abortUpload(found);
    expect(await collect(store.listUploads('sweep/'))).toEqual([]);
  });

  it('does not find an upload by a wrong id or under a wrong key', async () => {
    const { store } = place();
    const started = await store.startUpload('up/known', CHUNK);
    const { id } = started;
    const wrong = [
      { ...started, key: 'up/other' },
      ...['', '..', '../..', 'x', `${id}/..`, `${id}x`, 'a b', 'é'].map((other) => ({ ...started, id: other })),
    ];
    for (const name of wrong) {
      await expect(store.writeChunk(name, 1, Buffer.from('x'))).rejects.toMatchObject(failure('upload-not-found'));
      await expect(store.listChunks(name)).rejects.toMatchObject(failure('upload-not-found'));
    }
    await store.abortUpload({ key: 'up/other', id });
    await store.abortUpload({ key: 'up/known', id: `${id}x` });
    expect(await store.listChunks(started)).toEqual([]);
  });

  it.each([0, -1, 1.5, MAX_CHUNKS + 1, Number.NaN])('refuses the chunk number %p', async (number) => {
    const { store } = place();
    const started = await store.startUpload('up/numbers', CHUNK);
    await expect(store.writeChunk(started, number, Buffer.from('x'))).rejects.toMatchObject(failure('bad-chunk'));
  });

  it.each([0, MIN_CHUNK_SIZE - 1, MAX_CHUNK_SIZE + 1, MIN_CHUNK_SIZE + 0.5])(
    'refuses the chunk size %p',
    async (chunkSize) => {
      await expect(place().store.startUpload('up/sizes', chunkSize)).rejects.toMatchObject(failure('bad-chunk'));
    },
  );

  it('refuses chunks that are empty or larger than the chunk size', async () => {
    const { store } = place();
    const started = await store.startUpload('up/sizes', CHUNK);
    await expect(store.writeChunk(started, 1, Buffer.alloc(0))).rejects.toMatchObject(failure('bad-chunk'));
    await expect(store.writeChunk(started, 1, someBytes(CHUNK + 1))).rejects.toMatchObject(failure('bad-chunk'));
  });

  it('refuses to complete with chunks that do not make an object, or that are not stored', async () => {
    const { store } = place();
    const started = await store.startUpload('up/incomplete', CHUNK);
    const [one, two, three] = await writeAll(store, started, bytes.subarray(0, 2 * CHUNK + 5));
    if (one === undefined || two === undefined || three === undefined) throw new Error('three chunks were written');
    const lists: [string, UploadedChunk[]][] = [
      ['bad-chunk', []],
      ['bad-chunk', [one, three]],
      ['bad-chunk', [two, three]],
      ['bad-chunk', [one, one, two]],
      ['bad-chunk', [{ ...three, number: 1 }, two, { ...one, number: 3 }]],
      ['chunk-missing', [one, two, { ...one, number: 3 }]],
      ['chunk-missing', [one, { ...two, etag: one.etag }, three]],
      ['chunk-missing', [one, two, { ...two, number: 3 }, { ...three, number: 4 }]],
    ];
    for (const [code, chunks] of lists) {
      await expect(store.completeUpload(started, chunks)).rejects.toMatchObject(failure(code));
    }
    expect(await store.head('up/incomplete')).toBeNull();
    await store.completeUpload(started, [three, two, one]);
    expect((await bytesOf(store, 'up/incomplete')).equals(bytes.subarray(0, 2 * CHUNK + 5))).toBe(true);
  });
}
