import { busSchema } from '@almagest/messaging';
import type { ServiceDefinition } from '@almagest/service';
import { catalogue, catalogueSchema } from '../apps/catalogue/catalogue.module';
import { ingest, ingestSchema } from '../apps/ingest/ingest.module';
import { intake, intakeSchema } from '../apps/intake/intake.module';
import { notifier, notifierSchema } from '../apps/notifier/notifier.module';
import { requestHandler, requestHandlerSchema } from '../apps/request-handler/request-handler.module';
import { search, searchSchema } from '../apps/search/search.module';

/** Every schema of the archive that TypeORM manages. */
export const SCHEMAS = [
  busSchema,
  intakeSchema,
  ingestSchema,
  catalogueSchema,
  notifierSchema,
  requestHandlerSchema,
  searchSchema,
];

/** Every service of the archive. */
export const SERVICE_DEFINITIONS: readonly ServiceDefinition[] = [
  intake,
  ingest,
  catalogue,
  notifier,
  requestHandler,
  search,
];
