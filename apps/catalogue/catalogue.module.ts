import { CATALOGUE_ENTITIES, CatalogueReader, DataSubjects } from '@almagest/catalogue-db';
import { BUS_POOL, DeadLetters, InboxRow, MessagingModule, OutboxRow } from '@almagest/messaging';
import { ObjectStoreModule, objectStoreVariables } from '@almagest/object-store';
import { commonConfigSchema, DatabaseModule, DataRegister, type ServiceDefinition } from '@almagest/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { migrations } from '../../migrations/catalogue';
import { DownloadsController } from './downloads/downloads.controller';
import { DownloadsRepository } from './downloads/downloads.repository';
import { DownloadsService } from './downloads/downloads.service';
import { LinksController } from './links/links.controller';
import { LinksService } from './links/links.service';
import { DeliveriesController } from './reading/deliveries.controller';
import { OusController } from './reading/ous.controller';
import { ProjectsController } from './reading/projects.controller';
import { DeliveriesRepository, RejectedDeliveryRow } from './record/deliveries.repository';
import { GroupReadinessService } from './record/group-readiness.service';
import { HierarchyRepository } from './record/hierarchy.repository';
import { RecordConsumer } from './record/record.consumer';
import { RecordService } from './record/record.service';
import { WithdrawalService } from './record/withdrawal.service';
import { DeadLettersController } from './upkeep/dead-letters/dead-letters.controller';
import { CataloguedObjects } from './upkeep/inventory/catalogued-objects';
import { RebuildService } from './upkeep/rebuild/rebuild.service';
import { RebuildsController } from './upkeep/rebuild/rebuilds.controller';
import { Inspector } from './upkeep/reconcile/inspector';
import { LostParts } from './upkeep/reconcile/lost-parts';
import { LostPartsConsumer } from './upkeep/reconcile/lost-parts.consumer';
import { ReconcileService } from './upkeep/reconcile/reconcile.service';
import { ReconciliationsController } from './upkeep/reconcile/reconciliations.controller';
import { SettledPlaces } from './upkeep/reconcile/settled-places';
import { UpkeepFindingRow, UpkeepRunRow } from './upkeep/runs/upkeep-run.entity';
import { UpkeepRuns } from './upkeep/runs/upkeep-runs';
import { CheckedObjectRow } from './upkeep/scrub/checked-object.entity';
import { CheckedObjectsRepository } from './upkeep/scrub/checked-objects.repository';
import { ScrubService } from './upkeep/scrub/scrub.service';
import { ScrubsController } from './upkeep/scrub/scrubs.controller';
import { UpkeepConfig, upkeepVariables } from './upkeep/upkeep.config';
import { UpkeepPages } from './upkeep/upkeep.pages';
import { UpkeepWorker } from './upkeep/upkeep.worker';

/** What the service keeps in the schema `catalogue`. */
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

const configSchema = commonConfigSchema.extend({ ...objectStoreVariables, ...upkeepVariables });

@Module({
  controllers: [
    RecordConsumer,
    LostPartsConsumer,
    ProjectsController,
    OusController,
    DeliveriesController,
    DownloadsController,
    LinksController,
    ScrubsController,
    ReconciliationsController,
    RebuildsController,
    DeadLettersController,
  ],
  providers: [
    RecordService,
    WithdrawalService,
    GroupReadinessService,
    HierarchyRepository,
    DeliveriesRepository,
    DownloadsRepository,
    DownloadsService,
    LinksService,
    UpkeepRuns,
    UpkeepPages,
    UpkeepWorker,
    CataloguedObjects,
    CheckedObjectsRepository,
    ScrubService,
    SettledPlaces,
    LostParts,
    Inspector,
    ReconcileService,
    RebuildService,
    { provide: DeadLetters, inject: [BUS_POOL], useFactory: (pool: Pool) => new DeadLetters(pool) },
    { provide: CatalogueReader, inject: [DataSource], useFactory: (source: DataSource) => new CatalogueReader(source) },
  ],
})
class CatalogueModule {
  constructor(dataSource: DataSource, register: DataRegister) {
    new DataSubjects(dataSource).addTo(register);
  }
}

/** The record of all that was delivered, and the way to its files. */
export const catalogue: ServiceDefinition<typeof configSchema> = {
  name: 'catalogue',
  summary: 'The record: projects, ObsUnitSets, deliveries and their files; serves parts and single files.',
  configSchema,
  module: (config): DynamicModule => ({
    module: CatalogueModule,
    imports: [
      DatabaseModule.forService({ url: config.DATABASE_URL, ...catalogueSchema }),
      MessagingModule.forService('catalogue', config),
      ObjectStoreModule.connect(config),
    ],
    providers: [{ provide: UpkeepConfig, useFactory: () => new UpkeepConfig(config) }],
  }),
};
