import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { CHUNK, bytesOf, collect, failure } from '../testing/test-store';
import { s3Transport } from './s3-client';
import { S3ObjectStore, type S3ObjectStoreOptions } from './s3-object-store';

type Answer = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** Responds with a status and a body, as S3 does. */
const say =
  (status: number, body = '', headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    void response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers }).end(body);
const refuse = (status: number, code: string): Answer =>
  say(status, `<Error><Code>${code}</Code><Message>why</Message></Error>`);
const cut: Answer = (request) => void request.socket.destroy();
const silent: Answer = () => undefined;

/** A server that fails on purpose: it sends the answers of a script, one for each request. */
describe('S3ObjectStore at a faulty server', () => {
  let server: Server;
  let script: Answer[];
  let seen: string[];
  let bodies: string[];
  const stores: S3ObjectStore[] = [];

  beforeEach(async () => {
    script = [];
    seen = [];
    bodies = [];
    server = createServer((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      const answer = script.shift() ?? say(500);
      void text(request).then((body) => {
        bodies.push(body);
        return answer(request, response);
      });
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  const open = (options: Partial<S3ObjectStoreOptions> = {}): S3ObjectStore => {
    const store = new S3ObjectStore({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'eu-south-1',
      bucket: 'archive',
      accessKey: 'key',
      secretKey: 'secret',
      pathStyle: true,
      retry: { initialInterval: 1, backoffCoefficient: 2, maximumInterval: 10, maximumAttempts: 4 },
      ...options,
    });
    stores.push(store);
    return store;
  };
  const upload = { key: 'a/b', id: 'id', chunkSize: CHUNK, checksSums: false };
  const chunks = [{ number: 1, size: 3, etag: '900150983cd24fb0d6963f7d28e17f72' }];
  const there = (etag: string): Answer => say(200, '', { 'content-length': '3', etag: `"${etag}"` });

  it.each([
    ['500', refuse(500, 'InternalError')],
    ['503 SlowDown', refuse(503, 'SlowDown')],
    ['429', say(429)],
    ['502 with an HTML page of a proxy', say(502, '<html>Bad gateway</html>')],
    ['a lost connection', cut],
    ['400 RequestTimeout', refuse(400, 'RequestTimeout')],
  ])('retries after %s', async (_, fault) => {
    script = [fault, fault, fault, say(200, 'abc')];
    expect((await bytesOf(open(), 'a')).toString()).toBe('abc');
    expect(seen).toHaveLength(4);
  });

  it.each([
    ['503 SlowDown', refuse(503, 'SlowDown'), 'unavailable', 'passing'],
    ['507', say(507), 'full', 'store'],
    ['403 QuotaExceeded', refuse(403, 'QuotaExceeded'), 'full', 'store'],
  ])('fails retryably after %s four times', async (_, fault, code, fault2) => {
    script = [fault, fault, fault, fault];
    const putting = open().put('a', Buffer.from('x'));
    await expect(putting).rejects.toMatchObject({ ...failure(code), retryable: true, fault: fault2 });
    expect(seen).toHaveLength(4);
  });

  it.each([
    [403, 'AccessDenied', 'denied'],
    [403, 'SignatureDoesNotMatch', 'denied'],
    [404, 'NoSuchBucket', 'unusable'],
    [301, 'PermanentRedirect', 'unusable'],
    [400, 'AuthorizationHeaderMalformed', 'unusable'],
    [404, 'NoSuchKey', 'not-found'],
  ])('does not retry after %d %s', async (status, code, expected) => {
    script = [refuse(status, code)];
    await expect(open().read('a')).rejects.toMatchObject({ ...failure(expected), retryable: false });
    expect(seen).toEqual(['GET /archive/a']);
  });

  it('continues with the upload that it started when only the response was lost', async () => {
    const listing = '<ListMultipartUploadsResult><Upload><Key>a/b</Key><UploadId>begun</UploadId>';
    const end = '<Initiated>2014-12-01T00:00:00Z</Initiated></Upload></ListMultipartUploadsResult>';
    script = [cut, say(200, `${listing}${end}`)];
    expect(await open().startUpload('a/b', CHUNK)).toMatchObject({ key: 'a/b', id: 'begun' });
    expect(seen.map((line) => line.split(' ')[0])).toEqual(['POST', 'GET']);
  });

  it('starts an upload again when the request was lost', async () => {
    const started = '<InitiateMultipartUploadResult><UploadId>second</UploadId></InitiateMultipartUploadResult>';
    script = [cut, say(200, '<ListMultipartUploadsResult></ListMultipartUploadsResult>'), say(200, started)];
    expect(await open().startUpload('a/b', CHUNK)).toMatchObject({ id: 'second' });
  });

  it('states in the error the operation and the message of the server, and no secret', async () => {
    script = [refuse(403, 'AccessDenied')];
    const error = await open()
      .put('a', Buffer.from('x'))
      .catch((e: unknown) => e as Error);
    expect((error as Error).message).toBe('storing a failed: AccessDenied why');
  });

  it('fails retryably when no server listens', async () => {
    const store = open({ endpoint: 'http://127.0.0.1:1' });
    await expect(store.head('a')).rejects.toMatchObject({
      ...failure('unavailable'),
      retryable: true,
      fault: 'passing',
    });
  });

  it('times out when the server sends nothing', async () => {
    script = [silent, silent, silent, silent];
    const reading = open({ timeoutMs: 20 }).read('a');
    await expect(reading).rejects.toMatchObject({ ...failure('unavailable'), retryable: true });
  });

  it('times out when the server stops sending in the middle of a read', async () => {
    script = [(_, response) => void response.writeHead(200, { 'content-length': '10' }).write('abc')];
    const reading = await open({ timeoutMs: 20 }).read('a');
    await expect(buffer(reading)).rejects.toMatchObject({ ...failure('unavailable'), retryable: true });
  });

  it('does not time out while the reader is slow to consume received bytes', async () => {
    const body = Buffer.alloc(8 * 1024 * 1024, 7);
    script = [(_, response) => void response.writeHead(200, { 'content-length': body.length }).end(body)];
    const { port } = server.address() as AddressInfo;
    const request = s3Transport(false, 500).request({ port, host: '127.0.0.1', agent: false });
    const [response] = (await once(request.end(), 'response')) as [IncomingMessage];
    await once(response.socket, 'timeout');
    await once(response.socket, 'timeout');
    expect((await buffer(response)).equals(body)).toBe(true);
  });

  it('fails a read whose connection is lost in the middle', async () => {
    script = [
      (request, response) => {
        response.writeHead(200, { 'content-length': '10' });
        response.write('abc', () => request.socket.destroy());
      },
    ];
    const reading = await open().read('a');
    await expect(buffer(reading)).rejects.toMatchObject({ ...failure('unavailable'), retryable: true });
  });

  it('rejects the whole object when it requested a range', async () => {
    script = [say(200, 'abcdef')];
    const reading = open().read('a', { range: { start: 0, end: 2 } });
    await expect(reading).rejects.toMatchObject({ ...failure('failed'), retryable: true });
  });

  describe('reads a body that never ends no further than a limit, and closes the connection', () => {
    const endless =
      (status: number): Answer =>
      (_, response) => {
        const more = (): void => {
          while (response.writable && response.write(Buffer.alloc(64 * 1024))) continue;
        };
        response.writeHead(status, { etag: '"e"' }).on('drain', more);
        closings.push(once(response, 'close'));
        more();
      };
    let closings: Promise<unknown>[];
    beforeEach(() => (closings = []));

    it.each([
      ['of an error', 403, (store: S3ObjectStore) => store.read('a'), 'denied'],
      ['of a temporary error', 503, (store: S3ObjectStore) => store.read('a'), 'unavailable'],
      ['after a PUT', 200, (store: S3ObjectStore) => store.put('a', Buffer.from('x')), 'failed'],
      ['after a chunk', 200, (store: S3ObjectStore) => store.writeChunk(upload, 1, Buffer.from('x')), 'failed'],
      ['of a listing', 200, (store: S3ObjectStore) => collect(store.list('')), 'failed'],
    ])('%s', async (_, status, request, code) => {
      script = [endless(status), endless(status)];
      const retry = { initialInterval: 1, backoffCoefficient: 1, maximumInterval: 1, maximumAttempts: 1 };
      await expect(request(open({ retry }))).rejects.toMatchObject(failure(code));
      await Promise.all(closings);
    });
  });

  it('closes a response that arrives after the read was aborted', async () => {
    const abort = new AbortController();
    const { promise: closed, resolve } = withResolvers();
    script = [
      (_, response) => {
        response.once('close', resolve);
        abort.abort();
        response.writeHead(200, { 'content-length': '10' }).write('abc');
      },
    ];
    await expect(open().read('a', { signal: abort.signal })).rejects.toMatchObject({ name: 'AbortError' });
    await closed;
  });

  it.each([
    ['keys out of order', page(['b', 'a'])],
    ['the same page repeatedly', page(['a'], true, '')],
    ['a response that is not XML', '<html>'],
    ['another document', '<Other/>'],
  ])('fails a listing with %s', async (_, body) => {
    script = [say(200, body), say(200, body), say(200, body), say(200, body)];
    await expect(collect(open().list(''))).rejects.toMatchObject({ ...failure('failed'), retryable: true });
  });

  it('skips keys that are not valid', async () => {
    script = [say(200, page(['.hidden', '../up', 'a', 'a b', 'é', 'é/x']))];
    expect((await collect(open().list(''))).map(({ key }) => key)).toEqual(['a']);
  });

  describe('listing uploads', () => {
    const uploads = (id: string, more: boolean): Answer =>
      say(
        200,
        `<ListMultipartUploadsResult><IsTruncated>${more}</IsTruncated><Upload><Key>a</Key><UploadId>${id}</UploadId><Initiated>2026-11-23T05:28:00Z</Initiated></Upload></ListMultipartUploadsResult>`,
      );

    it('follows the pages by key and id', async () => {
      script = [uploads('x+1', true), uploads('x+2', false)];
      expect((await collect(open().listUploads('a'))).map(({ id }) => id)).toEqual(['x+1', 'x+2']);
      expect(seen[1]).toMatch(/key-marker=a&upload-id-marker=x%2B1$/);
    });

    it('follows the pages by key alone when the server does not know the id', async () => {
      script = [uploads('1', true), refuse(400, 'InvalidArgument'), uploads('2', false)];
      expect((await collect(open().listUploads('a'))).map(({ id }) => id)).toEqual(['1', '2']);
      expect(seen[2]).toMatch(/key-marker=a$/);
    });

    it('fails when the server refuses the first request', async () => {
      script = [refuse(400, 'InvalidArgument')];
      await expect(collect(open().listUploads('a'))).rejects.toMatchObject(failure('unusable'));
    });
  });

  it('resumes the later of two uploads that started in the same second', async () => {
    const body = ['1', '2'].map(
      (id) => `<Upload><Key>a</Key><UploadId>${id}</UploadId><Initiated>2026-11-23T05:28:00Z</Initiated></Upload>`,
    );
    script = [say(200, `<ListMultipartUploadsResult>${body.join('')}</ListMultipartUploadsResult>`)];
    expect(await open().findUpload('a', CHUNK)).toEqual({ ...upload, key: 'a', id: '2' });
  });

  it('fails when the server reports an error after the status 200 of a completion', async () => {
    const late = (code: string): Answer => say(200, `<Error><Code>${code}</Code><Message>no</Message></Error>`);
    script = [say(404), late('InternalError'), say(404), late('InvalidPart')];
    await expect(open().completeUpload(upload, chunks)).rejects.toMatchObject(failure('chunk-missing'));
    expect(seen.filter((line) => line.startsWith('POST'))).toHaveLength(2);
  });

  it('asks the server not to replace an object that appeared meanwhile, and compares it', async () => {
    const taken: Answer = (request, response) => {
      const isAsked = request.headers['if-none-match'] === '*';
      return refuse(isAsked ? 412 : 403, isAsked ? 'PreconditionFailed' : 'NotAsked')(request, response);
    };
    script = [say(404), taken, there('somebody-else'), say(200, 'xyz')];
    await expect(open().completeUpload(upload, chunks)).rejects.toMatchObject(failure('conflict'));
    expect(seen).toHaveLength(4);
  });

  it('completes without that condition when the server does not support it', async () => {
    const done = '<CompleteMultipartUploadResult><ETag>x</ETag></CompleteMultipartUploadResult>';
    script = [say(404), refuse(501, 'NotImplemented'), say(200, done), there('x'), say(200, 'abc')];
    expect(await open().completeUpload(upload, chunks)).toMatchObject({ key: 'a/b', size: 3 });
  });

  it('recognises its own object by the etag when the response to the completion was lost', async () => {
    const ours = createHash('md5').update(Buffer.from('900150983cd24fb0d6963f7d28e17f72', 'hex')).digest('hex');
    script = [say(404), cut, there(`${ours}-1`), say(204)];
    expect(await open().completeUpload(upload, chunks)).toMatchObject({ key: 'a/b', size: 3 });
    expect(seen.at(-1)).toMatch(/^DELETE/);
  });

  it('refuses a bucket whose etags are not MD5', async () => {
    script = [say(200), say(200, '', { etag: '"not-md5"' }), say(204)];
    await expect(open().verify()).rejects.toMatchObject({ ...failure('unusable'), retryable: false });
  });

  it('creates a missing bucket, also when another service creates it at the same time', async () => {
    script = [say(404), refuse(409, 'BucketAlreadyOwnedByYou'), refuse(403, 'AccessDenied')];
    await expect(open().verify()).rejects.toMatchObject(failure('denied'));
    expect(seen.slice(0, 2)).toEqual(['HEAD /archive', 'PUT /archive']);
    expect(bodies[1]).toContain('<LocationConstraint>eu-south-1</LocationConstraint>');
  });

  it.each(['ftp://host', 'host:9000', 'http://host/path', 'nonsense', ''])('refuses the endpoint %j', (endpoint) => {
    expect(() => open({ endpoint })).toThrow('is not an endpoint');
  });

  it.each([
    ['http://127.0.0.1:9000', true, 'http://127.0.0.1:9000/archive/a?'],
    ['https://store.example', true, 'https://store.example/archive/a?'],
    ['https://store.example', false, 'https://archive.store.example/a?'],
    ['http://[::1]:9000', true, 'http://[::1]:9000/archive/a?'],
  ])('creates links at %s, path style %p', async (endpoint, pathStyle, start) => {
    const link = await open({ endpoint, pathStyle }).presignRead('a', 60, 'a.tar');
    expect(link.slice(0, start.length)).toBe(start);
    expect(new URL(link).searchParams.get('response-content-disposition')).toBe('attachment; filename="a.tar"');
    expect(new URL(link).searchParams.get('X-Amz-Expires')).toBe('60');
    expect(link).not.toContain('secret');
  });

  it('finds out why a chunk is refused when the server closes the connection', async () => {
    const parts = say(200, '<ListPartsResult><IsTruncated>false</IsTruncated></ListPartsResult>');
    script = [cut, parts, cut, refuse(404, 'NoSuchUpload')];
    const writing = open().writeChunk(upload, 1, Buffer.from('abc'));
    await expect(writing).rejects.toMatchObject({ ...failure('upload-not-found'), retryable: false });
    expect(seen).toHaveLength(4);
  });

  it('sends only the given bytes of a buffer that is part of another one', async () => {
    script = [say(200, '', { etag: '"e"' })];
    const whole = Buffer.from('0123456789');
    await open().writeChunk(upload, 1, new Uint8Array(whole.buffer, whole.byteOffset + 2, 3));
    expect(bodies).toEqual(['234']);
  });

  describe('sends a chunk', () => {
    const started = (headers: Record<string, string>): Answer =>
      say(200, '<InitiateMultipartUploadResult><UploadId>id</UploadId></InitiateMultipartUploadResult>', headers);
    const completed = say(200, '<CompleteMultipartUploadResult><ETag>"e"</ETag></CompleteMultipartUploadResult>');
    const chunk = Buffer.from('abc');
    const headersOf = async (answers: Record<string, string>): Promise<IncomingMessage['headers'][]> => {
      const heard: IncomingMessage['headers'][] = [];
      const listen =
        (answer: Answer): Answer =>
        (request, response) => {
          heard.push(request.headers);
          return answer(request, response);
        };
      const written = say(200, '', { etag: `"${chunks[0]?.etag}"` });
      const whole = there(
        `${createHash('md5')
          .update(Buffer.from(chunks[0]?.etag ?? '', 'hex'))
          .digest('hex')}-1`,
      );
      script = [started(answers), written, say(404), completed, whole].map(listen);
      const store = open();
      const created = await store.startUpload('a/b', CHUNK);
      await store.completeUpload(created, [await store.writeChunk(created, 1, chunk)]);
      return heard;
    };

    it('with a CRC-32 when the server compares it, and repeats it in the completion', async () => {
      const [start, put] = await headersOf({ 'x-amz-checksum-algorithm': 'CRC32' });
      expect(start).toMatchObject({ 'x-amz-checksum-algorithm': 'CRC32' });
      expect(put).toMatchObject({ 'x-amz-checksum-crc32': 'NSRBwg==', 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' });
      expect(put?.authorization).toContain('x-amz-checksum-crc32');
      expect(bodies[3]).toContain('<ChecksumCRC32>NSRBwg==</ChecksumCRC32>');
    });

    it('with its SHA-256 in the signature when the server does not', async () => {
      const [, put] = await headersOf({});
      expect(put).toMatchObject({ 'x-amz-content-sha256': createHash('sha256').update(chunk).digest('hex') });
      expect(put).not.toHaveProperty('x-amz-checksum-crc32');
      expect(bodies[3]).not.toContain('Checksum');
    });
  });
});

function page(keys: string[], more = false, token = 't'): string {
  const contents = keys.map((key) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`);
  return `<ListBucketResult><IsTruncated>${more}</IsTruncated><NextContinuationToken>${token}</NextContinuationToken>${contents.join('')}</ListBucketResult>`;
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
