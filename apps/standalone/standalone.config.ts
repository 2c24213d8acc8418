import {
  httpLimitVariables,
  listVariable,
  numberVariable,
  processVariables,
  tracingVariables,
} from '@almagest/platform';
import { z } from 'zod';

/** The configuration of a standalone archive; everything has a default. */
export const standaloneConfigSchema = z.object({
  ALMAGEST_HOME: z
    .string()
    .default('.almagest')
    .meta({ description: 'Directory of everything that the archive stores' }),
  HOST: z.string().default('127.0.0.1').meta({ description: 'Address on which it listens' }),
  PORT: numberVariable(8080).meta({ description: 'Port of all services; 0 takes a free one' }),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({ description: 'URL with which links in mails begin; default: the address on which it listens' }),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .meta({ description: 'PostgreSQL to use instead of the embedded one', secret: true }),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/ })
    .optional()
    .meta({ description: 'Mail server to use instead of the mail sink', secret: true }),
  SOURCE_ROOTS: listVariable.meta({
    description: 'Directories from which file:// locations may be read; default: the current one',
  }),
  ...httpLimitVariables,
  ...tracingVariables,
  ...processVariables,
});
export type StandaloneConfig = Readonly<z.infer<typeof standaloneConfigSchema>>;
