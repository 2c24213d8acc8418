import { httpLimitVariables, numberVariable, processVariables } from '@almagest/platform';
import { z } from 'zod';

const serviceUrl = z.url({ protocol: /^http$/ }).transform((url) => url.replace(/\/+$/, ''));

/** The configuration of the gateway. */
export const gatewayConfigSchema = z.object({
  HOST: z.string().default('127.0.0.1').meta({ description: 'Address on which the gateway listens' }),
  PORT: numberVariable(8080).meta({ description: 'Port on which the gateway listens; 0 takes a free one' }),
  INTAKE_URL: serviceUrl.meta({ description: 'URL of `intake`, `http://host:port`' }),
  INGEST_URL: serviceUrl.meta({ description: 'URL of `ingest`' }),
  CATALOGUE_URL: serviceUrl.meta({ description: 'URL of `catalogue`' }),
  NOTIFIER_URL: serviceUrl.meta({ description: 'URL of `notifier`' }),
  REQUEST_HANDLER_URL: serviceUrl.meta({ description: 'URL of `request-handler`' }),
  SEARCH_URL: serviceUrl.meta({ description: 'URL of `search`' }),
  ...httpLimitVariables,
  LOG_LEVEL: processVariables.LOG_LEVEL,
});
export type GatewayConfig = Readonly<z.infer<typeof gatewayConfigSchema>>;
