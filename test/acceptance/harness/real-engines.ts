import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import type { ServiceName } from '@almagest/contracts';
import { type BusPublisher, KafkaBusPublisher } from '@almagest/messaging';
import { createLogger } from '@almagest/platform';
import { Client } from 'minio';
import { z } from 'zod';
import { settingsOf } from '../../engines/kafka/kafka-harness';
import type { Mails } from './mailbox';

const engineFileSchema = z.object({
  mailApi: z.url(),
  env: z.object({
    DATABASE_URL: z.url(),
    KAFKA_BROKERS: z.string(),
    KAFKA_PREFIX: z.string(),
    KAFKA_PARTITIONS: z.coerce.number(),
    S3_ENDPOINT: z.url(),
    S3_BUCKET: z.string(),
    STAGING_BUCKET: z.string(),
    S3_ACCESS_KEY: z.string(),
    S3_SECRET_KEY: z.string(),
  }),
});
type EngineFile = z.infer<typeof engineFileSchema>;

const messagesSchema = z.object({ messages: z.array(z.object({ ID: z.string() })) });
const MOST_MAILS = 100_000;

/** Reads what an archive of separate services stores on the real engines, with independent clients. */
export class RealEngines {
  constructor(private readonly file: string) {}

  async databaseUrl(): Promise<string> {
    return (await this.read()).env.DATABASE_URL;
  }

  /** Returns a publisher on the archive's bus. */
  async publisher(): Promise<BusPublisher> {
    const { env } = await this.read();
    const settings = { ...settingsOf(env.KAFKA_BROKERS), prefix: env.KAFKA_PREFIX, partitions: env.KAFKA_PARTITIONS };
    return new KafkaBusPublisher(settings, 'test', createLogger('test', { level: 'silent' }));
  }

  async stored(folder: string): Promise<string[]> {
    const { env } = await this.read();
    return keysIn(env, env.S3_BUCKET, `${folder}/`);
  }

  /** Returns the bytes of an object in the store. */
  async object(key: string): Promise<Buffer> {
    const { env } = await this.read();
    return buffer(await clientOf(env).getObject(env.S3_BUCKET, key));
  }

  async tamper(key: string, bytes: Uint8Array | null): Promise<void> {
    const { env } = await this.read();
    if (bytes === null) await clientOf(env).removeObject(env.S3_BUCKET, key);
    else await clientOf(env).putObject(env.S3_BUCKET, key, Buffer.from(bytes));
  }

  /** Returns the keys of all objects in the staging area. */
  async staged(): Promise<string[]> {
    const { env } = await this.read();
    return keysIn(env, env.STAGING_BUCKET, '');
  }

  async unfinishedUploads(): Promise<number> {
    const { env } = await this.read();
    let count = 0;
    for await (const _upload of clientOf(env).listIncompleteUploads(env.S3_BUCKET, '', true)) count += 1;
    return count;
  }

  /** The mails that the mail server received from all archives. */
  readonly mails: Mails = {
    list: async () => {
      const { mailApi } = await this.read();
      const response = await fetch(`${mailApi}/api/v1/messages?limit=${MOST_MAILS}`);
      return messagesSchema.parse(await response.json()).messages.map(({ ID }) => ID);
    },
    read: async (id) => {
      const { mailApi } = await this.read();
      return Buffer.from(await (await fetch(`${mailApi}/api/v1/message/${id}/raw`)).arrayBuffer());
    },
  };

  private async read(): Promise<EngineFile> {
    return engineFileSchema.parse(JSON.parse(await readFile(this.file, 'utf8')));
  }
}

async function keysIn(env: EngineFile['env'], bucket: string, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const object of clientOf(env).listObjectsV2(bucket, prefix, true)) {
    keys.push((object as { name: string }).name);
  }
  return keys;
}

function clientOf({ S3_ENDPOINT, S3_ACCESS_KEY, S3_SECRET_KEY }: EngineFile['env']): Client {
  const { hostname, port } = new URL(S3_ENDPOINT);
  return new Client({
    endPoint: hostname,
    port: Number(port),
    useSSL: false,
    region: 'us-east-1',
    accessKey: S3_ACCESS_KEY,
    secretKey: S3_SECRET_KEY,
  });
}

/** Returns the URL of a service in an archive of separate services. */
export async function serviceUrl(file: string, service: ServiceName): Promise<string> {
  const urls = z.record(z.string(), z.url()).parse(JSON.parse(await readFile(file, 'utf8')));
  return urls[service] ?? '';
}
