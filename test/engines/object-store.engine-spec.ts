import { randomBytes } from 'node:crypto';
import { S3ObjectStore } from '@almagest/object-store';
import { objectStoreConformance } from '@almagest/object-store/conformance';
import { Client } from 'minio';

/** The S3 server to test against, such as one of `start-s3.mjs`. Without it the tests fail: they are never skipped. */
function setting(name: 'TEST_S3_ENDPOINT' | 'TEST_S3_ACCESS_KEY' | 'TEST_S3_SECRET_KEY'): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set: there is no S3 server to test against`);
  return value;
}

objectStoreConformance('S3', async () => {
  const options = {
    endpoint: setting('TEST_S3_ENDPOINT'),
    accessKey: setting('TEST_S3_ACCESS_KEY'),
    secretKey: setting('TEST_S3_SECRET_KEY'),
    region: 'us-east-1',
    bucket: `almagest-${randomBytes(6).toString('hex')}`,
    pathStyle: true,
  };
  const stores: S3ObjectStore[] = [];
  const open = (): S3ObjectStore => {
    const store = new S3ObjectStore(options);
    stores.push(store);
    return store;
  };
  const store = open();
  return { store, reopen: async () => open(), stop: () => remove(store, stores, options) };
});

async function remove(
  store: S3ObjectStore,
  stores: S3ObjectStore[],
  options: { endpoint: string; accessKey: string; secretKey: string; bucket: string },
): Promise<void> {
  for await (const upload of store.listUploads('')) await store.abortUpload(upload);
  for await (const { key } of store.list('')) await store.delete(key);
  const { protocol, hostname, port } = new URL(options.endpoint);
  const client = new Client({
    endPoint: hostname,
    port: Number(port),
    useSSL: protocol === 'https:',
    accessKey: options.accessKey,
    secretKey: options.secretKey,
  });
  await client.removeBucket(options.bucket);
  await Promise.all(stores.map((each) => each.close()));
}
