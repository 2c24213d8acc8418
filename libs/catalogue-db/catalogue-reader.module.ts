import { DataRegister } from '@almagest/access';
import { createDataSource, ReadinessChecks } from '@almagest/platform';
import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { CATALOGUE_ENTITIES } from './entities';
import { CatalogueReader } from './reading/catalogue-reader';
import { DataSubjects } from './reading/data-subjects';
import { StoredNames } from './reading/stored-names';

const READ_SOURCE = Symbol('CATALOGUE_READ_SOURCE');

/** Gives services other than the catalogue read access to the catalogue. Its connections cannot write. */
@Module({})
export class CatalogueReaderModule implements OnApplicationShutdown {
  constructor(@Inject(READ_SOURCE) private readonly dataSource: DataSource) {}

  static connect(databaseUrl: string): DynamicModule {
    return {
      module: CatalogueReaderModule,
      providers: [
        {
          provide: READ_SOURCE,
          inject: [ReadinessChecks, DataRegister],
          useFactory: async (readiness: ReadinessChecks, register: DataRegister): Promise<DataSource> => {
            const dataSource = await createDataSource({
              url: databaseUrl,
              schema: 'catalogue',
              entities: CATALOGUE_ENTITIES,
              migrations: [],
              readOnly: true,
            }).initialize();
            readiness.add('catalogue', async () => {
              await dataSource.query('SELECT 1 FROM catalogue.delivery LIMIT 1');
            });
            new DataSubjects(dataSource).addTo(register);
            return dataSource;
          },
        },
        {
          provide: CatalogueReader,
          inject: [READ_SOURCE],
          useFactory: (source: DataSource) => new CatalogueReader(source),
        },
        {
          provide: StoredNames,
          inject: [READ_SOURCE],
          useFactory: (source: DataSource) => new StoredNames(source),
        },
      ],
      exports: [CatalogueReader, StoredNames],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.dataSource.destroy();
  }
}
