import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDirectory } from './disk';

describe('makeDirectory', () => {
  let base: string;
  beforeEach(async () => (base = await mkdtemp(join(tmpdir(), 'almagest-disk-'))));
  afterEach(() => rm(base, { recursive: true }));

  it('creates a directory and its parents with the mode', async () => {
    const path = join(base, 'a', 'b', 'c');
    await makeDirectory(path, 0o700);
    for (const each of [path, join(base, 'a')]) expect((await stat(each)).mode & 0o777).toBe(0o700);
  });

  it('leaves a directory that exists as it is', async () => {
    const { mode } = await stat(base);
    await makeDirectory(base, 0o711);
    expect((await stat(base)).mode).toBe(mode);
  });

  it('lets two calls create the same directory at once', async () => {
    const path = join(base, 'a', 'b');
    await Promise.all([makeDirectory(path), makeDirectory(path)]);
    expect((await stat(path)).isDirectory()).toBe(true);
  });

  it.each(['file', join('file', 'below')])('throws ENOTDIR at %s, where a file is in the way', async (path) => {
    await writeFile(join(base, 'file'), '');
    await expect(makeDirectory(join(base, path))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  it.each(['/proc/nope', '/proc/nope/deep/down'])('throws at %s instead of trying for ever', async (path) => {
    await expect(makeDirectory(path)).rejects.toThrow("mkdir '/proc");
  });
});
