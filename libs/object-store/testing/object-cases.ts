import { MAX_PUT_SIZE } from '../chunks';
import { MAX_KEY_LENGTH, MAX_LINK_SECONDS } from '../object-key';
import { CHUNK, type Place, bytesOf, collect, failure, someBytes, upload } from './test-store';

/** Keys in byte order. An order by folder, by language or by number would differ. */
const ODD_KEYS = [
  '0',
  '0012',
  '10',
  '1e3',
  '9',
  'A/B',
  'Z',
  'a+b',
  'a,b',
  'a-b/c',
  'a-b/d',
  'a.b',
  'a/b/c',
  'a/b0',
  'a/p+x',
  'a0',
  'a=b',
  'a@b',
  'aB',
  'a_b',
  'aa',
  'uid___A001_X1_Xa3/r1/2013.1.09999.S_uid___A001_X1_Xa3_1_of_2.tar',
];

const HOSTILE_KEYS = [
  '',
  '/',
  '/a',
  'a/',
  'a//b',
  '.',
  '..',
  '../a',
  'a/../b',
  'a/..',
  '.hidden',
  'a/.uploads',
  '.uploads/x',
  'a\\b',
  'a b',
  'a\u0000b',
  'a\nb',
  'a%2f..%2fb',
  'é',
  'a?b',
  'a#b',
  '-rf',
  'a'.repeat(256),
  'a/'.repeat(MAX_KEY_LENGTH / 2) + 'a',
];

