import { numberVariable, ReadinessChecks } from '@almagest/platform';
import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { z } from 'zod';
import { DirectoryObjectStore } from './directory/directory-object-store';
import { ObjectStoreError } from './object-store.error';
import type { ObjectStore } from './object-store.port';
import { S3ObjectStore } from './s3/s3-object-store';

/** Injection token of the archive's ObjectStore. */
export const OBJECT_STORE = Symbol('OBJECT_STORE');

/** The configuration of the archive's object store: an S3 bucket if S3_ENDPOINT is set, otherwise a directory. */
export const objectStoreVariables = {
  S3_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({ description: 'URL of the S3 server, `https://host[:port]`; a directory is used if unset' }),
  S3_BUCKET: z
    .string()
    .default('almagest')
    .meta({ description: 'S3 bucket of the archive; created if it does not exist' }),
  S3_REGION: z.string().default('us-east-1').meta({ description: 'Region of the S3 server' }),
  S3_ACCESS_KEY: z.string().default('').meta({ description: 'S3 access key', secret: true }),
  S3_SECRET_KEY: z.string().default('').meta({ description: 'S3 secret key', secret: true }),
  S3_PATH_STYLE: z
    .stringbool()
    .default(true)
    .meta({ description: 'Whether S3 URLs have the bucket in the path instead of the host name' }),
  OBJECT_STORE_DIRECTORY: z
    .string()
    .default('')
    .meta({ description: 'Directory that stores the parts, when S3_ENDPOINT is unset' }),
  OBJECT_STORE_MIN_FREE_BYTES: numberVariable(256 * 1024 ** 2).meta({
    description: 'Bytes that must stay free on the disk of the directory',
  }),
};
export type ObjectStoreConfig = Readonly<z.infer<z.ZodObject<typeof objectStoreVariables>>>;

/** Provides a service with the archive's object store, verified at start-up. */
@Module({})
export class ObjectStoreModule implements OnApplicationShutdown {
  constructor(@Inject(OBJECT_STORE) private readonly store: ObjectStore) {}

  static connect(config: ObjectStoreConfig): DynamicModule {
    return {
      module: ObjectStoreModule,
      providers: [
        {
          provide: OBJECT_STORE,
          inject: [ReadinessChecks],
          useFactory: async (readiness: ReadinessChecks): Promise<ObjectStore> => {
            const store = objectStoreOf(config);
            await store.verify();
            readiness.add('object store', async () => {
              await store.head('almagest/probe');
            });
            return store;
          },
        },
      ],
      exports: [OBJECT_STORE],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }
}

/** @throws ObjectStoreError `object-store.unusable` when neither store is configured */
function objectStoreOf(config: ObjectStoreConfig): ObjectStore {
  if (config.S3_ENDPOINT !== undefined) {
    return new S3ObjectStore({
      endpoint: config.S3_ENDPOINT,
      bucket: config.S3_BUCKET,
      region: config.S3_REGION,
      accessKey: config.S3_ACCESS_KEY,
      secretKey: config.S3_SECRET_KEY,
      pathStyle: config.S3_PATH_STYLE,
    });
  }
  if (config.OBJECT_STORE_DIRECTORY === '') {
    throw new ObjectStoreError('object-store.unusable', 'set S3_ENDPOINT or OBJECT_STORE_DIRECTORY');
  }
  return new DirectoryObjectStore({
    root: config.OBJECT_STORE_DIRECTORY,
    minFreeBytes: config.OBJECT_STORE_MIN_FREE_BYTES,
  });
}
