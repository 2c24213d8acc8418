import { readFile } from 'node:fs/promises';
import { CliError } from '../cli.error';
import { codeOf } from '../system-error';

/**
 * The service token or access token in a file: a line with the token alone, or a line `name scope[,scope] token` as the archive itself
 * keeps it. Comments are skipped and the first token counts.
 * @throws CliError `cli.input-unreadable`
 */
export async function readToken(file: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new CliError('cli.input-unreadable', `cannot read the token file ${file} (${codeOf(cause)})`, { cause });
  }
  const token = tokenIn(text);
  if (token === null) throw new CliError('cli.input-unreadable', `there is no token in ${file}`);
  return token;
}

/** The first token of a token file's text; null when there is none. */
export function tokenIn(text: string): string | null {
  for (const line of text.split('\n')) {
    const words = line.trim().split(/\s+/);
    const token = words.length === 1 ? words[0] : words.length === 3 ? words[2] : undefined;
    if (!line.startsWith('#') && token !== undefined && /^[\x21-\x7e]{1,8192}$/.test(token)) return token;
  }
  return null;
}
