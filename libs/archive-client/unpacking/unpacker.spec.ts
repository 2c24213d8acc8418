import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TarError } from '@almagest/tar';
import { archive, gnuLong, member, pax } from '@almagest/tar/testing/archive-builder';
import { treeListing } from '@almagest/tar/testing/tree-listing';
import { ArchiveClientError } from '../archive-client.error';
import { Folder } from './folder';
import { TarCheck } from './tar-check';
import { Unpacker } from './unpacker';

const TIME = 1421744400;
const STAGING = '.almagest-fetch';

const file = (name: string, content: string | Buffer = '', mode = 0o644) => member({ name, mode }, content);
const directory = (name: string, mode = 0o755) => member({ name, mode, typeflag: '5' });

let base: string;
let into: string;
let outside: string;
let tar: string;
let before: string[];

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'almagest-unpack-')));
  [into, outside, tar] = [join(base, 'into'), join(base, 'outside'), join(base, 'part.tar')];
  for (const path of [into, outside]) mkdirSync(path);
  writeFileSync(join(outside, 'precious'), 'mine', { mode: 0o600 });
  utimesSync(join(outside, 'precious'), 1_000_000, 1_000_000);
  utimesSync(outside, 1_000_000, 1_000_000);
  before = besides();
});

afterEach(() => {
  const after = besides();
  rmSync(base, { recursive: true });
  expect(after).toEqual(before);
});

/** Lists everything outside the folder except the tar. */
function besides(): string[] {
  const { mtimeMs } = statSync(outside);
  return [...readdirSync(base).filter((name) => name !== 'part.tar'), `${mtimeMs}`, ...treeListing(outside)];
}

/** Unpacks a tar as a fetch does, after a TarCheck unless `checked` is false; returns the sizes of its files. */
async function unpack(
  bytes: Buffer,
  { checked = true, signal = new AbortController().signal } = {},
): Promise<number[]> {
  writeFileSync(tar, bytes);
  const check = new TarCheck();
  check.write(bytes);
  if (checked) check.end('part.tar');
  const folder = await Folder.at(into);
  const unpacker = new Unpacker(folder);
  const sizes: number[] = [];
  await unpacker.unpack(tar, signal, (size) => sizes.push(size));
  unpacker.finish();
  folder.tidy();
  return sizes;
}

async function refusal(...args: Parameters<typeof unpack>): Promise<ArchiveClientError> {
  try {
    await unpack(...args);
  } catch (error) {
    if (error instanceof ArchiveClientError) return error;
    throw error;
  }
  throw new Error('the tar was unpacked');
}

const read = (name: string) => readFileSync(join(into, name), 'utf8');
const modeOf = (name: string) => lstatSync(join(into, name)).mode & 0o7777;
const timeOf = (name: string) => lstatSync(join(into, name)).mtimeMs / 1000;

describe('a good tar', () => {
  const long = `project/${'long/'.repeat(30)}name.fits`;
  const large = Buffer.alloc(3 * 1024 * 1024 + 7, 'almagest');
  const good = archive(
    directory('project/', 0o750),
    directory('project/empty/', 0o500),
    file('./project/README', 'QA2 Result: PASS\n', 0o640),
    file('project/script/scriptForPI.py', 'print()\n', 0o4755),
    file('project/unreadable', 'x', 0o000),
    file('project/nothing'),
    file('project/large', large),
    gnuLong('L', long),
    file('cut', 'long'),
    pax([
      ['path', 'project/Größe'],
      ['mtime', '1421744400.25'],
    ]),
    file('ascii', 'pax'),
  );

  it('is unpacked with its contents, and leaves nothing unfinished', async () => {
    const sizes = await unpack(good);
    expect(sizes).toEqual([17, 8, 1, 0, large.length, 4, 3]);
    expect(readdirSync(into)).toEqual(['project']);
    const names = ['Größe', 'README', 'empty', 'large', 'long', 'nothing', 'script', 'unreadable'];
    expect(readdirSync(join(into, 'project')).sort()).toEqual(names);
    expect(read('project/README')).toBe('QA2 Result: PASS\n');
    expect(read('project/nothing')).toBe('');
    expect(read(long)).toBe('long');
    expect(read('project/Größe')).toBe('pax');
    expect(readFileSync(join(into, 'project/large')).equals(large)).toBe(true);
  });

  it('gives files their modes within the umask, and keeps them readable', async () => {
    await unpack(good);
    const allowed = 0o777 & ~process.umask();
    expect(modeOf('project/README')).toBe(0o640 & allowed);
    expect(modeOf('project/script/scriptForPI.py')).toBe(0o755 & allowed);
    expect(modeOf('project/unreadable')).toBe(0o400);
    expect(modeOf('project')).toBe(0o750 & allowed);
    expect(modeOf('project/empty')).toBe(0o700);
  });

  it('gives files and listed directories their times', async () => {
    await unpack(good);
    const listed = ['project', 'project/empty', 'project/README', 'project/script/scriptForPI.py', 'project/large'];
    expect(listed.map(timeOf)).toEqual(listed.map(() => TIME));
    expect(timeOf('project/Größe')).toBe(TIME + 0.25);
  });

  it('changes nothing when it is unpacked again', async () => {
    const first = await unpack(good);
    writeFileSync(join(into, 'mine'), 'mine');
    const listing = treeListing(into);
    expect(await unpack(good)).toEqual(first);
    expect(treeListing(into)).toEqual(listing);
  });

  it('replaces a member that another run left unfinished', async () => {
    mkdirSync(join(into, STAGING));
    writeFileSync(join(into, STAGING, 'part.tar.member'), 'half of something that was longer');
    await unpack(archive(file('a', 'whole')));
    expect(read('a')).toBe('whole');
    expect(readdirSync(into)).toEqual(['a']);
  });
});

