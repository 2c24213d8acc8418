import { InboxRow, MessagingModule, OutboxRow } from '@almagest/messaging';
import { ObjectStoreModule, objectStoreVariables } from '@almagest/object-store';
import {
  commonConfigSchema,
  DatabaseModule,
  listVariable,
  numberVariable,
  type ServiceDefinition,
} from '@almagest/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import { z } from 'zod';
import { migrations } from '../../migrations/ingest';
import { DeliveriesRepository } from './deliveries/deliveries.repository';
import { IngestDeliveryRow } from './deliveries/delivery.entity';
import { IngestConsumer } from './deliveries/ingest.consumer';
import { IngestService } from './deliveries/ingest.service';
import { IngestWorker } from './deliveries/ingest.worker';
import { IngestConfig } from './ingest.config';
import { Sources } from './sources/sources';
import { PartOrders } from './storing/part-orders';

/** What the service keeps in the schema `ingest`. */
export const ingestSchema = { schema: 'ingest', entities: [IngestDeliveryRow, OutboxRow, InboxRow], migrations };

const GIB = 1024 ** 3;

const configSchema = commonConfigSchema.extend({
  ...objectStoreVariables,
  SOURCE_ROOTS: listVariable.meta({ description: 'Directories that file:// locations may lie in' }),
  SOURCE_HOSTS: listVariable.meta({ description: 'Servers that https:// locations may name, `host` or `host:port`' }),
  SOURCE_S3_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({ description: 'The S3 store of s3:// locations' }),
  SOURCE_S3_ACCESS_KEY: z.string().default(''),
  SOURCE_S3_SECRET_KEY: z.string().default(''),
  SOURCE_S3_REGION: z.string().default('us-east-1'),
  SOURCE_S3_BUCKETS: listVariable.meta({ description: 'Buckets that s3:// locations may name' }),
  INGEST_CONCURRENCY: numberVariable(2, 1).meta({ description: 'Deliveries taken in at the same time' }),
  MAX_PART_SIZE: numberVariable(100 * GIB, 10_240).meta({ description: 'Bytes of a part packed from a tree' }),
});
type Config = z.infer<typeof configSchema>;

@Module({
  controllers: [IngestConsumer],
  providers: [IngestService, IngestWorker, DeliveriesRepository, PartOrders],
})
class IngestModule {}

/** Fetches deliveries, holds them against the standard and stores their parts. */
export const ingest: ServiceDefinition<typeof configSchema> = {
  name: 'ingest',
  summary: 'Fetches deliveries, holds them against the delivery standard and stores their parts byte for byte.',
  configSchema,
  module: (config): DynamicModule => ({
    module: IngestModule,
    imports: [
      DatabaseModule.forService({ url: config.DATABASE_URL, ...ingestSchema }),
      MessagingModule.forService('ingest', config.DATABASE_URL),
      ObjectStoreModule.connect(config),
    ],
    providers: [
      {
        provide: IngestConfig,
        useValue: new IngestConfig(config.DATABASE_URL, config.INGEST_CONCURRENCY, config.MAX_PART_SIZE),
      },
      { provide: Sources, useValue: new Sources(sourcePolicy(config)) },
    ],
  }),
};

function sourcePolicy(config: Config): Sources['policy'] {
  const { SOURCE_S3_ENDPOINT: endpoint } = config;
  return {
    roots: config.SOURCE_ROOTS,
    hosts: config.SOURCE_HOSTS,
    s3:
      endpoint === undefined
        ? null
        : {
            endpoint,
            accessKey: config.SOURCE_S3_ACCESS_KEY,
            secretKey: config.SOURCE_S3_SECRET_KEY,
            region: config.SOURCE_S3_REGION,
            buckets: config.SOURCE_S3_BUCKETS,
          },
  };
}
