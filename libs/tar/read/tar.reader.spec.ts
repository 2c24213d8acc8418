import {
  archive,
  base256,
  gnuLong,
  header,
  member,
  padded,
  pax,
  readArchive,
  ReadMember,
} from '../testing/archive-builder';
import { TarReader } from './tar.reader';

const DATA = Buffer.from('SIMPLE  =                    T');

function only(bytes: Buffer): ReadMember {
  const { members } = readArchive(bytes);
  expect(members).toHaveLength(1);
  return members[0] as ReadMember;
}

describe('TarReader', () => {
  it('reports a member with its offsets, mode, time and content', () => {
    const { members, summary } = readArchive(
      archive(member({ name: 'a', mode: 0o640 }, DATA), member({ name: 'dir/b', mtime: 0o777 }, Buffer.alloc(512, 1))),
    );
    expect(members).toEqual([
      {
        path: 'a',
        pathFlaw: null,
        type: 'file',
        size: 30,
        offset: 512,
        storedSize: 30,
        segments: null,
        mode: 0o640,
        mtime: new Date(1421744400_000),
        linkPath: null,
        headerOffset: 0,
        content: DATA,
      },
      expect.objectContaining({ path: 'dir/b', offset: 1536, headerOffset: 1024, mtime: new Date(0o777 * 1000) }),
    ]);
    expect(summary).toEqual({ entries: 2, bytes: 3072, endOffset: 2048, padding: 0 });
  });

  it.each([
    ['0', 'file'],
    ['\0', 'file'],
    ['1', 'hardlink'],
    ['2', 'symlink'],
    ['3', 'character-device'],
    ['4', 'block-device'],
    ['5', 'directory'],
    ['6', 'fifo'],
    ['7', 'contiguous-file'],
    ['V', 'other'],
    ['Z', 'other'],
  ])('reports type flag %j as %s', (typeflag, type) => {
    expect(only(archive(member({ typeflag })))).toMatchObject({ type, size: 0, content: Buffer.alloc(0) });
  });

  it('reads the data of contiguous files and of unknown types', () => {
    expect(only(archive(member({ typeflag: '7' }, DATA))).content).toEqual(DATA);
    expect(only(archive(member({ typeflag: 'D' }, DATA)))).toMatchObject({ type: 'other', content: DATA });
  });

  it('reads headers of v7 without magic, where a trailing slash marks a directory', () => {
    const { members } = readArchive(
      archive(member({ magic: 'v7', name: 'd/', typeflag: '\0' }), member({ magic: 'v7' }, DATA)),
    );
    expect(members).toMatchObject([
      { path: 'd', type: 'directory' },
      { path: 'file', content: DATA },
    ]);
  });

  it('joins the prefix of ustar and the name, up to 155 + 100 bytes', () => {
    const [prefix, name] = ['p'.repeat(155), 'n'.repeat(100)];
    expect(only(archive(member({ prefix, name }))).path).toBe(`${prefix}/${name}`);
  });

  it('does not read other fields of GNU tar as a prefix', () => {
    expect(only(archive(member({ magic: 'gnu', prefix: '15300752042' }))).path).toBe('file');
  });

  it('keeps names as stored, except for the slash at the end of a directory', () => {
    const names = ['./a', '/etc/passwd', '../b', 'a//b', 'C:\\x', ' a ', ''];
    const { members } = readArchive(archive(...names.map((name) => member({ name }))));
    expect(members.map(({ path }) => path)).toEqual(names);
    expect(only(archive(member({ name: 'd//', typeflag: '5' }))).path).toBe('d');
    expect(only(archive(member({ name: '/', typeflag: '5' }))).path).toBe('/');
    expect(only(archive(member({ name: 'l/', typeflag: '2', linkName: 'x/' })))).toMatchObject({
      path: 'l/',
      linkPath: 'x/',
    });
  });

  it('reads names of lengths around the field sizes from GNU and pax headers', () => {
    for (const length of [99, 100, 101, 155, 156, 255, 256, 257, 1000]) {
      const name = 'é'.repeat(length);
      expect(only(archive(gnuLong('L', name), member({ magic: 'gnu' }, DATA)))).toMatchObject({
        path: name,
        content: DATA,
      });
      expect(only(archive(pax([['path', name]]), member({}, DATA)))).toMatchObject({ path: name, content: DATA });
    }
  });

  it('reads long link targets from GNU and pax headers', () => {
    const target = 't'.repeat(300);
    expect(
      only(archive(gnuLong('L', 'name'), gnuLong('K', target), member({ typeflag: '2', magic: 'gnu' }))),
    ).toMatchObject({
      path: 'name',
      linkPath: target,
    });
    expect(only(archive(pax([['linkpath', target]]), member({ typeflag: '1' }))).linkPath).toBe(target);
  });

  it('reports the offset of the first extension header as the header offset of a member', () => {
    const { members } = readArchive(
      archive(member({}, DATA), pax([['comment', 'x']], 'g'), gnuLong('L', 'a'), member({ magic: 'gnu' }), member({})),
    );
    expect(members.map(({ headerOffset }) => headerOffset)).toEqual([0, 2048, 3584]);
  });

  it('applies a pax header to the next member, and a global one to all that follow', () => {
    const { members } = readArchive(
      archive(
        pax([['mtime', '100']], 'g'),
        pax([
          ['mtime', '200.75'],
          ['path', 'long'],
        ]),
        member({}),
        member({ name: 'second' }),
        pax([['mtime', '']]),
        member({ name: 'third', mtime: 300 }),
        pax([['mtime', '']], 'g'),
        member({ name: 'fourth', mtime: 400 }),
      ),
    );
    expect(members.map(({ path, mtime }) => [path, mtime?.getTime()])).toEqual([
      ['long', 200_750],
      ['second', 100_000],
      ['third', 300_000],
      ['fourth', 400_000],
    ]);
  });

  it('reads the last of repeated pax keywords, and the type X of Solaris as a pax header', () => {
    const records: [string, string][] = [
      ['path', 'one'],
      ['path', 'two'],
    ];
    expect(only(archive(pax(records, 'X'), member({}))).path).toBe('two');
  });

  it('ignores pax keywords that do not affect the content', () => {
    const records: [string, string][] = [
      ['atime', '1'],
      ['charset', 'BINARY'],
      ['comment', 'c'],
      ['gid', '99999999'],
      ['gname', 'g'],
      ['hdrcharset', 'ISO-IR 10646 2000 UTF-8'],
      ['realtime.x', 'r'],
      ['security.x', 's'],
      ['SCHILY.xattr.user.x', 'v'],
      ['uid', '1'],
      ['uname', 'u'],
    ];
    expect(only(archive(pax(records), member({}, DATA)))).toMatchObject({ path: 'file', content: DATA });
  });

  it('reads extension headers without a body', () => {
    expect(only(archive(header({ typeflag: 'x' }), member({}, DATA)))).toMatchObject({ path: 'file', headerOffset: 0 });
    expect(only(archive(header({ typeflag: 'L' }), member({}, DATA))).path).toBe('');
  });

  it('prefers the size of a pax header to that of the header', () => {
    const bytes = archive(pax([['size', '30']]), header({ size: 0 }), padded(DATA));
    expect(only(bytes)).toMatchObject({ size: 30, storedSize: 30, offset: 1536, content: DATA });
  });

  it('reads base-256 sizes and times', () => {
    const bytes = archive(
      header({
        patches: [
          [124, base256(30n, 12)],
          [136, base256(-1n, 12)],
        ],
      }),
      padded(DATA),
    );
    expect(only(bytes)).toMatchObject({ content: DATA, mtime: new Date(-1000) });
  });

  it('reads times before 1970 from pax, and null for times outside the range of a Date', () => {
    expect(only(archive(pax([['mtime', '-1.25']]), member({}))).mtime).toEqual(new Date(-1250));
    expect(only(archive(pax([['mtime', '9999999999999999']]), member({}))).mtime).toBeNull();
    expect(only(archive(header({ patches: [[136, base256(2n ** 60n, 12)]] }))).mtime).toBeNull();
  });

  it('accepts checksums of unsigned and of signed bytes', () => {
    for (const checksum of ['unsigned', 'signed'] as const) {
      expect(only(archive(member({ name: Buffer.from('größe'), checksum }))).path).toBe('größe');
    }
  });

  it('reports why a name cannot be trusted as text', () => {
    const flaw = (...blocks: Buffer[]) => only(archive(...blocks)).pathFlaw;
    expect(flaw(member({ name: 'plain' }))).toBeNull();
    expect(flaw(member({ name: Buffer.from('Ω') }))).toBeNull();
    expect(flaw(member({ name: Buffer.from([0x61, 0xff]) }))).toBe('not-utf-8');
    expect(flaw(member({ name: 'a\nb' }))).toBe('control-character');
    expect(flaw(pax([['path', 'a\u009bb']]), member({}))).toBe('control-character');
    expect(flaw(pax([['path', 'a\0b']]), member({}))).toBe('nul');
  });

  it('reads an archive without members, and zeros of any length after its end', () => {
    for (const padding of [0, 512, 8192, 2_500_000]) {
      const bytes = Buffer.concat([archive(), Buffer.alloc(padding)]);
      expect(readArchive(bytes).summary).toEqual({ entries: 0, bytes: 1024 + padding, endOffset: 0, padding });
    }
  });

  it('skips the content of a member without a sink', () => {
    const paths: string[] = [];
    const reader = new TarReader({
      onEntry: (entry) => {
        paths.push(entry.path);
        return null;
      },
    });
    reader.write(archive(member({ name: 'a' }, DATA), member({ name: 'b' }, DATA)));
    expect(reader.end().entries).toBe(2);
    expect(paths).toEqual(['a', 'b']);
  });

  it('passes content to the sink as views of the written bytes', () => {
    const bytes = archive(member({}, Buffer.alloc(4096, 7)));
    const buffers: ArrayBufferLike[] = [];
    const reader = new TarReader({
      onEntry: () => ({ data: (chunk) => buffers.push(chunk.buffer), end: () => undefined }),
    });
    reader.write(bytes);
    expect(buffers).toHaveLength(1);
    expect(buffers[0]).toBe(bytes.buffer);
  });

  it('throws the error of a sink unchanged, and again in later calls', () => {
    const error = new Error('disk full');
    const reader = new TarReader({
      onEntry: () => ({
        data: () => {
          throw error;
        },
        end: () => undefined,
      }),
    });
    expect(() => reader.write(archive(member({}, DATA)))).toThrow(error);
    expect(() => reader.write(Buffer.alloc(512))).toThrow(error);
    expect(() => reader.end()).toThrow(error);
  });

  it('refuses calls after the end', () => {
    const reader = new TarReader({ onEntry: () => null });
    reader.write(archive());
    reader.end();
    expect(() => reader.write(Buffer.alloc(1))).toThrow(
      expect.objectContaining({ code: 'tar.reader-closed' }) as Error,
    );
  });
});
