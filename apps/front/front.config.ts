import { commonConfigSchema, numberVariable } from '@almagest/platform';
import { z } from 'zod';

const serviceUrl = z.url({ protocol: /^http$/ }).transform((url) => url.replace(/\/+$/, ''));

/** How the front is configured. */
export const frontConfigSchema = z.object({
  HOST: z.string().default('127.0.0.1').meta({ description: 'Address it listens on' }),
  PORT: numberVariable(8080).meta({ description: 'Port it listens on; 0 takes a free one' }),
  INTAKE_URL: serviceUrl.meta({ description: 'Where `intake` listens, `http://host:port`' }),
  INGEST_URL: serviceUrl.meta({ description: 'Where `ingest` listens' }),
  CATALOGUE_URL: serviceUrl.meta({ description: 'Where `catalogue` listens' }),
  NOTIFIER_URL: serviceUrl.meta({ description: 'Where `notifier` listens' }),
  REQUEST_HANDLER_URL: serviceUrl.meta({ description: 'Where `request-handler` listens' }),
  LOG_LEVEL: commonConfigSchema.shape.LOG_LEVEL,
});
export type FrontConfig = Readonly<z.infer<typeof frontConfigSchema>>;
