import { DataRegister } from '@almagest/access';
import { CATALOGUE_ENTITIES, CatalogueReader, DataSubjects, StoredNames } from '@almagest/catalogue-db';
import { BUS_POOL, DeadLetters, InboxRow, MessagingModule, OutboxRow } from '@almagest/messaging';
import { ObjectStoreModule, objectStoreVariables } from '@almagest/object-store';
import { DatabaseModule, DownloadSlots, downloadVariables } from '@almagest/platform';
import { commonConfigSchema, type ServiceDefinition } from '@almagest/service';
import { type DynamicModule, Module } from '@nestjs/common';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { migrations } from '../../migrations/catalogue';
import { CatalogueConsumer } from './catalogue.consumer';
import { DataPortalService } from './downloads/data-portal.service';
import { DataPortalController, DownloadsController } from './downloads/downloads.controller';
import { DownloadsRepository } from './downloads/downloads.repository';
import { DownloadsService } from './downloads/downloads.service';
import { LinksController } from './links/links.controller';
import { LinksService } from './links/links.service';
import { MetadataController } from './metadata/metadata.controller';
import { MetadataRepository } from './metadata/metadata.repository';
import { MetadataService } from './metadata/metadata.service';
import { DeliveriesController } from './reading/deliveries.controller';
import { OusController } from './reading/ous.controller';
import { ProjectsController } from './reading/projects.controller';
import { DeliveriesRepository, RejectedDeliveryRow } from './record/deliveries.repository';
import { GroupReadinessService } from './record/group-readiness.service';
import { HierarchyRepository } from './record/hierarchy.repository';
import { RecordService } from './record/record.service';
import { WithdrawalService } from './record/withdrawal.service';
import { DeadLettersController } from './upkeep/dead-letters.controller';
import { CataloguedObjects } from './upkeep/inventory';
import { RebuildService } from './upkeep/rebuild/rebuild.service';
import { DeliveryLookup } from './upkeep/reconcile/delivery-lookup';
import { Inspector } from './upkeep/reconcile/inspector';
import { PartRecovery } from './upkeep/reconcile/part-recovery';
import { ReconcileService } from './upkeep/reconcile/reconcile.service';
import { UpkeepFindingRow, UpkeepRunRow } from './upkeep/runs/upkeep-run.entity';
import { UpkeepRuns } from './upkeep/runs/upkeep-runs';
import { CheckedObjectRow, CheckedObjectsRepository } from './upkeep/scrub/checked-objects';
import { ScrubService } from './upkeep/scrub/scrub.service';
import { UpkeepConfig, upkeepVariables } from './upkeep/upkeep.config';
import { RebuildsController, ReconciliationsController, ScrubsController } from './upkeep/upkeep.controllers';
import { UpkeepPages } from './upkeep/upkeep.pages';
import { UpkeepWorker } from './upkeep/upkeep.worker';

/** The tables of the schema `catalogue`. */
export const catalogueSchema = {
  schema: 'catalogue',
  entities: [
    ...CATALOGUE_ENTITIES,
    RejectedDeliveryRow,
    UpkeepRunRow,
    UpkeepFindingRow,
    CheckedObjectRow,
    OutboxRow,
    InboxRow,
  ],
  migrations,
};

const configSchema = commonConfigSchema.extend({ ...objectStoreVariables, ...downloadVariables, ...upkeepVariables });

@Module({
  controllers: [
    CatalogueConsumer,
    ProjectsController,
    MetadataController,
    OusController,
    DeliveriesController,
    DownloadsController,
    DataPortalController,
    LinksController,
    ScrubsController,
    ReconciliationsController,
    RebuildsController,
    DeadLettersController,
  ],
  providers: [
    RecordService,
    MetadataService,
    MetadataRepository,
    WithdrawalService,
    GroupReadinessService,
    HierarchyRepository,
    DeliveriesRepository,
    DownloadsRepository,
    DownloadsService,
    DataPortalService,
    LinksService,
    UpkeepRuns,
    UpkeepPages,
    UpkeepWorker,
    CataloguedObjects,
    CheckedObjectsRepository,
    ScrubService,
    DeliveryLookup,
    PartRecovery,
    Inspector,
    ReconcileService,
    RebuildService,
    { provide: DeadLetters, inject: [BUS_POOL], useFactory: (pool: Pool) => new DeadLetters(pool) },
    { provide: CatalogueReader, inject: [DataSource], useFactory: (source: DataSource) => new CatalogueReader(source) },
    { provide: StoredNames, inject: [DataSource], useFactory: (source: DataSource) => new StoredNames(source) },
  ],
})
class CatalogueModule {
  constructor(dataSource: DataSource, register: DataRegister) {
    new DataSubjects(dataSource).addTo(register);
  }
}

/** Records everything that was delivered, and serves it. */
export const catalogue: ServiceDefinition<typeof configSchema> = {
  name: 'catalogue',
  summary: 'Records projects, ObsUnitSets, deliveries and their files; serves parts and single files.',
  configSchema,
  module: (config): DynamicModule => ({
    module: CatalogueModule,
    imports: [
      DatabaseModule.forService({ url: config.DATABASE_URL, ...catalogueSchema }),
      MessagingModule.forService('catalogue', config),
      ObjectStoreModule.connect(config),
    ],
    providers: [
      { provide: UpkeepConfig, useFactory: () => new UpkeepConfig(config) },
      { provide: DownloadSlots, useFactory: () => new DownloadSlots(config) },
    ],
  }),
};
