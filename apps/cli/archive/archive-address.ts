import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArchiveAddress } from '@almagest/archive-client';
import { type Endpoint, endpointSchema } from '@almagest/contracts';
import type { CliConfig } from '../cli.config';
import { CliError } from '../cli.error';
import { unreadable } from '../submission/read-file';
import { codeOf } from '../system-error';

/** A URL from a mail: the archive, the delivery or request for raw data, and the token that authorises access. */
export interface MailLink {
  /** The URL as the user typed it. */
  text: string;
  /** The base URL of the archive, without a slash at the end. */
  server: string;
  /** Null for the link of a request for raw data. */
  delivery: string | null;
  token: string;
}

/** The options by which a user names an archive. */
export interface AddressOptions {
  server?: string;
  tokenFile?: string;
  home?: string;
  link?: MailLink;
}

const LINKED = /^(.*)\/(deliveries|raw-requests)\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\/.*)?$/;

/**
 * Finds the archive: `--link` or `--server`, else `--home`, else ALMAGEST_URL, else ALMAGEST_HOME. The token comes from
 * the same place as the URL, so that the token of one archive is never sent to another.
 * @throws CliError `cli.no-archive` when no archive has announced itself in the home; `cli.input-unreadable`
 */
export async function findArchive(options: AddressOptions, config: CliConfig): Promise<ArchiveAddress> {
  const { server, tokenFile, home, link } = options;
  if (link !== undefined) {
    const unauthorised = ['ask the helpdesk for a new link, or give a token: --token-file FILE'];
    return { url: link.server, token: link.token, hints: { unauthorised } };
  }
  if (server !== undefined) return addressOf(server, tokenFile);
  if (home === undefined && config.ALMAGEST_URL !== undefined) {
    return addressOf(config.ALMAGEST_URL, tokenFile ?? config.ALMAGEST_TOKEN_FILE);
  }
  const place = home ?? config.ALMAGEST_HOME;
  const endpoint = await readEndpoint(place);
  if (endpoint === null) {
    throw new CliError('cli.no-archive', `no archive is running in ${place}`, { hints: startHints(place) });
  }
  const { url, token, hints } = await addressOf(endpoint.url, tokenFile ?? endpoint.tokenFile);
  const name = `the archive in ${place} (${url})`;
  return { url, token, name, hints: { ...hints, unreachable: startHints(place) } };
}

/** Returns the options that name the archive again, for the commands that an output suggests. */
export function repeatedOptions({ server, tokenFile, home, link }: AddressOptions): string {
  const given = { '--server': server, '--token-file': tokenFile, '--home': home, '--link': link && `'${link.text}'` };
  return Object.entries(given)
    .map(([name, value]) => (value === undefined ? '' : ` ${name} ${value}`))
    .join('');
}

/**
 * Reads where the archive of a home listens; returns null when none has announced itself there. An archive that was
 * killed leaves its announcement behind.
 * @throws CliError `cli.input-unreadable` when the announcement is damaged
 */
export async function readEndpoint(home: string): Promise<Endpoint | null> {
  const file = join(home, 'endpoint.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if (/^(?:ENOENT|ENOTDIR)$/.test(codeOf(cause))) return null;
    throw unreadable(file, cause);
  }
  try {
    return endpointSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new CliError('cli.input-unreadable', `${file} is damaged; restart the archive`, { cause });
  }
}

/** Reads the address of an archive whose URL and token file are known. @throws CliError `cli.input-unreadable` */
export async function addressOf(url: string, tokenFile: string | undefined): Promise<ArchiveAddress> {
  return {
    url: url.replace(/\/+$/, ''),
    token: tokenFile === undefined ? null : await readToken(tokenFile),
    hints: {
      unauthorised: [
        tokenFile === undefined
          ? "give a token, or a link from a mail: --token-file FILE, --link 'URL'"
          : `the token is from ${tokenFile}; give another one: --token-file FILE`,
      ],
    },
  };
}

/** Parses a link from a mail, to a delivery, a part or raw data; returns null for any other text. */
export function readMailLink(text: string): MailLink | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '') return null;
  const [, before, kind, id] = LINKED.exec(url.pathname) ?? [];
  const token = url.searchParams.get('link');
  if (before === undefined || id === undefined || token === null || !/^[\w.-]{1,512}$/.test(token)) return null;
  return { text, server: url.origin + before, delivery: kind === 'deliveries' ? id : null, token };
}

/** Returns the first token in the text of a token file; null when there is none. */
export function tokenIn(text: string): string | null {
  for (const line of text.split('\n')) {
    const words = line.trim().split(/\s+/);
    const token = words.length === 1 ? words[0] : words.length === 3 ? words[2] : undefined;
    if (!line.startsWith('#') && token !== undefined && /^[\x21-\x7e]{1,8192}$/.test(token)) return token;
  }
  return null;
}

/**
 * Reads the service token or access token in a file: a line with the token alone, or a line `name scope[,scope] token`
 * as in the token file of the archive. Comments are skipped, and the first token counts.
 */
async function readToken(file: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw unreadable(`the token file ${file}`, cause);
  }
  const token = tokenIn(text);
  if (token === null) throw new CliError('cli.input-unreadable', `no token in ${file}`);
  return token;
}

function startHints(home: string): string[] {
  const option = home === '.almagest' ? '' : ` --home ${home}`;
  return [
    `start one in another terminal: npx almagest up${option}`,
    'or name one that runs elsewhere: --server URL --token-file FILE',
  ];
}
