import { archive, gnuLong, member, pax, type RawHeader } from '@almagest/tar/testing/archive-builder';
import { CliError } from '../cli.error';
import { TarCheck } from './tar-check';

const file = (name: string | Buffer, content = '') => member({ name }, content);
const directory = (name: string) => member({ name, typeflag: '5' });

function look(bytes: Buffer, chunkSize = bytes.length): void {
  const check = new TarCheck();
  for (let at = 0; at < bytes.length; at += chunkSize) check.write(bytes.subarray(at, at + chunkSize));
  check.end('part.tar');
}

/** The message a tar is refused with. */
function refusal(...args: Parameters<typeof look>): string {
  try {
    look(...args);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    expect(error.code).toBe('cli.unsafe-archive');
    return error.message;
  }
  throw new Error('the tar was accepted');
}

describe('a look through a tar', () => {
  it('finds nothing in one of files and directories', () => {
    const good = archive(
      directory('project/'),
      directory('project/product/'),
      file('project/product/a..b.fits', 'SIMPLE'),
      file('./project/README'),
      member({ name: 'project/old', typeflag: '7' }, 'contiguous'),
      directory('project/'),
      directory('./'),
    );
    expect(() => look(good)).not.toThrow();
    expect(() => look(good, 1)).not.toThrow();
    expect(() => look(archive())).not.toThrow();
  });

  it.each([
    ['a way up', '../evil', 'leads out of its folder'],
    ['a way up alone', '..', 'leads out of its folder'],
    ['a way up behind ./', './../evil', 'leads out of its folder'],
    ['a way up that comes back', 'a/../b', 'leads out of its folder'],
    ['a way up at the end', 'a/..', 'leads out of its folder'],
    ['a way up with backslashes', 'a\\..\\..\\evil', 'leads out of its folder'],
    ['an absolute path', '/etc/evil', 'is an absolute path'],
    ['an absolute path twice over', '//etc/evil', 'is an absolute path'],
    ['a drive', 'C:\\evil', 'is an absolute path'],
    ['a drive with a slash', 'c:/evil', 'is an absolute path'],
    ['the folder for unfinished files', '.almagest-fetch/part.tar', 'folder for unfinished files'],
    ['the folder for unfinished files behind ./', './/.almagest-fetch/part.tar', 'folder for unfinished files'],
  ])('tells of %s, for a file and for a directory', (_, name, why) => {
    expect(refusal(archive(file('good'), file(name)))).toContain(why);
    expect(refusal(archive(file('good'), directory(name)))).toContain(why);
    expect(refusal(archive(file('good'), pax([['path', name]]), file('harmless')))).toContain(why);
    expect(refusal(archive(file('good'), gnuLong('L', name), file('harmless')))).toContain(why);
  });

  it("tells of a way up in a header's prefix", () => {
    expect(refusal(archive(member({ name: 'evil', prefix: '../..' })))).toContain('leads out of its folder');
  });

  it.each([
    ['a newline', file('a\nb')],
    ['an escape', file('a\u001b[2Jb')],
    ['bytes that are not UTF-8', file(Buffer.from([0x61, 0xff, 0x62]))],
    ['a NUL', Buffer.concat([pax([['path', 'good\0/../evil']]), file('harmless')])],
  ])('tells of a name with %s, which it does not print', (_, bytes) => {
    expect(refusal(archive(bytes))).toMatch(/is no proper text/);
    expect(refusal(archive(bytes))).not.toMatch(/\p{Cc}/u);
  });

  it.each([
    ['symlink', { typeflag: '2', linkName: '../../outside' }],
    ['symlink', { typeflag: '2', linkName: 'good' }],
    ['hardlink', { typeflag: '1', linkName: '/etc/passwd' }],
    ['hardlink', { typeflag: '1', linkName: 'good' }],
    ['character-device', { typeflag: '3' }],
    ['block-device', { typeflag: '4' }],
    ['fifo', { typeflag: '6' }],
    ['other', { typeflag: 'Z' }],
  ] satisfies [string, RawHeader][])('tells of a %s: %j', (type, fields) => {
    expect(refusal(archive(file('good'), member({ name: 'evil', ...fields })))).toContain(`"evil" is a ${type}`);
  });

  it.each([
    ['letters', 'README', 'readme'],
    ['letters of a directory', 'Product/a', 'product/b'],
    ['letters with accents', 'É', 'é'],
    ['the way an accent is written', '\u00e9', 'e\u0301'],
    ['the sign for kelvin', '\u212a', 'k'],
  ])('tells of two names that differ in %s only', (_, one, other) => {
    expect(refusal(archive(file(Buffer.from(one)), file(Buffer.from(other))))).toContain('where case does not count');
    expect(refusal(archive(directory(latin(other)), file(Buffer.from(one))))).toContain('where case does not count');
  });

  it.each([
    ['a', 'a'],
    ['a', './a'],
    ['a/b', 'a//b'],
    ['a/b', './a/./b'],
  ])('tells of a file that is there twice, as %s and %s', (one, other) => {
    expect(refusal(archive(file(one), file('between'), file(other)))).toContain('is there twice');
  });

  it.each([
    ['a file before the directory', archive(file('a'), directory('a'))],
    ['a directory before the file', archive(directory('a'), file('a'))],
    ['a file that others are below', archive(file('a'), file('a/b'))],
    ['a file where others were below', archive(file('a/b'), file('a'))],
  ])('tells of %s of the same name', (_, bytes) => {
    expect(refusal(bytes)).toContain('is a file and a directory');
  });

  it.each(['.', './.'])('tells of a file without a name: %j', (name) => {
    expect(refusal(archive(file(name)))).toContain('is a file without a name');
  });

  it.each([
    ['is cut short', archive(file('a', 'content')).subarray(0, 1024)],
    ['has no end', file('a', 'content')],
    ['is an HTML page', Buffer.from('<html><body>Your session expired</body></html>'.padEnd(512))],
    ['is nothing', Buffer.alloc(0)],
    ['has a broken checksum', archive(file('a'), member({ name: 'b', checksum: 'wrong' }))],
    ['goes on behind its end', Buffer.concat([archive(file('a')), archive(file('../evil'))])],
  ])('tells of a tar that %s', (_, bytes) => {
    expect(refusal(bytes)).toContain('part.tar cannot be unpacked: ');
  });

  it('tells of the first thing that is wrong, in chunks of any size, once all was written', () => {
    const bytes = archive(file('good', 'x'.repeat(2000)), file('../first'), file('/second'));
    for (const size of [1, 511, 512, 513, bytes.length]) expect(refusal(bytes, size)).toContain('"../first"');
  });
});

/** A name as the bytes of its UTF-8, which the header takes one by one. */
function latin(name: string): string {
  return Buffer.from(name).toString('latin1');
}
