import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArchiveClientError, type ArchiveClientErrorCode } from '../archive-client.error';
import { Folder, stepsOf } from './folder';

let base: string;
let into: string;
let outside: string;
let folder: Folder;

beforeEach(async () => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'almagest-folder-')));
  [into, outside] = [join(base, 'into'), join(base, 'outside')];
  mkdirSync(outside);
  folder = await Folder.at(into);
});

afterEach(() => {
  const made = [readdirSync(base).sort(), readdirSync(outside)];
  rmSync(base, { recursive: true });
  expect(made).toEqual([['into', 'outside'], []]);
});

function codeOf(action: () => unknown): ArchiveClientErrorCode {
  try {
    action();
  } catch (error) {
    if (error instanceof ArchiveClientError) return error.code;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('a check before anything is written', () => {
  it('creates nothing, and removes what a killed check left', async () => {
    mkdirSync(join(into, 'project/raw'), { recursive: true });
    mkdirSync(join(into, 'project/raw/.almagest-write-check'));
    await folder.assertCanHold(['project/raw/a', 'project/script/b', 'other/c']);
    const planned = await Folder.planned(join(into, 'x/../new/folder'));
    expect(planned.root).toBe(join(into, 'new/folder'));
    await planned.assertCanHold(['a', 'b/c']);
    expect(readdirSync(into, { recursive: true }).sort()).toEqual(['project', 'project/raw']);
    rmSync(join(into, 'project'), { recursive: true });
  });

  it('fails for a directory that cannot be written, or is none', async () => {
    writeFileSync(join(into, 'file'), '');
    symlinkSync(outside, join(into, 'link'));
    const check = async (path: string, ...names: string[]): Promise<void> =>
      (await Folder.planned(path)).assertCanHold(names);
    await expect(check('/proc/nope/x')).rejects.toMatchObject({ code: 'archive-client.cannot-write' });
    await expect(check(join(into, 'file'))).rejects.toMatchObject({ code: 'archive-client.cannot-write' });
    await expect(check(join(into, 'file/x'))).rejects.toMatchObject({ code: 'archive-client.cannot-write' });
    await expect(check(into, 'file/x')).rejects.toMatchObject({ code: 'archive-client.file-in-the-way' });
    await expect(check(into, 'link/x')).rejects.toMatchObject({ code: 'archive-client.file-in-the-way' });
    await expect(check(into, '../x')).rejects.toMatchObject({ code: 'archive-client.unsafe-archive' });
    for (const name of ['file', 'link']) rmSync(join(into, name));
  });
});

const HOSTILE = [
  '..',
  '../outside/evil',
  './../outside/evil',
  'a/../../outside/evil',
  'a/..',
  'a\\..\\..\\outside\\evil',
  '/outside/evil',
  '//outside/evil',
  'C:\\evil',
  'C:/evil',
  'a\nb',
  'a\0b',
  'a/\u009b2J',
  '.almagest-fetch',
  '.almagest-fetch/evil',
  './/.almagest-fetch/evil',
];

describe('a folder for untrusted files', () => {
  it.each(HOSTILE)('refuses the name %j and creates nothing', (name) => {
    expect(codeOf(() => folder.fileAt(name))).toBe('archive-client.unsafe-archive');
    expect(codeOf(() => folder.pathOf(name))).toBe('archive-client.unsafe-archive');
    expect(codeOf(() => folder.directoryAt(name))).toBe('archive-client.unsafe-archive');
    expect(readdirSync(into)).toEqual([]);
  });

  it.each(['', '.', './', './/.'])('refuses a file without a name: %j', (name) => {
    expect(codeOf(() => folder.fileAt(name))).toBe('archive-client.unsafe-archive');
  });

  it('creates the parent directories of a file', () => {
    expect(folder.fileAt('./project/product//a..b.fits')).toBe(join(into, 'project/product/a..b.fits'));
    expect(lstatSync(join(into, 'project/product')).isDirectory()).toBe(true);
    expect(readdirSync(join(into, 'project/product'))).toEqual([]);
  });

  it('returns the path of a file and creates nothing', () => {
    expect(folder.pathOf('project/README')).toBe(join(into, 'project/README'));
    expect(readdirSync(into)).toEqual([]);
  });

  it('creates directories that their owner can write to, whatever their mode', () => {
    expect(lstatSync(folder.directoryAt('closed', 0o500)).mode & 0o777).toBe(0o700);
    expect(lstatSync(folder.directoryAt('shared', 0o755)).mode & 0o777).toBe(0o755 & ~process.umask());
    expect(folder.directoryAt('.')).toBe(into);
  });

  it.each([
    ['a link to a directory outside', () => symlinkSync(outside, join(into, 'a'))],
    ['a link to a directory inside', () => symlinkSync('.', join(into, 'a'))],
    ['a link to nothing', () => symlinkSync(join(outside, 'none'), join(into, 'a'))],
    ['a file', () => writeFileSync(join(into, 'a'), 'mine')],
  ])('does not write through %s in place of a directory', (_, put) => {
    put();
    for (const name of ['a/evil', 'a/b/evil']) {
      expect(codeOf(() => folder.fileAt(name))).toBe('archive-client.file-in-the-way');
      expect(codeOf(() => folder.directoryAt(name))).toBe('archive-client.file-in-the-way');
    }
    expect(codeOf(() => folder.directoryAt('a'))).toBe('archive-client.file-in-the-way');
    expect(readdirSync(into)).toEqual(['a']);
  });

  it('does not write through a link further down', () => {
    mkdirSync(join(into, 'project'));
    symlinkSync(outside, join(into, 'project', 'product'));
    expect(codeOf(() => folder.fileAt('project/product/evil'))).toBe('archive-client.file-in-the-way');
  });

  it('does not stage unfinished files behind a link', () => {
    symlinkSync(outside, join(into, '.almagest-fetch'));
    expect(codeOf(() => folder.stagingPath('part.tar'))).toBe('archive-client.file-in-the-way');
  });

  it('removes the staging directory only when it is empty', () => {
    folder.tidy();
    const unfinished = folder.stagingPath('part.tar');
    writeFileSync(unfinished, 'half');
    folder.tidy();
    expect(existsSync(unfinished)).toBe(true);
    rmSync(unfinished);
    folder.tidy();
    expect(readdirSync(into)).toEqual([]);
  });

  it('cannot be opened where a file exists', async () => {
    writeFileSync(join(into, 'file'), '');
    await expect(Folder.at(join(into, 'file'))).rejects.toMatchObject({ code: 'archive-client.cannot-write' });
    await expect(Folder.at(join(into, 'file', 'below'))).rejects.toMatchObject({ code: 'archive-client.cannot-write' });
  });

  it('may itself be a link that the user named', async () => {
    symlinkSync(into, join(into, 'link'));
    expect((await Folder.at(join(into, 'link'))).root).toBe(into);
  });

  it('cannot create a directory whose name is too long for the file system', () => {
    expect(codeOf(() => folder.fileAt(`${'a'.repeat(300)}/b`))).toBe('archive-client.cannot-write');
  });
});

describe('the steps of a name', () => {
  it('are its directories and its last part', () => {
    expect(stepsOf('./a//b/./c')).toEqual(['a', 'b', 'c']);
    expect(stepsOf('a..b/...')).toEqual(['a..b', '...']);
    expect(stepsOf('./')).toEqual([]);
  });
});
