import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import disk from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ByteRange, MemberFile } from '@almagest/contracts';
import { archive, member, pax } from '@almagest/tar/testing/archive-builder';
import { DOWNLOAD_RETRY } from '../http/archive-client';
import type { Download } from '../http/archive-requests';
import { Folder } from '../unpacking/folder';
import { assertAllFiles, assertAllParts } from './announced';
import { fetchAndUnpack, type Fetched, fetchUnpacked, type UnpackJob } from './fetch-delivery';
import type { DownloadClient } from './fetch-file';
import { FetchProgress } from './fetch-progress';
import { Unpacker } from '../unpacking/unpacker';

const CONTENT = 'the README';
const GOOD = archive(member({ name: 'project/README' }, CONTENT));
const HOLE = 10 * 2 ** 30;

/** A member of this many bytes that has one byte in the tar. */
const huge = (size: number): Buffer =>
  Buffer.concat([
    pax([
      ['GNU.sparse.major', '1'],
      ['GNU.sparse.minor', '0'],
      ['GNU.sparse.name', 'project/huge'],
      ['GNU.sparse.realsize', String(size)],
    ]),
    member(
      { name: 'GNUSparseFile.0/huge' },
      Buffer.concat([Buffer.from('1\n0\n1\n'.padEnd(512, '\0')), Buffer.from('x')]),
    ),
  ]);

const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');
const partOf = (tar: Buffer) => ({ name: 'part.tar', size: tar.length, sha256: sha256(tar), url: '/part' });
const listed = (path: string, content: string, size = content.length): MemberFile => ({
  path,
  part: 'part.tar',
  offset: 512,
  size,
  sha256: sha256(content),
  item: null,
  role: 'readme',
  url: '/file',
  image: null,
});

/** A client that serves one tar. */
const serving = (tar: Buffer): DownloadClient => ({
  downloadRetry: DOWNLOAD_RETRY,
  download: async (_path: string, range?: ByteRange): Promise<Download> => ({
    status: 206,
    headers: new Headers({
      etag: `"${sha256(tar)}"`,
      'content-range': `bytes ${range?.start}-${tar.length - 1}/${tar.length}`,
    }),
    body: (async function* () {
      yield tar.subarray(range?.start);
    })(),
    abandon: () => undefined,
  }),
});

let base: string;
let folder: Folder;
beforeEach(async () => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'almagest-fetch-delivery-')));
  folder = await Folder.at(base);
});
afterEach(() => rmSync(base, { recursive: true }));

const unpack = async (tar: Buffer, files: readonly MemberFile[]): Promise<Fetched[]> =>
  fetchUnpacked([partOf(tar)], files, {
    client: serving(tar),
    folder,
    jobs: 1,
    signal: new AbortController().signal,
    onBegin: () => undefined,
  });
const written = (): string[] => readdirSync(base).filter((name) => name !== '.almagest-fetch');

describe('a part that is fetched and unpacked', () => {
  it('has exactly the files that the archive lists', async () => {
    await expect(unpack(GOOD, [listed('project/README', CONTENT)])).resolves.toMatchObject([{ state: 'unpacked' }]);
    expect(readFileSync(join(base, 'project/README'), 'utf8')).toBe(CONTENT);
    await expect(unpack(GOOD, [listed('project/README', CONTENT)])).resolves.toMatchObject([{ state: 'there' }]);
  });

  it('has none of what a system or an editor left, listed or not', async () => {
    const files = [listed('project/README', CONTENT), listed('project/.DS_Store', 'xy')];
    const tar = archive(
      member({ name: 'project/.DS_Store' }, 'xy'),
      member({ name: 'project/README' }, CONTENT),
      member({ name: 'project/._README' }, 'mac'),
      member({ name: 'project/.#README', typeflag: '2', linkName: 'pi@host.1' }),
      member({ name: '__MACOSX/', typeflag: '5' }),
      member({ name: 'project/.ds_store' }, 'other'),
    );
    await expect(unpack(tar, files)).resolves.toMatchObject([{ state: 'unpacked' }]);
    expect([written(), readdirSync(join(base, 'project'))]).toEqual([['project'], ['README']]);
    await expect(unpack(tar, files)).resolves.toMatchObject([{ state: 'there' }]);
  });

  it.each<[string, Buffer, MemberFile[], string]>([
    ['the archive lists no file', GOOD, [], '"project/README" is in part.tar, but the archive does not list it'],
    [
      'a listed file is missing',
      GOOD,
      [listed('project/README', CONTENT), listed('project/other', '')],
      '"project/other" is not in part.tar, where the archive lists it',
    ],
    [
      'a name of a system leads out of the folder',
      archive(member({ name: '../._README' }, CONTENT)),
      [],
      '"../._README" leads out of its folder',
    ],
    [
      'a hole makes a file larger than listed',
      archive(huge(HOLE)),
      [listed('project/huge', '1')],
      `"project/huge" has ${HOLE} bytes in part.tar, and 1 in the archive's list`,
    ],
  ])('is refused, and nothing is written, when %s', async (_title, tar, files, message) => {
    await expect(unpack(tar, files)).rejects.toMatchObject({
      code: 'archive-client.unsafe-archive',
      message: expect.stringContaining(message) as string,
    });
    expect(written()).toEqual([]);
  });
});

it('the room for the holes of raw data is checked before they are written', async () => {
  const tar = archive(huge(2 ** 20));
  const job: UnpackJob = {
    client: serving(tar),
    folder,
    unpacker: new Unpacker(folder),
    progress: new FetchProgress(tar.length),
    stop: new AbortController().signal,
    keep: false,
  };
  const almostFull = { bavail: 255, bsize: 4096 } as Awaited<ReturnType<typeof disk.statfs>>;
  const free = jest.spyOn(disk, 'statfs').mockResolvedValue(almostFull);
  try {
    await expect(fetchAndUnpack(partOf(tar), job)).rejects.toMatchObject({ code: 'archive-client.disk-full' });
  } finally {
    free.mockRestore();
  }
  expect(written()).toEqual([]);
});

describe('the lists of a delivery', () => {
  const part = partOf(GOOD);
  const delivery = { id: 'd', parts: 1, bytes: GOOD.length, files: 1, partList: [part] };
  const file = listed('project/README', CONTENT);

  it('are accepted when they are complete', () => {
    expect(() => assertAllParts(delivery)).not.toThrow();
    expect(() => assertAllFiles(delivery, [file])).not.toThrow();
  });

  it.each([
    ['no part', { partList: [] }, 'delivery d: the archive announces 1 parts, and lists 0'],
    ['an empty delivery', { parts: 0, bytes: 0, partList: [] }, 'delivery d: the archive announces 0 parts'],
    ['other bytes', { bytes: GOOD.length + 1 }, `announces ${GOOD.length + 1} bytes in its parts`],
  ])('are refused with %s', (_title, change, message) => {
    expect(() => assertAllParts({ ...delivery, ...change })).toThrow(message);
  });

  it.each([
    ['no file', [], 'delivery d: the archive announces 1 files, and lists 0'],
    ['a file in another part', [{ ...file, part: 'other.tar' }], 'delivery d has no part "other.tar"'],
  ])('are refused with %s', (_title, files, message) => {
    expect(() => assertAllFiles(delivery, files)).toThrow(message);
  });
});
