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
import { CliError, type CliErrorCode } from '../cli.error';
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

function codeOf(action: () => unknown): CliErrorCode {
  try {
    action();
  } catch (error) {
    if (error instanceof CliError) return error.code;
    throw error;
  }
  throw new Error('it was accepted');
}

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

describe('a folder for files from outside', () => {
  it.each(HOSTILE)('refuses the name %j and makes nothing for it', (name) => {
    expect(codeOf(() => folder.fileAt(name))).toBe('cli.unsafe-archive');
    expect(codeOf(() => folder.wouldBeAt(name))).toBe('cli.unsafe-archive');
    expect(codeOf(() => folder.directoryAt(name))).toBe('cli.unsafe-archive');
    expect(readdirSync(into)).toEqual([]);
  });

  it.each(['', '.', './', './/.'])('has no file without a name: %j', (name) => {
    expect(codeOf(() => folder.fileAt(name))).toBe('cli.unsafe-archive');
  });

  it('puts a file below the directories of its name', () => {
    expect(folder.fileAt('./project/product//a..b.fits')).toBe(join(into, 'project/product/a..b.fits'));
    expect(lstatSync(join(into, 'project/product')).isDirectory()).toBe(true);
    expect(readdirSync(join(into, 'project/product'))).toEqual([]);
  });

  it('says where a file would be and makes nothing', () => {
    expect(folder.wouldBeAt('project/README')).toBe(join(into, 'project/README'));
    expect(readdirSync(into)).toEqual([]);
  });

  it('makes directories that their owner can write into, whatever their mode', () => {
    expect(lstatSync(folder.directoryAt('closed', 0o500)).mode & 0o777).toBe(0o700);
    expect(lstatSync(folder.directoryAt('shared', 0o755)).mode & 0o777).toBe(0o755 & ~process.umask());
    expect(folder.directoryAt('.')).toBe(into);
  });

  it.each([
    ['a link to a directory outside', () => symlinkSync(outside, join(into, 'a'))],
    ['a link to a directory inside', () => symlinkSync('.', join(into, 'a'))],
    ['a link to nothing', () => symlinkSync(join(outside, 'none'), join(into, 'a'))],
    ['a file', () => writeFileSync(join(into, 'a'), 'mine')],
  ])('does not go through %s that lies where a directory must be', (_, put) => {
    put();
    for (const name of ['a/evil', 'a/b/evil']) {
      expect(codeOf(() => folder.fileAt(name))).toBe('cli.file-in-the-way');
      expect(codeOf(() => folder.directoryAt(name))).toBe('cli.file-in-the-way');
    }
    expect(codeOf(() => folder.directoryAt('a'))).toBe('cli.file-in-the-way');
    expect(readdirSync(into)).toEqual(['a']);
  });

  it('does not go through a link deeper down', () => {
    mkdirSync(join(into, 'project'));
    symlinkSync(outside, join(into, 'project', 'product'));
    expect(codeOf(() => folder.fileAt('project/product/evil'))).toBe('cli.file-in-the-way');
  });

  it('keeps unfinished files in a directory of its own, not behind a link', () => {
    symlinkSync(outside, join(into, '.almagest-fetch'));
    expect(codeOf(() => folder.workshop('part.tar'))).toBe('cli.file-in-the-way');
  });

  it('tidies up once nothing unfinished is left, and no sooner', () => {
    folder.tidy();
    const unfinished = folder.workshop('part.tar');
    writeFileSync(unfinished, 'half');
    folder.tidy();
    expect(existsSync(unfinished)).toBe(true);
    rmSync(unfinished);
    folder.tidy();
    expect(readdirSync(into)).toEqual([]);
  });

  it('cannot be where a file is', async () => {
    writeFileSync(join(into, 'file'), '');
    await expect(Folder.at(join(into, 'file'))).rejects.toMatchObject({ code: 'cli.cannot-write' });
    await expect(Folder.at(join(into, 'file', 'below'))).rejects.toMatchObject({ code: 'cli.cannot-write' });
  });

  it('may itself be reached by a link, which is what the user named', async () => {
    symlinkSync(into, join(into, 'link'));
    expect((await Folder.at(join(into, 'link'))).root).toBe(into);
  });

  it('cannot make a directory whose name the file system does not take', () => {
    expect(codeOf(() => folder.fileAt(`${'a'.repeat(300)}/b`))).toBe('cli.cannot-write');
  });
});

describe('the steps of a name', () => {
  it('are its directories and its last part', () => {
    expect(stepsOf('./a//b/./c')).toEqual(['a', 'b', 'c']);
    expect(stepsOf('a..b/...')).toEqual(['a..b', '...']);
    expect(stepsOf('./')).toEqual([]);
  });
});
