import { DeadLetterRow } from '@almagest/messaging';
import { catalogueSchema } from '../apps/catalogue/catalogue.module';
import { ingestSchema } from '../apps/ingest/ingest.module';
import { intakeSchema } from '../apps/intake/intake.module';
import { notifierSchema } from '../apps/notifier/notifier.module';
import { migrations } from '../migrations/bus';

/** Every schema of the archive that TypeORM keeps. */
export const SCHEMAS = [
  { schema: 'bus', entities: [DeadLetterRow], migrations },
  intakeSchema,
  ingestSchema,
  catalogueSchema,
  notifierSchema,
];
