import { randomBytes } from 'node:crypto';
import { Sources } from '@almagest/sources';
import { sourceConformance } from '@almagest/sources/testing/source.conformance';
import { Client } from 'minio';

/**
 * Returns a setting of the S3 server, such as one of `start-s3.mjs`. Without it the tests fail: they are never skipped.
 */
function setting(name: 'TEST_S3_ENDPOINT' | 'TEST_S3_ACCESS_KEY' | 'TEST_S3_SECRET_KEY'): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set: there is no S3 server to test against`);
  return value;
}

sourceConformance('S3', async () => {
  const [accessKey, secretKey] = [setting('TEST_S3_ACCESS_KEY'), setting('TEST_S3_SECRET_KEY')];
  const endpoint = setting('TEST_S3_ENDPOINT');
  const { hostname, port, protocol } = new URL(endpoint);
  const region = 'us-east-1';
  const bucket = `sources-${randomBytes(6).toString('hex')}`;
  const useSSL = protocol === 'https:';
  const client = new Client({ endPoint: hostname, port: Number(port), useSSL, region, accessKey, secretKey });
  await client.makeBucket(bucket, region);
  const s3 = { endpoint, accessKey, secretKey, region, buckets: [bucket] };
  const sources = new Sources({ roots: [], hosts: [], s3, ngas: [] });
  const names: string[] = [];
  return {
    put: async (name, bytes) => {
      await client.putObject(bucket, name, bytes);
      names.push(name);
      return `s3://${bucket}/${encodeURIComponent(name)}`;
    },
    forbidden: 's3://another-bucket/file',
    missing: `s3://${bucket}/missing`,
    at: (location, size) => sources.at(location, size),
    stop: async () => {
      await client.removeObjects(bucket, names);
      await client.removeBucket(bucket);
    },
  };
});
