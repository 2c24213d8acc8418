import {
  appendFile,
  link,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alignedMemory } from '../buffers';
import { bytesOf, CHUNK, collect, failure, someBytes, upload, writeAll } from '../testing/test-store';
import type { Upload, UploadedChunk } from '../object-store.port';
import { DirectoryObjectStore } from './directory-object-store';
import { encodeEntry } from './upload-journal';

/** The promises of `PUT.md` for a directory, and the faults that only a directory can have. */
describe('DirectoryObjectStore', () => {
  let folder: string;
  let root: string;
  let store: DirectoryObjectStore;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'almagest-store-'));
    root = join(folder, 'store');
    store = new DirectoryObjectStore({ root });
    await store.verify();
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const restarted = (): DirectoryObjectStore => new DirectoryObjectStore({ root });
  const staged = (started: Upload, ...names: string[]): string => join(root, '.uploads', started.id, ...names);
  const stagedNames = (): Promise<string[]> => readdir(join(root, '.uploads'));

  it('stores an object as a plain file of its name, and leaves no other file', async () => {
    const bytes = someBytes(CHUNK + 3);
    await upload(store, 'project/ous/r1/part.tar', bytes);
    await store.put('project/ous/r1/manifest.json', Buffer.from('{}'));
    expect((await readFile(join(root, 'project/ous/r1/part.tar'))).equals(bytes)).toBe(true);
    expect((await readFile(join(root, 'project/ous/r1/manifest.json'))).toString()).toBe('{}');
    expect((await readdir(root)).sort()).toEqual(['.uploads', 'project']);
    expect(await stagedNames()).toEqual([]);
    await store.delete('project/ous/r1/part.tar');
    await store.delete('project/ous/r1/manifest.json');
    expect(await readdir(root)).toEqual(['.uploads']);
  });

  it.each([
    ['in whole blocks', CHUNK],
    ['with a partial block', CHUNK - 1],
    ['of less than a block', 7],
  ])('stores chunks from aligned memory: a last chunk %s', async (_, rest) => {
    const bytes = alignedMemory(CHUNK + rest);
    someBytes(bytes.length).copy(bytes);
    await upload(store, 'part.tar', bytes);
    expect((await readFile(join(root, 'part.tar'))).equals(bytes)).toBe(true);
  });

  it('finds the newest upload with the requested chunk size', async () => {
    const first = await store.startUpload('a', CHUNK);
    const second = await store.startUpload('a', CHUNK);
    const other = await store.startUpload('a', 2 * CHUNK);
    expect(await restarted().findUpload('a', CHUNK)).toEqual(second);
    expect(await restarted().findUpload('a', 2 * CHUNK)).toEqual(other);
    expect(await restarted().findUpload('a', 3 * CHUNK)).toBeNull();
    await store.abortUpload(second);
    expect(await store.findUpload('a', CHUNK)).toEqual(first);
  });

  describe('after a crash', () => {
    it('does not report a chunk whose bytes were written but not recorded', async () => {
      const started = await store.startUpload('a', CHUNK);
      const chunk = await store.writeChunk(started, 1, someBytes(CHUNK));
      await appendFile(staged(started, 'data'), someBytes(1000));
      expect(await restarted().listChunks(started)).toEqual([chunk]);
    });

    it('skips a truncated line of the journal, and appends after it', async () => {
      const started = await store.startUpload('a', CHUNK);
      const bytes = someBytes(2 * CHUNK);
      const first = await store.writeChunk(started, 1, bytes.subarray(0, CHUNK));
      await appendFile(staged(started, 'journal'), `chunk 2 ${CHUNK} 0123456789`);
      const later = restarted();
      expect(await later.listChunks(started)).toEqual([first]);
      const second = await later.writeChunk(started, 2, bytes.subarray(CHUNK));
      expect(await restarted().listChunks(started)).toEqual([first, second]);
      await later.completeUpload(started, [first, second]);
      expect((await bytesOf(store, 'a')).equals(bytes)).toBe(true);
    });

    it('reads a line of the journal that another process is still writing once it is complete', async () => {
      const started = await store.startUpload('a', CHUNK);
      const chunk = { number: 7, size: 5, etag: 'a'.repeat(8) };
      const line = encodeEntry({ kind: 'chunk', chunk });
      await appendFile(staged(started, 'journal'), line.slice(0, 20));
      expect(await store.listChunks(started)).toEqual([]);
      await appendFile(staged(started, 'journal'), line.slice(20));
      expect(await store.listChunks(started)).toEqual([chunk]);
    });

    it('no longer reports a chunk that was being overwritten', async () => {
      const started = await store.startUpload('a', CHUNK);
      await store.writeChunk(started, 1, someBytes(CHUNK));
      await store.writeChunk(started, 1, someBytes(CHUNK));
      const lines = (await readFile(staged(started, 'journal'), 'latin1')).split('\n').filter((line) => line !== '');
      expect(lines.map((line) => line.split(' ')[0])).toEqual(['almagest-upload', 'chunk', 'void', 'chunk']);
      await writeFile(staged(started, 'journal'), `${lines.slice(0, 3).join('\n')}\n`);
      expect(await restarted().listChunks(started)).toEqual([]);
    });

    describe('after the data was linked to the key, before its folder was removed', () => {
      const bytes = someBytes(CHUNK + 5);
      let started: Upload;
      let chunks: UploadedChunk[];

      beforeEach(async () => {
        started = await store.startUpload('a/b', CHUNK);
        chunks = await writeAll(store, started, bytes);
        await mkdir(join(root, 'a'));
        await link(staged(started, 'data'), join(root, 'a', 'b'));
      });

      it('completes the upload when it is requested again', async () => {
        expect(await restarted().completeUpload(started, chunks)).toMatchObject({ key: 'a/b', size: bytes.length });
        expect(await stagedNames()).toEqual([]);
        expect((await bytesOf(store, 'a/b')).equals(bytes)).toBe(true);
      });

      it('does not resume, write to or complete the upload differently: its data is the object', async () => {
        const later = restarted();
        expect(await later.findUpload('a/b', CHUNK)).toBeNull();
        await expect(later.writeChunk(started, 1, someBytes(CHUNK))).rejects.toMatchObject(failure('upload-not-found'));
        await expect(later.writeChunk(started, 3, Buffer.from('x'))).rejects.toMatchObject(failure('upload-not-found'));
        await expect(later.completeUpload(started, chunks.slice(0, 1))).rejects.toMatchObject(failure('conflict'));
        expect((await bytesOf(store, 'a/b')).equals(bytes)).toBe(true);
      });

      it('aborts the remains of the upload and does not touch the object', async () => {
        for await (const upload of restarted().listUploads('')) await store.abortUpload(upload);
        expect(await stagedNames()).toEqual([]);
        expect((await bytesOf(store, 'a/b')).equals(bytes)).toBe(true);
      });
    });

    it('truncates what a larger chunk left after the end', async () => {
      const started = await store.startUpload('a', CHUNK);
      await store.writeChunk(started, 1, someBytes(CHUNK));
      const chunk = await store.writeChunk(started, 1, Buffer.from('short'));
      await store.completeUpload(started, [chunk]);
      expect((await bytesOf(store, 'a')).toString()).toBe('short');
    });

    it('deletes incomplete and partly removed files that are a day old, and nothing else', async () => {
      const started = await store.startUpload('a', CHUNK);
      const unreadable = await store.startUpload('b', CHUNK);
      await writeFile(staged(unreadable, 'journal'), 'almagest-upload 1 b');
      const names = [started.id, unreadable.id, `${started.id}.new`, `${started.id}.gone`, 'x.put', 'new.put'];
      await mkdir(join(root, '.uploads', `${started.id}.new`));
      await mkdir(join(root, '.uploads', `${started.id}.gone`));
      await writeFile(join(root, '.uploads', 'x.put'), 'x');
      await writeFile(join(root, '.uploads', 'new.put'), 'x');
      const old = new Date(Date.now() - 25 * 3600 * 1000);
      for (const name of names.slice(0, -1)) await utimes(join(root, '.uploads', name), old, old);
      expect((await collect(store.listUploads(''))).map(({ id }) => id)).toEqual([started.id]);
      await restarted().verify();
      expect((await stagedNames()).sort()).toEqual([started.id, 'new.put']);
    });
  });

  describe('with symbolic links in it', () => {
    beforeEach(async () => {
      await mkdir(join(folder, 'outside'));
      await writeFile(join(folder, 'outside', 'secret'), 'secret');
      await symlink(join(folder, 'outside'), join(root, 'linked'));
      await symlink(join(folder, 'outside', 'secret'), join(root, 'secret'));
    });

    it.each(['linked/secret', 'secret'])('does not see, read or delete %s', async (key) => {
      expect(await store.head(key)).toBeNull();
      await expect(store.read(key)).rejects.toMatchObject(failure('not-found'));
      await store.delete(key);
      expect(await collect(store.list(''))).toEqual([]);
      expect((await readdir(root)).sort()).toEqual(['.uploads', 'linked', 'secret']);
      expect(await readFile(join(folder, 'outside', 'secret'), 'utf8')).toBe('secret');
    });

    it('does not write through a linked folder', async () => {
      await expect(store.put('linked/new', Buffer.from('x'))).rejects.toMatchObject(failure('unusable'));
      await expect(upload(store, 'linked/deep/new', Buffer.from('x'))).rejects.toMatchObject(failure('unusable'));
      expect(await readdir(join(folder, 'outside'))).toEqual(['secret']);
    });

    it('replaces a link with an object instead of writing through it', async () => {
      await store.put('secret', Buffer.from('mine'));
      expect((await bytesOf(store, 'secret')).toString()).toBe('mine');
      expect(await readFile(join(folder, 'outside', 'secret'), 'utf8')).toBe('secret');
    });

    it('does not complete over a link', async () => {
      await expect(upload(store, 'secret', Buffer.from('secret'))).rejects.toMatchObject(failure('conflict'));
    });

    it('refuses a symbolic link as its folder of uploads', async () => {
      await rm(join(root, '.uploads'), { recursive: true });
      await symlink(join(folder, 'outside'), join(root, '.uploads'));
      await expect(restarted().verify()).rejects.toMatchObject({ ...failure('unusable'), retryable: false });
    });
  });

  it('reports a conflict for keys that need one name as file and as folder', async () => {
    await store.put('a/b', Buffer.from('x'));
    const conflict = { ...failure('conflict'), fault: 'caller', retryable: false };
    await expect(store.put('a', Buffer.from('x'))).rejects.toMatchObject(conflict);
    await expect(store.put('a/b/c', Buffer.from('x'))).rejects.toMatchObject(conflict);
    await expect(upload(store, 'a', Buffer.from('x'))).rejects.toMatchObject(conflict);
    await expect(upload(store, 'a/b/c/d', Buffer.from('x'))).rejects.toMatchObject(conflict);
    expect((await bytesOf(store, 'a/b')).toString()).toBe('x');
    expect((await stagedNames()).filter((name) => name.endsWith('.put'))).toEqual([]);
  });

  it('refuses to write, retryably, when less than the required space would remain free', async () => {
    const started = await store.startUpload('a', CHUNK);
    await store.put('b', Buffer.from('x'));
    const full = new DirectoryObjectStore({ root, minFreeBytes: Number.MAX_SAFE_INTEGER });
    await full.verify();
    const refused = { ...failure('full'), fault: 'store', retryable: true };
    await expect(full.put('c', Buffer.from('x'))).rejects.toMatchObject(refused);
    await expect(full.startUpload('c', CHUNK)).rejects.toMatchObject(refused);
    await expect(full.writeChunk(started, 1, Buffer.from('x'))).rejects.toMatchObject(refused);
    expect((await bytesOf(full, 'b')).toString()).toBe('x');
    await full.delete('b');
    await full.abortUpload(started);
    expect(await stagedNames()).toEqual([]);
  });

  it('reports at start-up why the directory cannot be used', async () => {
    await writeFile(join(folder, 'file'), 'x');
    const verifying = new DirectoryObjectStore({ root: join(folder, 'file') }).verify();
    await expect(verifying).rejects.toMatchObject({ ...failure('unusable'), retryable: false });
    await expect(verifying).rejects.toThrow(`the directory ${join(folder, 'file')} cannot be an object store`);
  });

  it('fails retryably while its directory is missing, and works again when it exists', async () => {
    const other = new DirectoryObjectStore({ root: join(folder, 'later') });
    await expect(other.head('a')).rejects.toMatchObject({ ...failure('failed'), retryable: true });
    await other.verify();
    expect(await other.head('a')).toBeNull();
    await rm(join(folder, 'later'), { recursive: true });
    await expect(other.put('a', Buffer.from('x'))).rejects.toMatchObject({ ...failure('failed'), retryable: true });
  });

  it('does not make an object of staged data that another program truncated', async () => {
    const started = await store.startUpload('a', CHUNK);
    const chunks = await writeAll(store, started, someBytes(CHUNK));
    await truncate(staged(started, 'data'), 100);
    await expect(store.completeUpload(started, chunks)).rejects.toMatchObject(failure('failed'));
    expect(await store.head('a')).toBeNull();
  });

  it('no longer reports chunks that a failed completion dropped', async () => {
    await store.put('a', Buffer.from('other'));
    const started = await store.startUpload('a', CHUNK);
    const chunks = await writeAll(store, started, someBytes(2 * CHUNK + 1));
    await expect(store.completeUpload(started, chunks.slice(0, 1))).rejects.toMatchObject(failure('conflict'));
    expect(await restarted().listChunks(started)).toEqual(chunks.slice(0, 1));
  });

  it('has no links', async () => {
    expect(await store.presignRead('a', 60, 'a.tar')).toBeNull();
  });
});
