import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { DirectoryObjectStore } from './directory/directory-object-store';
import { RecordedObject, versionOf } from './recorded-object';

const AT = new Date('2026-11-23T06:00:00Z');

describe('RecordedObject', () => {
  let root: string;
  let store: DirectoryObjectStore;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'almagest-recorded-'));
    store = new DirectoryObjectStore({ root });
    await store.verify();
    await store.put('part', Buffer.from('abcdef'));
  });
  afterEach(() => rm(root, { recursive: true }));

  const { signal } = new AbortController();
  const recorded = (key: string, size: number, damaged: string | null = null): RecordedObject =>
    new RecordedObject(store, { key, size, damaged });
  /** Returns what a check and a read say, which must be the same. */
  async function codesOf(object: RecordedObject): Promise<unknown[]> {
    const codeOf = (error: { kind?: string; code: string }): string => `${error.kind} ${error.code}`;
    const readAll = async (): Promise<string> => text(await object.read(null, signal));
    return [await object.check().then(() => 'good', codeOf), await readAll().then(() => 'good', codeOf)];
  }

  async function versionNow(): Promise<string> {
    const info = await store.head('part');
    if (info === null) throw new Error('no part');
    return versionOf(info);
  }

  it('reads all bytes, or a range of them', async () => {
    const object = recorded('part', 6);
    await object.check();
    expect(await text(await object.read(null, signal))).toBe('abcdef');
    expect(await text(await object.read({ start: 1, end: 2 }, signal))).toBe('bc');
  });

  it('reads an empty object', async () => {
    await store.put('empty', Buffer.alloc(0));
    expect(await text(await recorded('empty', 0).read(null, signal))).toBe('');
  });

  it('reads no more than the recorded bytes', async () => {
    expect(await text(await recorded('part', 4).read(null, signal))).toBe('abcd');
  });

  it('is unavailable when it is lost', async () => {
    expect(await codesOf(recorded('missing', 6))).toEqual(Array(2).fill('unavailable object-store.lost'));
  });

  it('is unavailable when it is too short', async () => {
    expect(await codesOf(recorded('part', 7))).toEqual(Array(2).fill('unavailable object-store.damaged'));
  });

  it('is unavailable once it was found damaged, until it is replaced', async () => {
    const version = await versionNow();
    expect(await codesOf(recorded('part', 6, version))).toEqual(Array(2).fill('unavailable object-store.damaged'));
    await writeFile(join(root, 'part'), 'abcdef');
    await utimes(join(root, 'part'), AT, AT);
    expect(await codesOf(recorded('part', 6, version))).toEqual(['good', 'good']);
  });

  it('is replaced when only its time differs, or only its etag', () => {
    const info = { key: 'part', size: 6, modifiedAt: AT, etag: 'e' };
    const version = versionOf(info);
    expect(versionOf({ ...info })).toBe(version);
    expect(versionOf({ ...info, modifiedAt: new Date(AT.getTime() + 1000) })).not.toBe(version);
    expect(versionOf({ ...info, etag: 'f' })).not.toBe(version);
  });

  it('passes on other failures of the store', async () => {
    await expect(recorded('../out', 6).check()).rejects.toMatchObject({ code: 'object-store.bad-key' });
    await expect(recorded('../out', 6).read(null, signal)).rejects.toMatchObject({ code: 'object-store.bad-key' });
  });
});
