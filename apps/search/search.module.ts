import { CatalogueReaderModule } from '@almagest/catalogue-db';
import { InboxRow, MessagingModule, OutboxRow } from '@almagest/messaging';
import { ObjectStoreModule, objectStoreVariables } from '@almagest/object-store';
import { DatabaseModule, DownloadSlots, downloadVariables, type Logger, LOGGER } from '@almagest/platform';
import { commonConfigSchema, type ServiceDefinition } from '@almagest/service';
import { type DynamicModule, Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { migrations } from '../../migrations/search';
import { ChangeSignal } from './changes/change-signal';
import { ChangesController } from './changes/changes.controller';
import { ChangesRepository } from './changes/changes.repository';
import { ChangesService } from './changes/changes.service';
import { ReleasesService } from './changes/releases.service';
import { ContentMeasures } from './content/content-measures';
import { ContentRepository } from './content/content.repository';
import { ContentService } from './content/content.service';
import { CoverageController } from './coverage/coverage.controller';
import { CoverageRepository } from './coverage/coverage.repository';
import { CoverageService } from './coverage/coverage.service';
import { ConeController } from './images/cone.controller';
import { SiaController } from './images/sia.controller';
import { JobCallers } from './jobs/job-callers';
import { JobChanges } from './jobs/job-changes';
import { JobExecution } from './jobs/job-execution';
import { JobListController } from './jobs/job-list.controller';
import { JobController } from './jobs/job.controller';
import { JobRow } from './jobs/job.entity';
import { JobObjects } from './jobs/job-objects';
import { JobSweep } from './jobs/job-sweep';
import { JobsRepository } from './jobs/jobs.repository';
import { JobsService } from './jobs/jobs.service';
import { LinksController } from './links/links.controller';
import { LinksDocument } from './links/links-document';
import { LinksService } from './links/links.service';
import { CutoutConfig, cutoutVariables } from './cutouts/cutout.config';
import { CutoutsService } from './cutouts/cutouts.service';
import { SodaController } from './cutouts/soda.controller';
import { QueriesService } from './queries/queries.service';
import { QueryAnswer } from './queries/query-answer';
import { QueryRunner } from './queries/query-runner';
import { RebuildController } from './rebuild/rebuild.controller';
import { RebuildRow } from './rebuild/rebuild.entity';
import { RebuildService } from './rebuild/rebuild.service';
import { RebuildWorker } from './rebuild/rebuild.worker';
import { RegistrySettings, registryVariables } from './registry/registry.config';
import { RegistryController } from './registry/registry.controller';
import { RegistryService } from './registry/registry.service';
import { TapSchemaRepository } from './schema/tap-schema.repository';
import { changesVariables, SearchConfig, searchVariables } from './search.config';
import { SearchConsumer } from './search.consumer';
import { Availability } from './tap/availability';
import { TapController } from './tap/tap.controller';
import { VosiController } from './tap/vosi.controller';

/** The tables of the schema `search`; `apps/search/schema` describes those that queries read. */
export const searchSchema = { schema: 'search', entities: [RebuildRow, JobRow, OutboxRow, InboxRow], migrations };

const configSchema = commonConfigSchema.extend({
  ...objectStoreVariables,
  ...downloadVariables,
  ...searchVariables,
  ...registryVariables,
  ...cutoutVariables,
  ...changesVariables,
});

const JOBS = [JobsService, JobsRepository, JobExecution, JobObjects, JobSweep, JobCallers];

@Module({
  controllers: [
    SearchConsumer,
    TapController,
    JobListController,
    JobController,
    VosiController,
    SiaController,
    ConeController,
    CoverageController,
    RegistryController,
    LinksController,
    SodaController,
    ChangesController,
    RebuildController,
  ],
  providers: [
    ContentService,
    ContentRepository,
    ContentMeasures,
    ReleasesService,
    ChangesService,
    ChangesRepository,
    CoverageService,
    RegistryService,
    CoverageRepository,
    TapSchemaRepository,
    QueriesService,
    QueryAnswer,
    Availability,
    LinksService,
    LinksDocument,
    RebuildService,
    RebuildWorker,
    ...JOBS,
    CutoutsService,
  ],
})
class SearchModule {}

/** Answers astronomers' clients: TAP on tables of its own, which events fill. */
export const search: ServiceDefinition<typeof configSchema> = {
  name: 'search',
  summary: 'Answers the clients of astronomers: TAP queries on what was delivered.',
  configSchema,
  module: (config): DynamicModule => ({
    module: SearchModule,
    imports: [
      DatabaseModule.forService({ url: config.DATABASE_URL, ...searchSchema }),
      MessagingModule.forService('search', config),
      ObjectStoreModule.connect(config),
      CatalogueReaderModule.connect(config.DATABASE_URL),
    ],
    providers: [
      { provide: RegistrySettings, useFactory: () => new RegistrySettings(config) },
      { provide: CutoutConfig, useFactory: () => new CutoutConfig(config.SODA_MAX_BYTES, config.PUBLIC_URL) },
      { provide: SearchConfig, useFactory: () => new SearchConfig(config, config.PUBLIC_URL) },
      {
        provide: ChangeSignal,
        inject: [LOGGER],
        useFactory: (logger: Logger) => new ChangeSignal(config.DATABASE_URL, config.CHANGES_WAITING, logger),
      },
      {
        provide: QueryRunner,
        inject: [SearchConfig, DataSource, LOGGER],
        useFactory: (searchConfig: SearchConfig, dataSource: DataSource, logger: Logger) =>
          new QueryRunner(config.DATABASE_URL, searchConfig, dataSource, logger),
      },
      { provide: DownloadSlots, useFactory: () => new DownloadSlots(config) },
      {
        provide: JobChanges,
        inject: [LOGGER],
        useFactory: (logger: Logger) => new JobChanges(config.DATABASE_URL, logger),
      },
    ],
  }),
};
