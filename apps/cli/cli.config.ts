import { readConfig } from '@almagest/platform/config/read-config';
import { z } from 'zod';
import { CliError } from './cli.error';
import { messageOf } from './system-error';

/** The environment variables of the command; options override them. */
export const cliConfigSchema = z.object({
  ALMAGEST_HOME: z.string().default('.almagest').meta({ description: 'Directory of the standalone archive' }),
  ALMAGEST_URL: z
    .url({ protocol: /^https?$/, error: 'expected an http:// or https:// URL' })
    .optional()
    .meta({ description: 'URL of the archive to connect to' }),
  ALMAGEST_TOKEN_FILE: z
    .string()
    .optional()
    .meta({ description: 'File with a service token or an access token, for ALMAGEST_URL' }),
  ALMAGEST_LINK: z
    .string()
    .optional()
    .meta({ description: 'Link from a mail, which no list of processes shows; instead of `--link`' }),
  RETRY_MAXIMUM_SECONDS: z.coerce
    .number()
    .min(0.01)
    .default(8)
    .meta({ description: 'Longest wait before a broken download is retried' }),
  NO_COLOR: z.string().optional().meta({ description: 'Any value disables colours' }),
  TERM: z.string().optional().meta({ description: '`dumb` disables colours and progress lines' }),
  PATH: z.string().optional().meta({ description: 'Directories that are searched for CASA' }),
});
export type CliConfig = Readonly<z.infer<typeof cliConfigSchema>>;

/** @throws CliError `cli.config-invalid` */
export function readCliConfig(): CliConfig {
  try {
    return readConfig(cliConfigSchema);
  } catch (cause) {
    throw new CliError('cli.config-invalid', messageOf(cause), { cause });
  }
}
