import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ByteRange } from '@almagest/contracts';
import { withMaximumInterval } from '@almagest/retry';
import { ArchiveClientError } from '../archive-client.error';
import { DOWNLOAD_RETRY } from '../http/archive-client';
import type { Download } from '../http/archive-requests';
import { Folder } from '../unpacking/folder';
import { type DownloadClient, fetchFile, missingBytes, type Place, placeOf, type WantedFile } from './fetch-file';
import { FetchProgress } from './fetch-progress';

const CONTENT = Buffer.from('the stored bytes of a part, which are read in a few chunks');
const SHA256 = createHash('sha256').update(CONTENT).digest('hex');
const WANTED: WantedFile = { path: 'a/part.tar', url: '/parts/part.tar', size: CONTENT.length, sha256: SHA256 };
const never = new AbortController().signal;

type Answer = (first: number) => { status?: number; headers?: Record<string, string>; body: Iterable<Buffer> };

/** A client that answers each request with the next of these answers; the last one is repeated. */
class FakeClient implements DownloadClient {
  readonly downloadRetry = withMaximumInterval(DOWNLOAD_RETRY, 1);
  readonly requested: number[] = [];
  abandoned = 0;

  constructor(private readonly answers: Answer[]) {}

  async download(_path: string, range?: ByteRange): Promise<Download> {
    const first = range?.start ?? 0;
    const answer = (this.answers.length > 1 ? this.answers.shift() : this.answers[0]) as Answer;
    this.requested.push(first);
    const { status = 206, headers = {}, body } = answer(first);
    return {
      status,
      headers: new Headers({
        etag: `"${SHA256}"`,
        'content-range': `bytes ${first}-${CONTENT.length - 1}/${CONTENT.length}`,
        ...headers,
      }),
      body: (async function* () {
        yield* body;
      })(),
      abandon: () => void (this.abandoned += 1),
    };
  }
}

const whole: Answer = (first) => ({ body: [CONTENT.subarray(first, first + 10), CONTENT.subarray(first + 10)] });

function* brokenAfter(bytes: Buffer): Generator<Buffer> {
  yield bytes;
  throw new ArchiveClientError('archive-client.unreachable', 'the connection broke');
}

let base: string;
let folder: Folder;
let place: Place;
let progress: FetchProgress;

beforeEach(async () => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'almagest-fetch-file-')));
  folder = await Folder.at(base);
  place = placeOf(folder, WANTED);
  progress = new FetchProgress(WANTED.size);
});
afterEach(() => rmSync(base, { recursive: true }));

const fetch = async (client: FakeClient): Promise<string> => fetchFile(client, WANTED, place, progress, never);
const stored = (): string => readFileSync(join(base, 'a/part.tar'), 'utf8');
const unfinished = (): string[] => readdirSync(join(base, '.almagest-fetch'));

describe('a file that is fetched', () => {
  it('gets its name when all of it is on the disk', async () => {
    const client = new FakeClient([whole]);
    await expect(fetch(client)).resolves.toBe('fetched');
    expect([stored(), unfinished(), client.requested]).toEqual([CONTENT.toString(), [], [0]]);
    expect([progress.fetched, progress.found]).toEqual([CONTENT.length, 0]);
  });

  it('is only verified when it is already in place', async () => {
    writeFileSync(place.target, CONTENT);
    const client = new FakeClient([whole]);
    await expect(fetch(client)).resolves.toBe('there');
    expect([client.requested, progress.found]).toEqual([[], CONTENT.length]);
  });

  it('resumes where an earlier run stopped', async () => {
    writeFileSync(place.partial, CONTENT.subarray(0, 20));
    await expect(missingBytes(WANTED, place)).resolves.toBe(CONTENT.length - 20);
    const client = new FakeClient([whole]);
    await fetch(client);
    expect([stored(), client.requested, progress.found]).toEqual([CONTENT.toString(), [20], 20]);
  });

  it('is fetched again from 0 when what an earlier run left is corrupt', async () => {
    writeFileSync(place.partial, 'corrupt');
    const client = new FakeClient([whole]);
    await fetch(client);
    expect([stored(), client.requested]).toEqual([CONTENT.toString(), [7, 0]]);
  });

  it('resumes by itself when the connection breaks', async () => {
    const client = new FakeClient([() => ({ body: brokenAfter(CONTENT.subarray(0, 30)) }), whole]);
    await fetch(client);
    expect([stored(), client.requested]).toEqual([CONTENT.toString(), [0, 30]]);
  });

  it('starts at 0 when the server ignores ranges', async () => {
    writeFileSync(place.partial, CONTENT.subarray(0, 20));
    const client = new FakeClient([() => ({ status: 200, body: [CONTENT] })]);
    await fetch(client);
    expect([stored(), progress.done]).toEqual([CONTENT.toString(), CONTENT.length]);
  });
});

describe('a file that cannot be fetched', () => {
  it('is removed when its SHA-256 differs from the catalogue', async () => {
    const client = new FakeClient([() => ({ body: [Buffer.alloc(CONTENT.length, 'x')] })]);
    await expect(fetch(client)).rejects.toMatchObject({ code: 'archive-client.digest-differs' });
    expect([unfinished(), client.requested]).toEqual([[], [0]]);
  });

  it.each<[string, Answer, string]>([
    [
      'a login page',
      () => ({ status: 200, headers: { etag: 'x', 'content-type': 'text/html' }, body: [] }),
      'received a web page instead of /parts/part.tar',
    ],
    ['another file', () => ({ headers: { etag: '"other"' }, body: [] }), 'received something other than'],
    ['another range', () => ({ headers: { 'content-range': 'bytes 1-2/3' }, body: [] }), 'received something other'],
  ])('is not written when %s arrives, and the answer is abandoned', async (_what, answer, message) => {
    const client = new FakeClient([answer]);
    await expect(fetch(client)).rejects.toMatchObject({
      code: 'archive-client.not-an-archive',
      message: expect.stringContaining(message) as string,
    });
    expect([unfinished(), client.abandoned]).toEqual([[], 1]);
  });

  it('is refused when it is longer than in the catalogue', async () => {
    const client = new FakeClient([() => ({ body: [CONTENT, CONTENT] })]);
    await expect(fetch(client)).rejects.toMatchObject({ code: 'archive-client.not-an-archive' });
  });

  it('is not overwritten when another file is in its place', async () => {
    writeFileSync(place.target, 'my notes');
    await expect(fetch(new FakeClient([whole]))).rejects.toMatchObject({ code: 'archive-client.file-in-the-way' });
    expect(stored()).toBe('my notes');
  });

  it('keeps what has arrived when the fetch is aborted', async () => {
    const [controller, reason] = [new AbortController(), new Error('interrupted')];
    const client = new FakeClient([
      () => ({
        body: (function* () {
          yield CONTENT.subarray(0, 10);
          controller.abort(reason);
          throw reason;
        })(),
      }),
    ]);
    await expect(fetchFile(client, WANTED, place, progress, controller.signal)).rejects.toBe(reason);
    expect(readFileSync(place.partial, 'utf8')).toBe(CONTENT.toString('utf8', 0, 10));
  });
});
