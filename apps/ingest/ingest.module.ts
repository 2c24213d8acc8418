import { InboxRow, MessagingModule, OutboxRow } from '@almagest/messaging';
import { LARGE_CHUNK, ObjectStoreModule, objectStoreVariables } from '@almagest/object-store';
import { DatabaseModule, numberVariable } from '@almagest/platform';
import { commonConfigSchema, type ServiceDefinition } from '@almagest/service';
import { sourcePolicy, Sources, sourceVariables } from '@almagest/sources';
import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { z } from 'zod';
import { migrations } from '../../migrations/ingest';
import { DeliveriesRepository, IngestDeliveryRow } from './deliveries/deliveries.repository';
import { DeliveryTransfer } from './deliveries/delivery-transfer';
import { IngestConsumer } from './deliveries/ingest.consumer';
import { IngestService } from './deliveries/ingest.service';
import { HashThreads } from './hashing/hash-threads';
import { IngestConfig } from './ingest.config';
import { PartOrders } from './parts/part-orders';
import { PartTransfer } from './parts/part-transfer';
import { PartRecoveryRow, RecoveriesRepository } from './recovery/recoveries.repository';
import { RecoveryConsumer } from './recovery/recovery.consumer';
import { RecoveryService } from './recovery/recovery.service';
import { ChunkMemory } from './resources/chunk-memory';
import { StoreSpace } from './resources/store-space';
import { FailedRuns } from './retry/failed-runs';
import { UploadSweeper } from './sweeping/upload-sweeper';

/** The tables of the service, in the schema `ingest`. */
export const ingestSchema = {
  schema: 'ingest',
  entities: [IngestDeliveryRow, PartRecoveryRow, OutboxRow, InboxRow],
  migrations,
};

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
/** A part is read into at least two buffers. */
const MIN_BUFFER_BYTES = 2 * LARGE_CHUNK;

const configSchema = commonConfigSchema.extend({
  ...objectStoreVariables,
  ...sourceVariables,
  INGEST_CONCURRENCY: numberVariable(2, 1).meta({ description: 'Deliveries stored at the same time' }),
  INGEST_PARTS: numberVariable(2, 1).meta({
    description: 'Parts transferred at the same time, of all deliveries together',
  }),
  INGEST_BUFFER_BYTES: numberVariable(128 * MIB, MIN_BUFFER_BYTES).meta({
    description: 'Memory for the chunks of all parts that are being transferred, in bytes',
  }),
  UPLOAD_KEEP_DAYS: numberVariable(7, 1).meta({
    description: 'Days after which an unfinished upload that no delivery waits for is removed',
  }),
  MAX_PART_SIZE: numberVariable(100 * GIB, 10_240).meta({
    description: 'Largest size of a part that is packed from a tree, in bytes',
  }),
});
type Config = z.infer<typeof configSchema>;

@Module({
  controllers: [IngestConsumer, RecoveryConsumer],
  providers: [
    IngestService,
    DeliveriesRepository,
    FailedRuns,
    PartOrders,
    PartTransfer,
    DeliveryTransfer,
    HashThreads,
    RecoveriesRepository,
    RecoveryService,
    UploadSweeper,
  ],
})
class IngestModule {}

/** Fetches deliveries, checks them against the delivery standard, and stores their parts. */
export const ingest: ServiceDefinition<typeof configSchema> = {
  name: 'ingest',
  summary: 'Fetches deliveries, checks them against the delivery standard, and stores their parts byte for byte.',
  configSchema,
  module: (config): DynamicModule => ({
    module: IngestModule,
    imports: [
      DatabaseModule.forService({ url: config.DATABASE_URL, ...ingestSchema }),
      MessagingModule.forService('ingest', config),
      ObjectStoreModule.connect(config),
    ],
    providers: limitsOf(config),
  }),
};

function limitsOf(config: Config): Provider[] {
  const limits = new IngestConfig({
    concurrency: config.INGEST_CONCURRENCY,
    parts: config.INGEST_PARTS,
    bufferBytes: config.INGEST_BUFFER_BYTES,
    maxPartSize: config.MAX_PART_SIZE,
    uploadKeepDays: config.UPLOAD_KEEP_DAYS,
  });
  const directory = config.S3_ENDPOINT === undefined ? config.OBJECT_STORE_DIRECTORY : null;
  const space = new StoreSpace(directory, config.OBJECT_STORE_MIN_FREE_BYTES);
  return [
    { provide: IngestConfig, useValue: limits },
    { provide: ChunkMemory, useValue: new ChunkMemory(limits.settings.bufferBytes) },
    { provide: StoreSpace, useValue: space },
    { provide: Sources, useValue: new Sources(sourcePolicy(config)) },
  ];
}
