import { CliError } from '../cli.error';
import type { MailLink } from './archive-address';

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const PREFIX = /^[0-9a-f]{4}[0-9a-f-]{0,32}$/;

/** How many ids the error for an ambiguous prefix lists. */
const NAMED = 5;

/** Returns true for an id, or for at least its first four characters. */
export function isIdOrPrefix(text: string): boolean {
  return PREFIX.test(text.toLowerCase());
}

/** Returns true for an id in lower case. */
export function isWholeId(text: string): boolean {
  return ID.test(text);
}

/** Returns the first eight characters of an id, as lists show them. */
export function shortId(id: string): string {
  return id.slice(0, 8);
}

/**
 * Returns an id or its beginning in lower case.
 * @param noun what the id is of, for the message
 * @throws CliError `cli.usage` for text that no id begins with
 */
export function idOrPrefix(text: string, noun: string): string {
  if (isIdOrPrefix(text)) return text.toLowerCase();
  throw new CliError('cli.usage', `"${text}" is neither the id of a ${noun} nor its first 4 or more characters`);
}

/**
 * Returns the one id that begins with `prefix`; a whole id is returned without looking it up.
 * @param link the link by which the archive is asked: it opens no list, but it contains an id
 * @throws CliError `cli.id-ambiguous`, `cli.id-unknown`; `cli.usage` for the beginning of an id that the link lacks
 */
export async function completeId(
  prefix: string,
  ids: () => AsyncIterable<{ id: string }>,
  noun: string,
  link: MailLink | null = null,
): Promise<string> {
  if (isWholeId(prefix)) return prefix;
  if (link !== null) {
    const own = [link.delivery, link.rawRequest].find((id) => id?.startsWith(prefix));
    if (own != null) return own;
    throw new CliError('cli.usage', `with a link, give the whole id of the ${noun}, not only ${prefix}`);
  }
  const found: string[] = [];
  for await (const { id } of ids()) {
    if (id.startsWith(prefix)) found.push(id);
    if (found.length > NAMED) break;
  }
  const [only] = found;
  if (only === undefined) throw new CliError('cli.id-unknown', `no ${noun} has an id that begins with ${prefix}`);
  if (found.length === 1) return only;
  const named = found.slice(0, NAMED).join(', ');
  throw new CliError(
    'cli.id-ambiguous',
    `${prefix} is ambiguous; it matches ${named}${found.length > NAMED ? ', ...' : ''}`,
  );
}
