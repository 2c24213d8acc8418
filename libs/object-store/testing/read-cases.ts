import { type Place, bytesOf, collect, failure, someBytes, upload, CHUNK } from './test-store';

/** Reading: whole, by range, aborted. */
export function registerReadCases(place: Place): void {
  const bytes = someBytes(2 * CHUNK + 12345);
  const last = bytes.length - 1;

  beforeAll(() => upload(place().store, 'read/object', bytes));

  it('reads a whole object', async () => {
    expect((await bytesOf(place().store, 'read/object')).equals(bytes)).toBe(true);
  });

  it.each([
    ['the first byte', 0, 0],
    ['the last byte', last, last],
    ['the whole object', 0, last],
    ['the beginning', 0, 99],
    ['the end', last - 99, last],
    ['across two chunks', CHUNK - 10, CHUNK + 10],
  ])('reads a range: %s', async (_, start, end) => {
    const range = await bytesOf(place().store, 'read/object', { start, end });
    expect(range.equals(bytes.subarray(start, end + 1))).toBe(true);
  });

  it.each([
    ['one byte beyond the end', 0, last + 1],
    ['a start after the end of the object', last + 1, last + 1],
    ['a start far after the end of the object', 1e15, 1e15 + 5],
    ['the end before the start', 5, 4],
    ['a negative start', -1, 4],
    ['a fraction', 0.5, 4],
    ['NaN', Number.NaN, 4],
  ])('refuses a range: %s', async (_, start, end) => {
    const reading = place().store.read('read/object', { range: { start, end } });
    await expect(reading).rejects.toMatchObject({ ...failure('bad-range'), retryable: false, fault: 'caller' });
  });

  it('refuses any range of an empty object', async () => {
    const { store } = place();
    await store.put('read/empty', Buffer.alloc(0));
    const reading = store.read('read/empty', { range: { start: 0, end: 0 } });
    await expect(reading).rejects.toMatchObject(failure('bad-range'));
  });

  it('reports a missing object as not found, with and without a range', async () => {
    const { store } = place();
    const missing = { ...failure('not-found'), retryable: false, fault: 'caller' };
    await expect(store.read('read/missing')).rejects.toMatchObject(missing);
    await expect(store.read('read/missing', { range: { start: 0, end: 1 } })).rejects.toMatchObject(missing);
    await expect(store.read('read/object/below')).rejects.toMatchObject(missing);
    await expect(store.read('read')).rejects.toMatchObject(missing);
  });

  it('reads one object many times concurrently', async () => {
    const { store } = place();
    const ranges = Array.from({ length: 20 }, (_, i) => ({ start: i * 1000, end: i * 1000 + 999_999 }));
    const read = await Promise.all(ranges.map((range) => bytesOf(store, 'read/object', range)));
    expect(read.every((part, i) => part.equals(bytes.subarray(i * 1000, i * 1000 + 1_000_000)))).toBe(true);
  });

  it('does not start a read that is already aborted', async () => {
    const reading = place().store.read('read/object', { signal: AbortSignal.abort() });
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('ends a read that is aborted in the middle', async () => {
    const abort = new AbortController();
    const reading = await place().store.read('read/object', { signal: abort.signal });
    let seen = 0;
    const consume = async (): Promise<void> => {
      for await (const piece of reading as AsyncIterable<Buffer>) {
        seen += piece.length;
        abort.abort();
      }
    };
    await expect(consume()).rejects.toMatchObject({ name: 'AbortError' });
    expect(seen).toBeLessThan(bytes.length);
  });

  it('scans an object', async () => {
    const { store } = place();
    const pieces: Buffer[] = [];
    // A piece is valid only until the next one is requested.
    for await (const piece of store.scan('read/object')) pieces.push(Buffer.from(piece));
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
  });

  it('scans no bytes of an empty object, and fails for a missing one', async () => {
    const { store } = place();
    await store.put('read/empty', Buffer.alloc(0));
    expect(await collect(store.scan('read/empty'))).toEqual([]);
    await expect(collect(store.scan('read/missing'))).rejects.toMatchObject(failure('not-found'));
  });

  it('stops a scan at an abort, or where the consumer stops', async () => {
    const { store } = place();
    const abort = new AbortController();
    const consume = async (): Promise<void> => {
      for await (const _piece of store.scan('read/object', { signal: abort.signal })) abort.abort(new Error('enough'));
    };
    await expect(consume()).rejects.toThrow('enough');
    await expect(collect(store.scan('read/object', { signal: abort.signal }))).rejects.toThrow('enough');
    for (let i = 0; i < 50; i++) for await (const _piece of store.scan('read/object')) break;
  });

  it('can abandon a read in the middle, many times', async () => {
    const { store } = place();
    for (let i = 0; i < 100; i++) {
      const reading = await store.read('read/object');
      if (i % 2 === 0) reading.destroy();
      else for await (const _piece of reading) break;
      expect(reading.destroyed).toBe(true);
    }
    expect(await collect(store.list('read/object'))).toHaveLength(1);
  });
}
