import { CliError } from '../cli.error';

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const PREFIX = /^[0-9a-f]{4}[0-9a-f-]{0,32}$/;

/** How many of an ambiguous prefix's ids are named. */
const NAMED = 5;

/** True for a whole id or the beginning of one, four characters at least. */
export function isIdOrPrefix(text: string): boolean {
  return PREFIX.test(text.toLowerCase());
}

/** The characters of an id that lists show. */
export function shortId(id: string): string {
  return id.slice(0, 8);
}

/**
 * What a user gave as an id or the beginning of one, in lower case.
 * @throws CliError `cli.usage` for what cannot begin an id
 */
export function idOrPrefix(text: string, noun: string): string {
  if (isIdOrPrefix(text)) return text.toLowerCase();
  throw new CliError('cli.usage', `"${text}" is not the id of a ${noun}, nor 4 or more characters of its beginning`);
}

/**
 * Completes the beginning of an id out of all ids there are; a whole id is taken as it is.
 * @throws CliError `cli.id-ambiguous`, `cli.id-unknown`
 */
export async function completeId(
  prefix: string,
  ids: () => AsyncIterable<{ id: string }>,
  noun: string,
): Promise<string> {
  if (ID.test(prefix)) return prefix;
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
    `${prefix} is the beginning of more than one id: ${named}${found.length > NAMED ? ', ...' : ''}`,
  );
}
