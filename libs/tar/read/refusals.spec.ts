import { gzipSync } from 'node:zlib';
import {
  archive,
  base256,
  gnuLong,
  header,
  member,
  padded,
  pax,
  readArchive,
  refusal,
} from '../testing/archive-builder';
import { TarReader } from './tar.reader';

const DATA = Buffer.from('SIMPLE  =                    T');

describe('TarReader refuses', () => {
  it.each([
    ['gzip', gzipSync(archive(member({}, DATA)))],
    ['bzip2', Buffer.from('BZh91AY&SY')],
    ['xz', Buffer.from('\xfd7zXZ\0\0\x04', 'latin1')],
    ['zstd', Buffer.from('\x28\xb5\x2f\xfd\x04\0', 'latin1')],
    ['ZIP', Buffer.from('PK\x03\x04\x14\0')],
  ])('%s data, and reports the format', (name, bytes) => {
    for (const whole of [bytes, Buffer.concat([bytes, Buffer.alloc(2048, 7)])]) {
      expect(refusal(whole)).toMatchObject({
        code: 'tar.compressed',
        offset: 0,
        found: `${name} data`,
        retryable: false,
      });
    }
  });

  it.each([
    ['an HTML page', '<!DOCTYPE html>\n<html><head><title>Session expired</title>'],
    ['an HTML page', '\n  <HTML lang="en">'],
    ['an HTML page', '\ufeff<html>'],
    ['an XML document', '<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>'],
    ['JSON', '{"error": "not found"}'],
    ['a FITS file', 'SIMPLE  =                    T / conforms to FITS'],
    ['text', '404 Not Found\n'],
    ['a file beginning', '\x00\x01\x02\x03'],
  ])('%s instead of a tar, short or long, and reports what it is', (name, start) => {
    const long = Buffer.concat([Buffer.from(start), Buffer.alloc(4096, 'x')]);
    for (const bytes of [Buffer.from(start), long]) {
      for (const chunkSizes of [[1], [100], [10_000]]) {
        const error = refusal(bytes, { chunkSizes });
        expect(error).toMatchObject({ code: 'tar.not-a-tar', offset: 0, expected: 'a tar header' });
        expect(error.found).toContain(name);
      }
    }
  });

  it('an empty file', () => {
    expect(refusal(Buffer.alloc(0)).code).toBe('tar.empty');
  });

  it('a header whose checksum does not match, at its offset', () => {
    const bytes = archive(member({}, DATA), member({ checksum: 'wrong' }, DATA));
    expect(refusal(bytes)).toMatchObject({ code: 'tar.bad-checksum', offset: 1024 });
  });

  it('a first header with the magic of tar and a wrong checksum as a damaged tar', () => {
    expect(refusal(archive(member({ checksum: 'wrong' }))).code).toBe('tar.bad-checksum');
  });

  it('an archive truncated at any byte, and reports what was truncated', () => {
    const whole = archive(member({ name: 'a' }, DATA), pax([['path', 'b']]), member({}, DATA));
    const codeWhenTruncated = (length: number) => refusal(whole.subarray(0, length)).code;
    const expected = new Map<string, readonly [from: number, to: number][]>([
      ['tar.truncated-header', [[1025, 1535], [1536, 2047], [2049, 2559]]], // prettier-ignore
      ['tar.truncated-data', [[512, 541], [542, 1023], [2560, 3071]]], // prettier-ignore
      ['tar.missing-end', [[1024, 1024], [3072, 3072], [3584, 4095]]], // prettier-ignore
    ]);
    for (const [code, ranges] of expected) {
      for (const [from, to] of ranges) {
        for (let length = from; length <= to; length++)
          expect([length, codeWhenTruncated(length)]).toEqual([length, code]);
      }
    }
  });

  it('an archive truncated in the data of a member, with the member and the missing bytes', () => {
    const error = refusal(archive(member({ name: 'a' }, DATA)).subarray(0, 522));
    expect(error).toMatchObject({ offset: 522, path: 'a', expected: '30 bytes of data' });
    expect(error.message).toBe('"a", byte 522: expected 30 bytes of data, found the end of the file after 10 bytes');
  });

  it('an archive that ends with one zero block instead of two', () => {
    const bytes = archive(member({}, DATA));
    expect(refusal(bytes.subarray(0, bytes.length - 512))).toMatchObject({
      code: 'tar.missing-end',
      found: 'one before the end of the file',
    });
    expect(refusal(bytes.subarray(0, bytes.length - 1024))).toMatchObject({ found: 'none before the end of the file' });
  });

  it('other bytes than zeros after the end of the archive, with the offset of the first one', () => {
    const whole = archive(member({}, DATA));
    for (const gap of [0, 1, 511, 512, 3_000_000]) {
      const bytes = Buffer.concat([whole, Buffer.alloc(gap), Buffer.from('x')]);
      for (const chunkSizes of [[bytes.length], [4096], [1_000_000]]) {
        expect(refusal(bytes, { chunkSizes })).toMatchObject({
          code: 'tar.trailing-garbage',
          offset: whole.length + gap,
        });
      }
    }
    expect(refusal(Buffer.concat([whole, whole])).code).toBe('tar.trailing-garbage');
  });

  it('a member between the two zero blocks of the end', () => {
    const bytes = archive(member({}, DATA), Buffer.alloc(512), member({ name: 'hidden' }, DATA));
    expect(refusal(bytes)).toMatchObject({ code: 'tar.trailing-garbage', offset: 1536 });
  });

  it.each([
    ['negative', base256(-1n, 12), '-1'],
    ['beyond 2^53', base256(2n ** 53n, 12), '9007199254740992'],
    ['written with a minus sign', '-0000000644\0', '"-0000000644\\u0000"'],
    ['not a number', 'x0000000644\0', '"x0000000644\\u0000"'],
  ])('a size that is %s', (_, field, found) => {
    expect(refusal(archive(header({ patches: [[124, field]] })))).toMatchObject({
      code: 'tar.bad-size',
      offset: 124,
      found,
    });
  });

  it.each(['-1', '1.5', '0x10', '9007199254740992', '1e3'])('a pax size of %s', (size) => {
    expect(refusal(archive(pax([['size', size]]), member({}))).code).toBe('tar.bad-size');
  });

  it('a size over the limit', () => {
    const bytes = archive(header({ patches: [[124, base256(2n ** 50n, 12)]] }));
    expect(refusal(bytes)).toMatchObject({ code: 'tar.too-large', path: 'file' });
    expect(refusal(archive(member({}, DATA)), { limits: { maxMemberSize: 29 } }).code).toBe('tar.too-large');
  });

  it('modes and times that are not numbers', () => {
    expect(refusal(archive(header({ mode: 'rwxr-xr-' })))).toMatchObject({ code: 'tar.bad-header', offset: 100 });
    expect(refusal(archive(header({ mtime: '2015-01-20' })))).toMatchObject({ code: 'tar.bad-header', offset: 136 });
    expect(refusal(archive(pax([['mtime', 'yesterday']]), member({}))).code).toBe('tar.bad-pax');
  });

  it.each(['1', '2', '3', '4', '5', '6'])(
    'data after type %s, which some programs skip and others read as headers',
    (typeflag) => {
      const bytes = archive(header({ typeflag, size: 512 }), member({ name: 'hidden' }));
      expect(refusal(bytes)).toMatchObject({ code: 'tar.ambiguous-header', offset: 0, found: '512 bytes' });
      expect(refusal(archive(pax([['size', '512']]), header({ typeflag }), header())).code).toBe(
        'tar.ambiguous-header',
      );
    },
  );

  it('data after a regular file whose name ends with a slash', () => {
    expect(refusal(archive(member({ name: 'd/' }, DATA))).code).toBe('tar.ambiguous-header');
  });

  it.each([
    ['two pax headers', [pax([['path', 'a']]), pax([['path', 'b']])]],
    ['two long names', [gnuLong('L', 'a'), gnuLong('L', 'b')]],
    ['two long links', [gnuLong('K', 'a'), gnuLong('K', 'b')]],
    ['a long name and a pax path', [gnuLong('L', 'a'), pax([['path', 'b']])]],
    ['a long link and a pax link', [pax([['linkpath', 'a']]), gnuLong('K', 'b')]],
    ['a long name and a global pax path', [pax([['path', 'a']], 'g'), gnuLong('L', 'b')]],
    ['a global size', [pax([['size', '1']], 'g')]],
    ['a global sparse map', [pax([['GNU.sparse.map', '0,1']], 'g')]],
  ])('%s, which programs read in different ways', (_, blocks) => {
    expect(refusal(archive(...blocks, member({ typeflag: '2' }))).code).toBe('tar.ambiguous-header');
  });

  it('an extension header without its member', () => {
    expect(refusal(archive(pax([['path', 'a']])))).toMatchObject({ code: 'tar.bad-header', offset: 1024 });
    expect(refusal(archive(gnuLong('L', 'a')))).toMatchObject({ code: 'tar.bad-header' });
    expect(readArchive(archive(pax([['comment', 'a']], 'g'))).members).toEqual([]);
  });

  it('pax records with a wrong length, with the offset of the record', () => {
    const body = Buffer.from('6 a=1\n99 b=2\n');
    const bytes = archive(member({}, DATA), header({ typeflag: 'x', size: body.length }), padded(body), member({}));
    expect(refusal(bytes)).toMatchObject({ code: 'tar.bad-pax', offset: 1536 + 6 });
  });

  it('pax headers and long names over the limit, before reading them', () => {
    for (const typeflag of ['x', 'g', 'L', 'K']) {
      const error = refusal(header({ typeflag, size: 2 ** 30 }));
      expect(error).toMatchObject({ code: 'tar.oversize-metadata', offset: 0 });
    }
  });

  it('names that are too long or too deep', () => {
    expect(refusal(archive(pax([['path', 'a'.repeat(4097)]]), member({}))).code).toBe('tar.name-too-long');
    expect(refusal(archive(pax([['linkpath', 'a'.repeat(4097)]]), member({ typeflag: '2' }))).code).toBe(
      'tar.name-too-long',
    );
    expect(refusal(archive(member({ name: 'a/'.repeat(6) + 'b' })), { limits: { maxPathDepth: 6 } }).code).toBe(
      'tar.path-too-deep',
    );
    expect(refusal(archive(member({ name: `a${'/'.repeat(80)}b` }))).code).toBe('tar.path-too-deep');
  });

  it('too many members', () => {
    const bytes = archive(...['a', 'b', 'c'].map((name) => member({ name })));
    expect(readArchive(bytes, { limits: { maxEntries: 3 } }).summary.entries).toBe(3);
    expect(refusal(bytes, { limits: { maxEntries: 2 } })).toMatchObject({ code: 'tar.too-many-entries', offset: 1024 });
  });

  it('every call after an error, with the same error', () => {
    const reader = new TarReader({ onEntry: () => null });
    const refused = expect.objectContaining({ code: 'tar.bad-checksum' }) as Error;
    expect(() => reader.write(archive(member({ checksum: 'wrong' })))).toThrow(refused);
    expect(() => reader.write(archive(member({})))).toThrow(refused);
    expect(() => reader.end()).toThrow(refused);
  });
});
