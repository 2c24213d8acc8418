import type { CliConfig } from '../cli.config';
import { CliError } from '../cli.error';
import { readEndpoint } from './endpoint';
import type { MailLink } from './mail-link';
import { readToken } from './token-file';

/** The options by which a user names an archive. */
export interface AddressOptions {
  server?: string;
  tokenFile?: string;
  home?: string;
  link?: MailLink;
}

/** Which archive a command talks to. */
export interface ArchiveAddress {
  /** Without a slash at the end. */
  url: string;
  token: string | null;
  tokenFile: string | null;
  /** The home of a standalone archive; null when a URL was given. */
  home: string | null;
}

/**
 * Finds the archive: `--link` or `--server`, else `--home`, else ALMAGEST_URL, else ALMAGEST_HOME. A token belongs to the place
 * its URL came from, so that the token of one archive is never sent to another.
 * @throws CliError `cli.no-archive` when no archive is announced on the home; `cli.input-unreadable`
 */
export async function findArchive(options: AddressOptions, config: CliConfig): Promise<ArchiveAddress> {
  const { server, tokenFile, home, link } = options;
  if (link !== undefined) return { url: link.server, token: link.token, tokenFile: null, home: null };
  if (server !== undefined) return at(server, tokenFile);
  if (home === undefined && config.ALMAGEST_URL !== undefined) {
    return at(config.ALMAGEST_URL, tokenFile ?? config.ALMAGEST_TOKEN_FILE);
  }
  const place = home ?? config.ALMAGEST_HOME;
  const endpoint = await readEndpoint(place);
  if (endpoint === null) {
    throw new CliError('cli.no-archive', `no archive runs on ${place}`, { hints: startHints(place) });
  }
  return { ...(await at(endpoint.url, tokenFile ?? endpoint.tokenFile)), home: place };
}

/** How to get an archive to talk to. */
export function startHints(home: string): string[] {
  const option = home === '.almagest' ? '' : ` --home ${home}`;
  return [
    `start one in another terminal: npx almagest up${option}`,
    'or name one that runs elsewhere: --server URL --token-file FILE',
  ];
}

/** The options with which the user named the archive, for commands the user is told to go on with. */
export function repeatedOptions({ server, tokenFile, home, link }: AddressOptions): string {
  const given = { '--server': server, '--token-file': tokenFile, '--home': home, '--link': link && `'${link.text}'` };
  return Object.entries(given)
    .map(([name, value]) => (value === undefined ? '' : ` ${name} ${value}`))
    .join('');
}

async function at(url: string, tokenFile: string | undefined): Promise<ArchiveAddress> {
  return {
    url: url.replace(/\/+$/, ''),
    token: tokenFile === undefined ? null : await readToken(tokenFile),
    tokenFile: tokenFile ?? null,
    home: null,
  };
}