describe('a hostile tar', () => {
  const evil = (name: string) => file(name, 'evil');

  it.each([
    ['a way up', () => evil('../outside/evil')],
    ['a way up from below', () => evil('a/../../outside/precious')],
    ['a way up in its prefix', () => member({ name: 'outside/evil', prefix: '..' }, 'evil')],
    ['a way up in a pax header', () => Buffer.concat([pax([['path', '../outside/evil']]), evil('a')])],
    ['a way up in a GNU long name', () => Buffer.concat([gnuLong('L', '../outside/evil'), evil('a')])],
    ['a way up with backslashes', () => evil('..\\outside\\evil')],
    ['a directory up', () => directory('../outside/evil')],
    ['the directory above', () => directory('..')],
    ['an absolute path', () => evil(join(outside, 'evil'))],
    ['an absolute directory', () => directory(join(outside, 'evil'))],
    ['a newline', () => evil('a\nb')],
    ['the directory of unfinished files', () => evil(`${STAGING}/part.tar`)],
  ])('with %s is refused, with and without a check before', async (_, bytes) => {
    const hostile = archive(evil('first'), bytes());
    expect((await refusal(hostile)).code).toBe('archive-client.unsafe-archive');
    expect(readdirSync(into)).toEqual([]);
    expect((await refusal(hostile, { checked: false })).code).toBe('archive-client.unsafe-archive');
  });

  it.each([
    ['a symbolic link to a directory outside', '2', () => outside],
    ['a symbolic link up', '2', () => '../outside'],
    ['a symbolic link inside', '2', () => 'first'],
    ['a hard link to a file outside', '1', () => join(outside, 'precious')],
    ['a hard link inside', '1', () => 'first'],
    ['a character device', '3', () => ''],
    ['a block device', '4', () => ''],
    ['a fifo', '6', () => ''],
  ])('with %s is refused before anything is written, and never written through', async (_, typeflag, linkName) => {
    const link = member({ name: 'link', typeflag, linkName: linkName() });
    expect((await refusal(archive(evil('first'), link))).code).toBe('archive-client.unsafe-archive');
    expect(readdirSync(into)).toEqual([]);
    const through = archive(evil('first'), link, evil('link/evil'));
    expect((await refusal(through, { checked: false })).code).toBe('archive-client.file-in-the-way');
    const over = archive(evil('second'), link, evil('link'));
    expect((await refusal(over, { checked: false })).code).toBe('archive-client.file-in-the-way');
    expect(lstatSync(join(into, 'link')).isFile()).toBe(true);
    expect(lstatSync(join(into, 'link')).nlink).toBe(1);
  });

  it.each([
    ['two names that differ in case', archive(evil('README'), evil('readme'))],
    ['a directory that differs in case', archive(evil('a/one'), evil('A/two'))],
    ['a file that occurs twice', archive(evil('a'), file('a', 'same'))],
    ['a file below a file', archive(evil('a'), evil('a/b'))],
    ['a file where a directory is', archive(evil('a/b'), evil('a'))],
  ])('with %s is refused before anything is written', async (_, bytes) => {
    expect((await refusal(bytes)).code).toBe('archive-client.unsafe-archive');
    expect(readdirSync(into)).toEqual([]);
  });

  it.each([
    ['other content', file('a', 'same')],
    ['another size', file('a', 'longer')],
    ['a file below it', evil('a/b')],
    ['a directory', directory('a')],
  ])('with a name twice keeps the first, even without a check: %s', async (_, second) => {
    const error = await refusal(archive(evil('a'), second), { checked: false });
    expect(error.code).toBe('archive-client.file-in-the-way');
    expect(read('a')).toBe('evil');
  });

  it('that is cut short gives no incomplete file its name', async () => {
    const cut = archive(evil('whole'), file('cut', 'x'.repeat(5000))).subarray(0, 4096);
    expect((await refusal(cut)).code).toBe('archive-client.unsafe-archive');
    expect(readdirSync(into)).toEqual([]);
    const error = await refusal(cut, { checked: false });
    expect(error.code).toBe('archive-client.unsafe-archive');
    expect(error.cause).toBeInstanceOf(TarError);
    expect(readdirSync(into).sort()).toEqual([STAGING, 'whole']);
  });

  it.each([
    ['a file', '', '0'],
    ['a file in a directory', 'a/', '0'],
    ['a directory', '', '5'],
  ])(
    'with a name of %s that is too long for the file system ends in an ArchiveClientError',
    async (_, above, typeflag) => {
      const name = above + 'n'.repeat(300);
      const error = await refusal(archive(gnuLong('L', name), member({ name: 'cut', typeflag })));
      expect(error.code).toBe('archive-client.cannot-write');
      expect(error.message).toContain('the name is too long for this file system');
    },
  );
});

