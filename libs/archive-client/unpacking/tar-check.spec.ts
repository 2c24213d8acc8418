import { archive, gnuLong, member, pax, type RawHeader } from '@almagest/tar/testing/archive-builder';
import { ArchiveClientError } from '../archive-client.error';
import { TarCheck } from './tar-check';

const file = (name: string | Buffer, content = '') => member({ name }, content);
const directory = (name: string) => member({ name, typeflag: '5' });

function check(bytes: Buffer, chunkSize = bytes.length): void {
  const tar = new TarCheck();
  for (let at = 0; at < bytes.length; at += chunkSize) tar.write(bytes.subarray(at, at + chunkSize));
  tar.end('part.tar');
}

/** Returns the message that a tar is refused with. */
function refusal(...args: Parameters<typeof check>): string {
  try {
    check(...args);
  } catch (error) {
    if (!(error instanceof ArchiveClientError)) throw error;
    expect(error.code).toBe('archive-client.unsafe-archive');
    return error.message;
  }
  throw new Error('the tar was accepted');
}

describe('a tar check', () => {
  it('accepts files and directories', () => {
    const good = archive(
      directory('project/'),
      directory('project/product/'),
      file('project/product/a..b.fits', 'SIMPLE'),
      file('./project/README'),
      member({ name: 'project/old', typeflag: '7' }, 'contiguous'),
      directory('project/'),
      directory('./'),
    );
    expect(() => check(good)).not.toThrow();
    expect(() => check(good, 1)).not.toThrow();
    expect(() => check(archive())).not.toThrow();
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
    ['the directory of unfinished files', '.almagest-fetch/part.tar', 'directory of unfinished files'],
    ['the directory of unfinished files behind ./', './/.almagest-fetch/part.tar', 'directory of unfinished files'],
  ])('refuses %s, for a file and for a directory', (_, name, why) => {
    expect(refusal(archive(file('good'), file(name)))).toContain(why);
    expect(refusal(archive(file('good'), directory(name)))).toContain(why);
    expect(refusal(archive(file('good'), pax([['path', name]]), file('harmless')))).toContain(why);
    expect(refusal(archive(file('good'), gnuLong('L', name), file('harmless')))).toContain(why);
  });

  it("refuses a way up in a header's prefix", () => {
    expect(refusal(archive(member({ name: 'evil', prefix: '../..' })))).toContain('leads out of its folder');
  });

  it.each([
    ['a newline', file('a\nb')],
    ['an escape', file('a\u001b[2Jb')],
    ['bytes that are not UTF-8', file(Buffer.from([0x61, 0xff, 0x62]))],
    ['a NUL', Buffer.concat([pax([['path', 'good\0/../evil']]), file('harmless')])],
  ])('refuses a name with %s, and does not print it', (_, bytes) => {
    expect(refusal(archive(bytes))).toMatch(/is not valid text/);
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
  ] satisfies [string, RawHeader][])('refuses a %s: %j', (type, fields) => {
    expect(refusal(archive(file('good'), member({ name: 'evil', ...fields })))).toContain(`"evil" is a ${type}`);
  });

  it.each([
    ['letters', 'README', 'readme'],
    ['letters of a directory', 'Product/a', 'product/b'],
    ['letters with accents', 'É', 'é'],
    ['the way an accent is written', '\u00e9', 'e\u0301'],
    ['the sign for kelvin', '\u212a', 'k'],
  ])('refuses two names that differ only in %s', (_, one, other) => {
    expect(refusal(archive(file(Buffer.from(one)), file(Buffer.from(other))))).toContain(
      'file system that ignores case',
    );
    expect(refusal(archive(directory(latin(other)), file(Buffer.from(one))))).toContain(
      'file system that ignores case',
    );
  });

  it.each([
    ['a', 'a'],
    ['a', './a'],
    ['a/b', 'a//b'],
    ['a/b', './a/./b'],
  ])('refuses a file that occurs twice, as %s and %s', (one, other) => {
    expect(refusal(archive(file(one), file('between'), file(other)))).toContain('occurs twice');
  });

  it.each([
    ['a file before the directory', archive(file('a'), directory('a'))],
    ['a directory before the file', archive(directory('a'), file('a'))],
    ['a file that others are below', archive(file('a'), file('a/b'))],
    ['a file where others were below', archive(file('a/b'), file('a'))],
  ])('refuses %s of the same name', (_, bytes) => {
    expect(refusal(bytes)).toContain('is a file and a directory');
  });

  it.each(['.', './.'])('refuses a file without a name: %j', (name) => {
    expect(refusal(archive(file(name)))).toContain('is a file without a name');
  });

  it.each([
    ['is cut short', archive(file('a', 'content')).subarray(0, 1024)],
    ['has no end', file('a', 'content')],
    ['is an HTML page', Buffer.from('<html><body>Your session expired</body></html>'.padEnd(512))],
    ['is empty', Buffer.alloc(0)],
    ['has a broken checksum', archive(file('a'), member({ name: 'b', checksum: 'wrong' }))],
    ['continues after its end', Buffer.concat([archive(file('a')), archive(file('../evil'))])],
  ])('refuses a tar that %s', (_, bytes) => {
    expect(refusal(bytes)).toContain('part.tar cannot be unpacked: ');
  });

  it('reports the first fault at the end, in chunks of any size', () => {
    const bytes = archive(file('good', 'x'.repeat(2000)), file('../first'), file('/second'));
    for (const size of [1, 511, 512, 513, bytes.length]) expect(refusal(bytes, size)).toContain('"../first"');
  });
});

/** Returns a name as its UTF-8 bytes, one character for each, as the header builder expects. */
function latin(name: string): string {
  return Buffer.from(name).toString('latin1');
}
