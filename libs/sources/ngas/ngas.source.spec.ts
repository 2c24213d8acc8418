import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { sourceConformance } from '../testing/source.conformance';
import { FaultyNgas } from '../testing/ngas-server';
import { piecesOf } from '../testing/pieces-of';
import { DEFAULT_REOPEN_POLICY } from '../resumable-read';
import { NgasSource } from './ngas.source';
import { parseNgasStatus } from './ngas-status';

const REOPEN = {
  ...DEFAULT_REOPEN_POLICY,
  initialInterval: 1,
  maximumAttempts: 3,
  progressBytes: 1024,
};

sourceConformance('an NGAS server', async () => {
  const ngas = await FaultyNgas.start();
  return {
    put: async (name, bytes) => {
      ngas.files.set(name, bytes);
      return `ngas://${ngas.host}/${encodeURIComponent(name)}`;
    },
    forbidden: 'ngas://127.0.0.1:1/file',
    missing: `ngas://${ngas.host}/missing`,
    at: (location, size) => new NgasSource(location, size, { servers: [ngas.host] }),
    stop: () => ngas.stop(),
  };
});

describe('NgasSource', () => {
  const file = randomBytes(500_000);
  let ngas: FaultyNgas;

  beforeAll(async () => {
    ngas = await FaultyNgas.start();
    ngas.files.set('file', file);
  });
  beforeEach(() => {
    ngas.faults = {};
    ngas.asked.length = 0;
  });
  afterAll(() => ngas.stop());

  const read = (size = file.length, id = 'file'): Promise<Buffer> => {
    const source = new NgasSource(`ngas://${ngas.host}/${id}`, size, { servers: [ngas.host], reopen: REOPEN });
    return buffer(piecesOf(source, new AbortController().signal));
  };

  it('requests the version of the STATUS, and that version again after an interruption', async () => {
    ngas.faults = { cutAfter: [100_000, 300_000] };
    expect((await read()).equals(file)).toBe(true);
    const retrieve = '/RETRIEVE?file_id=file&file_version=3';
    expect(ngas.asked).toEqual(['/STATUS?file_id=file', retrieve, retrieve, retrieve]);
  });

  it('fails when retries make no progress', async () => {
    ngas.faults = { cutAfter: [100, 100, 100, 100] };
    await expect(read()).rejects.toMatchObject({ code: 'source.unavailable', retryable: true });
  });

  it('rejects bytes that do not match the checksum of NGAS', async () => {
    ngas.faults = { wrongChecksum: true };
    await expect(read()).rejects.toMatchObject({ code: 'source.corrupt', expected: expect.stringMatching(/^CRC-32 /) });
  });

  it('rejects another size before it requests the file', async () => {
    await expect(read(file.length + 1)).rejects.toMatchObject({
      code: 'source.other-length',
      expected: `${file.length + 1} bytes`,
      found: `${file.length} bytes`,
    });
    expect(ngas.asked).toEqual(['/STATUS?file_id=file']);
  });

  it('fails retryably when the server is not online', async () => {
    ngas.faults = { state: 'OFFLINE' };
    await expect(read()).rejects.toMatchObject({ code: 'source.unavailable' });
  });

  it.each([
    ['a response that is not HTTP', 'hello'],
    ['a page of another server', 'HTTP/1.0 200 OK\r\n\r\n<html><body>Log in</body></html>'],
    ['an endless document', `HTTP/1.0 200 OK\r\n\r\n<NgamsStatus>${'<a/>'.repeat(100_000)}</NgamsStatus>`],
    ['half a document', 'HTTP/1.0 200 OK\r\n\r\n<NgamsStatus><Status Status="SUCCESS"'],
    [
      'an entity out of its own DOCTYPE',
      'HTTP/1.0 200 OK\r\n\r\n<!DOCTYPE N [<!ENTITY x SYSTEM "file:///etc/passwd">]><NgamsStatus><Status Message="&x;"/></NgamsStatus>',
    ],
  ])('does not accept %s as a response', async (_, raw) => {
    ngas.faults = { raw };
    await expect(read()).rejects.toMatchObject({ code: 'source.unavailable' });
  });
});

describe('parseNgasStatus', () => {
  it('reads a checksum that an old version stores as a signed number', () => {
    const xml =
      '<NgamsStatus><Status Status="SUCCESS" State="ONLINE" Message="ok"/><DiskStatus>' +
      '<FileStatus FileVersion="2" FileSize="10" Checksum="-240848967" ChecksumPlugIn="ngamsGenCrc32"/></DiskStatus></NgamsStatus>';
    expect(parseNgasStatus(xml)?.file).toEqual({ version: '2', size: 10, crc32: 4054118329 });
  });

  it('does not compare a checksum of an unknown kind', () => {
    const xml =
      '<NgamsStatus><Status Status="SUCCESS"/><FileStatus FileVersion="2" FileSize="10" Checksum="5" ChecksumPlugIn="crc32c"/></NgamsStatus>';
    expect(parseNgasStatus(xml)?.file?.crc32).toBeNull();
  });
});
