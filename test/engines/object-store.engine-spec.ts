import { randomBytes } from 'node:crypto';
import { MIN_CHUNK_SIZE, S3ObjectStore, type S3ObjectStoreOptions } from '@almagest/object-store';
import { objectStoreConformance } from '@almagest/object-store/testing/object-store.conformance';
import { Client } from 'minio';

/**
 * Returns a setting of the S3 server, such as one of `start-s3.mjs`. Without it the tests fail: they are never skipped.
 */
function setting(name: 'TEST_S3_ENDPOINT' | 'TEST_S3_ACCESS_KEY' | 'TEST_S3_SECRET_KEY'): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set: there is no S3 server to test against`);
  return value;
}

function newBucket(): S3ObjectStoreOptions {
  return {
    endpoint: setting('TEST_S3_ENDPOINT'),
    accessKey: setting('TEST_S3_ACCESS_KEY'),
    secretKey: setting('TEST_S3_SECRET_KEY'),
    region: 'us-east-1',
    bucket: `almagest-${randomBytes(6).toString('hex')}`,
    pathStyle: true,
  };
}

async function removeBucket(store: S3ObjectStore, options: S3ObjectStoreOptions): Promise<void> {
  for await (const upload of store.listUploads('')) await store.abortUpload(upload);
  for await (const { key } of store.list('')) await store.delete(key);
  const { protocol, hostname, port } = new URL(options.endpoint);
  const { accessKey, secretKey, region, bucket } = options;
  const useSSL = protocol === 'https:';
  await new Client({ endPoint: hostname, port: Number(port), useSSL, region, accessKey, secretKey }).removeBucket(
    bucket,
  );
}

objectStoreConformance('S3', async () => {
  const options = newBucket();
  const stores = [new S3ObjectStore(options)];
  const [store] = stores as [S3ObjectStore];
  const reopen = async (): Promise<S3ObjectStore> => {
    const another = new S3ObjectStore(options);
    stores.push(another);
    return another;
  };
  const stop = async (): Promise<void> => {
    await removeBucket(store, options);
    await Promise.all(stores.map((each) => each.close()));
  };
  return { store, reopen, stop };
});

describe('S3ObjectStore on a real server', () => {
  let options: S3ObjectStoreOptions;
  let store: S3ObjectStore;

  beforeAll(async () => {
    options = newBucket();
    store = new S3ObjectStore(options);
    await store.verify();
  });
  afterAll(async () => {
    await removeBucket(store, options);
    await store.close();
  });

  it('signs links that anyone can read the object by, with ranges and with its file name', async () => {
    await store.put('project/ous/r1/a+b.tar', Buffer.from('0123456789'));
    const link = await store.presignRead('project/ous/r1/a+b.tar', 60, 'a+b.tar');
    const whole = await fetch(link);
    expect([whole.status, await whole.text()]).toEqual([200, '0123456789']);
    expect(whole.headers.get('content-disposition')).toBe('attachment; filename="a+b.tar"');
    const range = await fetch(link, { headers: { range: 'bytes=2-4' } });
    expect([range.status, await range.text()]).toEqual([206, '234']);
    const changed = await fetch(link.replace('a%2Bb.tar', 'other.tar'));
    expect(changed.status).toBe(403);
  });

  it('fails with a wrong key, and is not retryable', async () => {
    const withWrongKey = new S3ObjectStore({ ...options, secretKey: 'wrong' });
    const denied = { code: 'object-store.denied', retryable: false, fault: 'store' };
    await expect(withWrongKey.verify()).rejects.toMatchObject(denied);
    await expect(withWrongKey.put('a', Buffer.from('x'))).rejects.toMatchObject(denied);
    await withWrongKey.close();
  });

  it('reports a missing bucket instead of listing nothing', async () => {
    const withoutBucket = new S3ObjectStore({ ...options, bucket: `${options.bucket}-not` });
    const unusable = { code: 'object-store.unusable', retryable: false };
    await expect(withoutBucket.list('').next()).rejects.toMatchObject(unusable);
    await expect(withoutBucket.read('a')).rejects.toMatchObject(unusable);
    await expect(withoutBucket.startUpload('a', MIN_CHUNK_SIZE)).rejects.toMatchObject(unusable);
    await withoutBucket.close();
  });

  it('lists the chunks of an upload over several pages', async () => {
    const upload = await store.startUpload('many-chunks', MIN_CHUNK_SIZE);
    const numbers = Array.from({ length: 1005 }, (_, i) => i + 1);
    const left = numbers.values();
    const write = async (): Promise<void> => {
      for (const number of left) await store.writeChunk(upload, number, Buffer.from(String(number)));
    };
    await Promise.all(Array.from({ length: 8 }, write));
    expect((await store.listChunks(upload)).map(({ number }) => number)).toEqual(numbers);
  }, 60_000);

  it('lists unfinished uploads over several pages', async () => {
    const keys = Array.from({ length: 1005 }, (_, i) => `pages/part-${String(i).padStart(4, '0')}`);
    const left = keys.values();
    const start = async (): Promise<void> => {
      for (const key of left) await store.startUpload(key, MIN_CHUNK_SIZE);
    };
    await Promise.all(Array.from({ length: 8 }, start));
    const listed: string[] = [];
    for await (const upload of store.listUploads('pages/')) listed.push(upload.key);
    expect(listed.sort()).toEqual(keys);
  }, 60_000);
});
