import { CatalogueReaderModule } from '@almagest/catalogue-db';
import { InboxRow, MessagingModule, OutboxRow } from '@almagest/messaging';
import { ObjectStoreModule, objectStoreVariables } from '@almagest/object-store';
import { DatabaseModule, DownloadSlots, downloadVariables, numberVariable } from '@almagest/platform';
import { commonConfigSchema, type ServiceDefinition } from '@almagest/service';
import { sourcePolicy, Sources, sourceVariables } from '@almagest/sources';
import { type DynamicModule, Module } from '@nestjs/common';
import { z } from 'zod';
import { migrations } from '../../migrations/request-handler';
import { AsdmsController } from './asdms/asdms.controller';
import { AsdmsService } from './asdms/asdms.service';
import { DeliveryRecipientsRow } from './recipients/delivery-recipients.entity';
import { RecipientsConsumer } from './recipients/recipients.consumer';
import { RecipientsRepository } from './recipients/recipients.repository';
import { RequestHandlerConfig } from './request-handler.config';
import { RawRequestAsdmRow, RawRequestRow, StagedAsdmRow } from './requests/raw-request.entity';
import { RawRequestsController } from './requests/raw-requests.controller';
import { RawRequestsRepository } from './requests/raw-requests.repository';
import { RawRequestsService } from './requests/raw-requests.service';
import { AsdmTransfer } from './staging/asdm-transfer';
import { StagingRepository } from './staging/staging.repository';
import { StagingService } from './staging/staging.service';
import { StagingSweep } from './staging/staging-sweep';

/** The tables of the service, in the schema `request_handler`. */
export const requestHandlerSchema = {
  schema: 'request_handler',
  entities: [RawRequestRow, StagedAsdmRow, RawRequestAsdmRow, DeliveryRecipientsRow, OutboxRow, InboxRow],
  migrations,
};

const TIB = 1024 ** 4;

const { S3_BUCKET: _bucket, OBJECT_STORE_DIRECTORY: _directory, ...storeVariables } = objectStoreVariables;

const configSchema = commonConfigSchema.extend({
  ...storeVariables,
  ...sourceVariables,
  ...downloadVariables,
  STAGING_BUCKET: z.string().default('almagest-staging').meta({ description: 'S3 bucket of staged raw data' }),
  STAGING_DIRECTORY: z.string().default('').meta({ description: 'Directory of staged raw data; unused with S3' }),
  STAGING_ROOM_BYTES: numberVariable(10 * TIB, 1).meta({ description: 'Bytes that may be staged in total' }),
  STAGING_KEEP_DAYS: numberVariable(14, 1).meta({ description: 'Days that raw data stay staged' }),
  STAGING_CONCURRENCY: numberVariable(2, 1).meta({ description: 'ASDMs staged at the same time' }),
  RAW_QUOTA_BYTES: numberVariable(2 * TIB, 1).meta({ description: 'Bytes that one requester may have staged' }),
});
type Config = Readonly<z.infer<typeof configSchema>>;

@Module({
  controllers: [AsdmsController, RawRequestsController, RecipientsConsumer],
  providers: [
    AsdmsService,
    RawRequestsService,
    RawRequestsRepository,
    RecipientsRepository,
    StagingService,
    StagingRepository,
    StagingSweep,
    AsdmTransfer,
  ],
})
class RequestHandlerModule {}

/** Lists the raw data of a MemberOUS, and stages them on request. */
export const requestHandler: ServiceDefinition<typeof configSchema> = {
  name: 'request-handler',
  summary: 'Lists the raw ASDMs of a MemberOUS, stages them from the bulk store on request, and serves them.',
  configSchema,
  module: (config): DynamicModule => ({
    module: RequestHandlerModule,
    imports: [
      DatabaseModule.forService({ url: config.DATABASE_URL, ...requestHandlerSchema }),
      MessagingModule.forService('request-handler', config),
      CatalogueReaderModule.connect(config.DATABASE_URL),
      ObjectStoreModule.connect({
        ...config,
        S3_BUCKET: config.STAGING_BUCKET,
        OBJECT_STORE_DIRECTORY: config.STAGING_DIRECTORY,
      }),
    ],
    providers: [
      { provide: RequestHandlerConfig, useFactory: () => settingsOf(config) },
      { provide: DownloadSlots, useFactory: () => new DownloadSlots(config) },
      { provide: Sources, useFactory: () => new Sources(sourcePolicy(config)) },
    ],
  }),
};

function settingsOf(config: Config): RequestHandlerConfig {
  return new RequestHandlerConfig({
    publicUrl: config.PUBLIC_URL,
    concurrency: config.STAGING_CONCURRENCY,
    quotaBytes: config.RAW_QUOTA_BYTES,
    roomBytes: config.STAGING_ROOM_BYTES,
    keepDays: config.STAGING_KEEP_DAYS,
    directory: config.S3_ENDPOINT === undefined ? config.STAGING_DIRECTORY : '',
    minFreeBytes: config.OBJECT_STORE_MIN_FREE_BYTES,
  });
}
