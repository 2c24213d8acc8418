import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Endpoint, endpointSchema } from '@almagest/contracts';
import { CliError } from '../cli.error';
import { codeOf } from '../system-error';

/**
 * Where the archive on a home listens; null when none is announced there. One that was killed stays announced.
 * @throws CliError `cli.input-unreadable` when the announcement is damaged
 */
export async function readEndpoint(home: string): Promise<Endpoint | null> {
  const file = join(home, 'endpoint.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if (/^(?:ENOENT|ENOTDIR)$/.test(codeOf(cause))) return null;
    throw new CliError('cli.input-unreadable', `cannot read ${file}`, { cause });
  }
  try {
    return endpointSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new CliError('cli.input-unreadable', `${file} is damaged; start the archive anew`, { cause });
  }
}
