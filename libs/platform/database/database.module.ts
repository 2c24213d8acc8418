import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ReadinessChecks } from '../http/readiness';
import { createDataSource, type DatabaseOptions, migrate } from './data-source';

/** Provides the DataSource of a service: connects, migrates, checks readiness, and closes it on shutdown. */
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  static forService(options: DatabaseOptions): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      providers: [
        {
          provide: DataSource,
          inject: [ReadinessChecks],
          useFactory: async (readiness: ReadinessChecks): Promise<DataSource> => {
            const dataSource = await createDataSource(options).initialize();
            await migrate(dataSource);
            readiness.add('database', async () => {
              await dataSource.query('SELECT 1');
            });
            return dataSource;
          },
        },
      ],
      exports: [DataSource],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.dataSource.destroy();
  }
}
