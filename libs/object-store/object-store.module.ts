import { numberVariable, ReadinessChecks } from '@almagest/platform';
import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { z } from 'zod';
import { DirectoryObjectStore } from './directory/directory-object-store';
import type { ObjectStore } from './object-store.port';

/** Injection token of the archive's ObjectStore. */
export const OBJECT_STORE = Symbol('OBJECT_STORE');

/** Which store the archive keeps its parts in. */
export const objectStoreVariables = {
  OBJECT_STORE_DIRECTORY: z.string().min(1).meta({ description: 'Directory that holds the stored parts' }),
  OBJECT_STORE_MIN_FREE_BYTES: numberVariable(256 * 1024 ** 2).meta({
    description: 'Bytes that stay free on its disk',
  }),
};
export type ObjectStoreConfig = Readonly<z.infer<z.ZodObject<typeof objectStoreVariables>>>;

/** Gives a service the archive's object store, tried out at boot. */
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
            const store = new DirectoryObjectStore({
              root: config.OBJECT_STORE_DIRECTORY,
              minFreeBytes: config.OBJECT_STORE_MIN_FREE_BYTES,
            });
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
