import { CATALOGUE_ENTITIES, CatalogueReader } from '@almagest/catalogue-db';
import { InboxRow, MessagingModule, OutboxRow } from '@almagest/messaging';
import { ObjectStoreModule, objectStoreVariables } from '@almagest/object-store';
import { commonConfigSchema, DatabaseModule, type ServiceDefinition } from '@almagest/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { migrations } from '../../migrations/catalogue';
import { DownloadsController } from './downloads/downloads.controller';
import { DownloadsService } from './downloads/downloads.service';
import { DeliveriesController } from './reading/deliveries.controller';
import { OusController } from './reading/ous.controller';
import { ProjectsController } from './reading/projects.controller';
import { DeliveriesRepository } from './record/deliveries.repository';
import { GroupReadinessService } from './record/group-readiness.service';
import { HierarchyRepository } from './record/hierarchy.repository';
import { RecordConsumer } from './record/record.consumer';
import { RecordService } from './record/record.service';

/** What the service keeps in the schema `catalogue`. */
export const catalogueSchema = {
  schema: 'catalogue',
  entities: [...CATALOGUE_ENTITIES, OutboxRow, InboxRow],
  migrations,
};

const configSchema = commonConfigSchema.extend(objectStoreVariables);

@Module({
  controllers: [RecordConsumer, ProjectsController, OusController, DeliveriesController, DownloadsController],
  providers: [
    RecordService,
    GroupReadinessService,
    HierarchyRepository,
    DeliveriesRepository,
    DownloadsService,
    { provide: CatalogueReader, inject: [DataSource], useFactory: (source: DataSource) => new CatalogueReader(source) },
  ],
})
class CatalogueModule {}

/** The record of all that was delivered, and the way to its files. */
export const catalogue: ServiceDefinition<typeof configSchema> = {
  name: 'catalogue',
  summary: 'The record: projects, ObsUnitSets, deliveries and their files; serves parts and single files.',
  configSchema,
  module: (config): DynamicModule => ({
    module: CatalogueModule,
    imports: [
      DatabaseModule.forService({ url: config.DATABASE_URL, ...catalogueSchema }),
      MessagingModule.forService('catalogue', config.DATABASE_URL),
      ObjectStoreModule.connect(config),
    ],
  }),
};