describe('what is on the disk', () => {
  it.each([
    ['a link to a directory outside', () => symlinkSync(outside, join(into, 'a'))],
    ['a link to a directory inside', () => symlinkSync('b', join(into, 'a'))],
    ['a link to nothing', () => symlinkSync(join(outside, 'none'), join(into, 'a'))],
    ['a file', () => writeFileSync(join(into, 'a'), 'mine')],
  ])('is in the way of a directory if it is %s', async (_, put) => {
    mkdirSync(join(into, 'b'));
    put();
    const listing = readdirSync(into);
    for (const bytes of [archive(file('a/evil', 'evil')), archive(directory('a'), file('a/precious', 'evil'))]) {
      const error = await refusal(bytes);
      expect(error.code).toBe('archive-client.file-in-the-way');
      expect(error.message).toContain(join(into, 'a'));
      expect(readdirSync(into)).toEqual(listing);
      expect(readdirSync(join(into, 'b'))).toEqual([]);
    }
  });

  it.each([
    ['a link to a file outside', () => symlinkSync(join(outside, 'precious'), join(into, 'a'))],
    ['a link to the same content', () => symlinkSync('same', join(into, 'a'))],
    ['a link to nothing outside', () => symlinkSync(join(outside, 'none'), join(into, 'a'))],
    ['a directory', () => mkdirSync(join(into, 'a'))],
    ['a fifo', () => execFileSync('mkfifo', [join(into, 'a')])],
    ['a file of another size', () => writeFileSync(join(into, 'a'), 'evil, and more of mine')],
    ['a file of the same size', () => writeFileSync(join(into, 'a'), 'mine')],
  ])('is in the way of a file if it is %s', async (_, put) => {
    writeFileSync(join(into, 'same'), 'evil');
    put();
    const facts = lstatSync(join(into, 'a'));
    const error = await refusal(archive(file('a', 'evil')));
    expect(error.code).toBe('archive-client.file-in-the-way');
    expect(error.message).toContain(join(into, 'a'));
    const { ino, mode, size, mtimeMs } = lstatSync(join(into, 'a'));
    expect({ ino, mode, size, mtimeMs }).toEqual({
      ino: facts.ino,
      mode: facts.mode,
      size: facts.size,
      mtimeMs: facts.mtimeMs,
    });
  });

  it('is in the way if a large file differs in its last byte', async () => {
    const large = Buffer.alloc(2 * 1024 * 1024 + 1, 'a');
    const mine = Buffer.from(large);
    mine[mine.length - 1] = 0;
    writeFileSync(join(into, 'a'), mine);
    expect((await refusal(archive(file('a', large)))).code).toBe('archive-client.file-in-the-way');
    expect(readFileSync(join(into, 'a')).equals(mine)).toBe(true);
  });

  it('is not written through if it is a link in place of the staging directory', async () => {
    symlinkSync(outside, join(into, STAGING));
    expect((await refusal(archive(file('a', 'evil')))).code).toBe('archive-client.file-in-the-way');
  });

  it('is not written through if it is a link in place of an unfinished member', async () => {
    mkdirSync(join(into, STAGING));
    symlinkSync(join(outside, 'precious'), join(into, STAGING, 'part.tar.member'));
    await unpack(archive(file('a', 'evil')));
    expect(lstatSync(join(into, 'a')).isFile()).toBe(true);
    expect(read('a')).toBe('evil');
  });
});

describe('unpacking', () => {
  it('throws the reason of its signal', async () => {
    const reason = new Error('interrupted');
    await expect(unpack(archive(file('a')), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(readdirSync(into)).toEqual([]);
  });

  it('stops in the middle of a hole', async () => {
    const stop = new AbortController();
    const reason = new Error('interrupted');
    const staged = join(into, STAGING, 'part.tar.member');
    const watch = setInterval(() => existsSync(staged) && stop.abort(reason), 0);
    const hole = archive(pax([['GNU.sparse.size', `${2 ** 30}`]]), file('a'));
    const unpacked = unpack(hole, { signal: stop.signal }).finally(() => clearInterval(watch));
    await expect(unpacked).rejects.toBe(reason);
    expect(statSync(staged).size).toBeLessThan(2 ** 30);
  });

  it('fails when the tar does not exist', async () => {
    const unpacker = new Unpacker(await Folder.at(into));
    const unpacked = unpacker.unpack(join(base, 'none.tar'), new AbortController().signal, () => undefined);
    await expect(unpacked).rejects.toMatchObject({ code: 'archive-client.cannot-read' });
  });
});