/** Metadata, small objects, listing, deletion, keys. */
export function registerObjectCases(place: Place): void {
  it('returns null for the metadata of a missing object', async () => {
    expect(await place().store.head('missing/object')).toBeNull();
  });

  it('returns the same metadata of an object by its key and in the listing', async () => {
    const { store } = place();
    const before = Date.now();
    await store.put('facts/object', someBytes(1234));
    const info = await store.head('facts/object');
    expect(info).toMatchObject({ key: 'facts/object', size: 1234, etag: expect.stringMatching(/./) as string });
    // A store's clock may have a resolution of one second.
    expect(info?.modifiedAt.getTime()).toBeGreaterThanOrEqual(Math.floor(before / 1000) * 1000 - 1000);
    const [listed] = await collect(store.list('facts/'));
    expect(listed).toMatchObject({ key: 'facts/object', size: 1234, etag: info?.etag });
  });

  it('replaces a small object as a whole: a reader of the old one still reads the old one', async () => {
    const { store } = place();
    const [old, replacement] = [someBytes(3_000_000), someBytes(1000)];
    await store.put('replaced', old);
    const etag = (await store.head('replaced'))?.etag;
    const reader = await store.read('replaced');
    await store.put('replaced', replacement);
    expect(Buffer.concat(await collect(reader as AsyncIterable<Buffer>)).equals(old)).toBe(true);
    expect((await bytesOf(store, 'replaced')).equals(replacement)).toBe(true);
    expect((await store.head('replaced'))?.etag).not.toBe(etag);
  });

  it('never shows a mixture while a small object is replaced repeatedly', async () => {
    const { store } = place();
    const bodies = Array.from({ length: 8 }, (_, i) => Buffer.alloc(200_000 + i, i));
    await store.put('contested', bodies[0] ?? Buffer.alloc(0));
    const puts = Promise.all(bodies.map((body) => store.put('contested', body)));
    for (let i = 0; i < 8; i++) {
      const seen = await bytesOf(store, 'contested');
      expect(bodies.some((body) => body.equals(seen))).toBe(true);
    }
    await puts;
  });

  it('stores an empty object', async () => {
    const { store } = place();
    await store.put('empty', Buffer.alloc(0));
    expect(await store.head('empty')).toMatchObject({ size: 0 });
    expect(await bytesOf(store, 'empty')).toHaveLength(0);
  });

  it('refuses to store a large object in one piece', async () => {
    const body = new Uint8Array(MAX_PUT_SIZE + 1);
    await expect(place().store.put('large', body)).rejects.toMatchObject(failure('too-large'));
  });

  it('lists unusual names in byte order of the keys, and can read every listed key', async () => {
    const { store } = place();
    const keys = ODD_KEYS.map((key) => `odd/${key}`);
    for (const key of [...keys].reverse()) await store.put(key, Buffer.from(key));
    expect((await collect(store.list('odd/'))).map(({ key }) => key)).toEqual(keys);
    for (const key of keys) expect((await bytesOf(store, key)).toString()).toBe(key);
  });

  it.each([
    ['odd/a', ODD_KEYS.filter((key) => key.startsWith('a'))],
    ['odd/a/', ODD_KEYS.filter((key) => key.startsWith('a/'))],
    ['odd/a/b', ODD_KEYS.filter((key) => key.startsWith('a/b'))],
    ['odd/a/b/c', ['a/b/c']],
    ['odd/a/b/c/', []],
    ['odd/1', ['10', '1e3']],
    ['odd/q', []],
  ])('lists the keys with the prefix %s', async (prefix, keys) => {
    const listed = await collect(place().store.list(prefix));
    expect(listed.map(({ key }) => key)).toEqual(keys.map((key) => `odd/${key}`));
  });

  it('lists more objects than fit into a page, each once and in order', async () => {
    const { store } = place();
    const keys = Array.from({ length: 1100 }, (_, i) => `many/${i % 7}/part-${i}`);
    const left = keys.values();
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        for (const key of left) await store.put(key, Buffer.from('x'));
      }),
    );
    expect((await collect(store.list('many/'))).map(({ key }) => key)).toEqual(keys.sort());
  }, 60_000);

  it('stops listing when the reader stops', async () => {
    const seen: string[] = [];
    for await (const { key } of place().store.list('many/')) {
      seen.push(key);
      if (seen.length === 3) break;
    }
    expect(seen).toEqual(['many/0/part-0', 'many/0/part-1001', 'many/0/part-1008']);
  });

  it('deletes an object, and does nothing when it does not exist', async () => {
    const { store } = place();
    await store.put('gone/deep/object', someBytes(10));
    await store.put('gone/kept', someBytes(10));
    await store.delete('gone/deep/object');
    await store.delete('gone/deep/object');
    await store.delete('gone/never/was');
    await store.delete('gone');
    expect(await store.head('gone/deep/object')).toBeNull();
    expect((await collect(store.list('gone'))).map(({ key }) => key)).toEqual(['gone/kept']);
  });

  it('stores an object again after it and its folders were deleted', async () => {
    const { store } = place();
    for (let i = 0; i < 3; i++) {
      await store.put('again/a/b', Buffer.from([i]));
      await store.delete('again/a/b');
    }
    const bytes = someBytes(10);
    await upload(store, 'again/a/b', bytes);
    expect((await bytesOf(store, 'again/a/b')).equals(bytes)).toBe(true);
  });

  it.each(HOSTILE_KEYS.map((key) => [JSON.stringify(key.slice(0, 40)), key]))('refuses the key %s', async (_, key) => {
    const { store } = place();
    const name = { key, id: '20261123T052800123Z-000001-0123abcd', chunkSize: CHUNK, checksSums: false };
    const bytes = Buffer.from('x');
    const calls = [
      () => store.head(key),
      () => store.read(key),
      () => store.put(key, bytes),
      () => store.delete(key),
      () => store.startUpload(key, name.chunkSize),
      () => store.findUpload(key, name.chunkSize),
      () => store.writeChunk(name, 1, bytes),
      () => store.listChunks(name),
      () => store.completeUpload(name, [{ number: 1, size: 1, etag: 'e' }]),
      () => store.abortUpload(name),
      () => store.presignRead(key, 60, 'name'),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ ...failure('bad-key'), retryable: false });
  });

  it.each(['..', '../', '/', 'a//', './', 'a/../b', 'é'])('refuses to list the prefix %s', async (prefix) => {
    const { store } = place();
    await expect(collect(store.list(prefix))).rejects.toMatchObject(failure('bad-key'));
    await expect(collect(store.listUploads(prefix))).rejects.toMatchObject(failure('bad-key'));
  });

  it.each([
    [0, 'name.tar'],
    [-1, 'name.tar'],
    [1.5, 'name.tar'],
    [MAX_LINK_SECONDS + 1, 'name.tar'],
    [60, 'a"; b'],
    [60, 'a\r\nb'],
    [60, ''],
  ])('refuses a link for %p seconds to %j', async (seconds, fileName) => {
    await expect(place().store.presignRead('a', seconds, fileName)).rejects.toMatchObject(failure('bad-link'));
  });

  it('can be verified at any time, and leaves no trace of it', async () => {
    const { store, reopen } = place();
    const before = (await collect(store.list(''))).length;
    await Promise.all([store.verify(), (await reopen()).verify()]);
    expect(await collect(store.list(''))).toHaveLength(before);
  });
}
