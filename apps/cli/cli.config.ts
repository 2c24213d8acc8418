import { readConfig } from '@almagest/platform/config/read-config';
import { z } from 'zod';
import { CliError } from './cli.error';
import { messageOf } from './system-error';

/** What the command takes from its environment; options go before it. */
export const cliConfigSchema = z.object({
  ALMAGEST_HOME: z.string().default('.almagest').meta({ description: 'Directory of the standalone archive' }),
  ALMAGEST_URL: z
    .url({ protocol: /^https?$/, error: 'expected an http:// or https:// URL' })
    .optional()
    .meta({ description: 'The archive to talk to' }),
  ALMAGEST_TOKEN_FILE: z.string().optional().meta({ description: 'File with the service token for ALMAGEST_URL' }),
  NO_COLOR: z.string().optional().meta({ description: 'Anything: no colours' }),
  TERM: z.string().optional().meta({ description: '`dumb`: no colours and no progress lines' }),
  PATH: z.string().optional().meta({ description: 'Where CASA is looked for' }),
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
