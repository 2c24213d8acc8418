import { DeadLetterRow } from '@almagest/messaging';
import type { ServiceDefinition } from '@almagest/platform';
import { catalogue, catalogueSchema } from '../apps/catalogue/catalogue.module';
import { ingest, ingestSchema } from '../apps/ingest/ingest.module';
import { intake, intakeSchema } from '../apps/intake/intake.module';
import { notifier, notifierSchema } from '../apps/notifier/notifier.module';
import { requestHandler } from '../apps/request-handler/request-handler.module';
import { migrations } from '../migrations/bus';

/** Every schema of the archive that TypeORM keeps. */
export const SCHEMAS = [
  { schema: 'bus', entities: [DeadLetterRow], migrations },
  intakeSchema,
  ingestSchema,
  catalogueSchema,
  notifierSchema,
];

/** Every service of the archive. */
export const SERVICE_DEFINITIONS: readonly ServiceDefinition[] = [intake, ingest, catalogue, notifier, requestHandler];
