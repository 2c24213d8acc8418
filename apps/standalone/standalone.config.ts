import { listVariable, numberVariable, processVariables, tracingVariables } from '@almagest/platform';
import { z } from 'zod';

/** How a standalone archive is configured; everything has a default. */
export const standaloneConfigSchema = z.object({
  ALMAGEST_HOME: z.string().default('.almagest').meta({ description: 'Directory in which it keeps everything' }),
  HOST: z.string().default('127.0.0.1').meta({ description: 'Address it listens on' }),
  PORT: numberVariable(8080).meta({ description: 'Port of all services; 0 takes a free one' }),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({ description: 'Where links in mails begin' }),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .meta({ description: 'Instead of the embedded PostgreSQL', secret: true }),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/ })
    .optional()
    .meta({ description: 'Instead of the mail sink', secret: true }),
  SOURCE_ROOTS: listVariable.meta({
    description: 'Directories that file:// locations may lie in; default: the current one',
  }),
  ...tracingVariables,
  ...processVariables,
});
export type StandaloneConfig = Readonly<z.infer<typeof standaloneConfigSchema>>;
