import { listVariable, numberVariable } from '@almagest/platform';
import { z } from 'zod';

/** How a standalone archive is configured; everything has a default. */
export const standaloneConfigSchema = z.object({
  ALMAGEST_HOME: z.string().default('.almagest').meta({ description: 'Directory in which it keeps everything' }),
  HOST: z.string().default('127.0.0.1'),
  PORT: numberVariable(8080).meta({ description: 'Port of all services; 0 takes a free one' }),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({ description: 'Where links in mails begin' }),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .meta({ description: 'Instead of the embedded PostgreSQL' }),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/ })
    .optional()
    .meta({ description: 'Instead of the mail sink' }),
  SOURCE_ROOTS: listVariable.meta({
    description: 'Directories that file:// locations may lie in; default: the current one',
  }),
  LOG_LEVEL: z.string().default('info'),
  FAILPOINT: z.string().default(''),
});
export type StandaloneConfig = Readonly<z.infer<typeof standaloneConfigSchema>>;
