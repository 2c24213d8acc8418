import { InboxRow, MessagingModule, OutboxRow } from '@almagest/messaging';
import { LARGE_CHUNK, ObjectStoreModule, objectStoreVariables } from '@almagest/object-store';
import { DatabaseModule, numberVariable } from '@almagest/platform';
import { commonConfigSchema, type ServiceDefinition } from '@almagest/service';
import { sourcePolicy, Sources, sourceVariables } from '@almagest/sources';
import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { z } from 'zod';
import { migrations } from '../../migrations/ingest';
import { DeliveriesRepository } from './deliveries/deliveries.repository';
import { IngestDeliveryRow } from './deliveries/delivery.entity';
import { IngestConsumer } from './deliveries/ingest.consumer';
import { IngestService } from './deliveries/ingest.service';
import { IngestWorker } from './deliveries/ingest.worker';
import { FailedRuns } from './retry/failed-runs';
import { HashThreads } from './hashing/hash-threads';
import { IngestConfig } from './ingest.config';
import { ChunkMemory } from './limits/chunk-memory';
import { StoreRoom } from './limits/store-room';
import { PartRestorationRow } from './restoring/part-restoration.entity';
import { RestorationsRepository } from './restoring/restorations.repository';
import { RestoreConsumer } from './restoring/restore.consumer';
import { RestoreService } from './restoring/restore.service';
import { RestoreWorker } from './restoring/restore.worker';
import { DeliveryIntake } from './storing/delivery-intake';
import { PartIntake } from './storing/part-intake';
import { PartOrders } from './storing/part-orders';
import { UploadSweeper } from './storing/upload-sweeper';

/** What the service keeps in the schema `ingest`. */
export const ingestSchema = {
  schema: 'ingest',
  entities: [IngestDeliveryRow, PartRestorationRow, OutboxRow, InboxRow],
  migrations,
};

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
/** A part is read in two buffers at least. */
const LEAST_BUFFERS = 2 * LARGE_CHUNK;

const configSchema = commonConfigSchema.extend({
  ...objectStoreVariables,
  ...sourceVariables,
  INGEST_CONCURRENCY: numberVariable(2, 1).meta({ description: 'Deliveries taken in at the same time' }),
  INGEST_PARTS: numberVariable(2, 1).meta({ description: 'Parts read at the same time, of all deliveries together' }),
  INGEST_BUFFER_BYTES: numberVariable(128 * MIB, LEAST_BUFFERS).meta({
    description: 'Memory for the chunks of all parts being read together',
  }),
  UPLOAD_KEEP_DAYS: numberVariable(7, 1).meta({
    description: 'Days that an unfinished upload is kept which no delivery waits for',
  }),
  MAX_PART_SIZE: numberVariable(100 * GIB, 10_240).meta({ description: 'Bytes of a part packed from a tree' }),
});
type Config = z.infer<typeof configSchema>;

@Module({
  controllers: [IngestConsumer, RestoreConsumer],
  providers: [
    IngestService,
    IngestWorker,
    DeliveriesRepository,
    FailedRuns,
    PartOrders,
    PartIntake,
    DeliveryIntake,
    HashThreads,
    RestorationsRepository,
    RestoreService,
    RestoreWorker,
    UploadSweeper,
  ],
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
  const room = new StoreRoom(directory, config.OBJECT_STORE_MIN_FREE_BYTES);
  return [
    { provide: IngestConfig, useValue: limits },
    { provide: ChunkMemory, useValue: new ChunkMemory(limits.settings.bufferBytes) },
    { provide: StoreRoom, useValue: room },
    { provide: Sources, useValue: new Sources(sourcePolicy(config)) },
  ];
}
