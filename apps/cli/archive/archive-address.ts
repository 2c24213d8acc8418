import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArchiveAddress } from '@almagest/archive-client';
import { shellWord } from '@almagest/text';
import { type Endpoint, endpointSchema } from '@almagest/contracts';
import type { CliConfig } from '../cli.config';
import { CliError } from '../cli.error';
import { hasCheckout, programName } from '../installation';
import { readText, unreadable } from '../submission/read-file';
import { codeOf } from '../system-error';

/** A URL from a mail: the archive, the delivery or request for raw data, and the token that authorises access. */
export interface MailLink {
  /** The URL as the user typed it. */
  text: string;
  /** The base URL of the archive, without a slash at the end. */
  server: string;
  /** Null for the link of a request for raw data. */
  delivery: string | null;
  /** Null for the link of a delivery. */
  rawRequest: string | null;
  token: string;
}

/** The options by which a user names an archive. */
export interface AddressOptions {
  server?: string;
  tokenFile?: string;
  home?: string;
  link?: MailLink;
  /** A file with a link, or `-` for standard input: no list of processes shows it. */
  linkFile?: string;
}

/** Where an archive is, and the mail's link that gives access to it, if it is one. */
export interface FoundArchive {
  address: ArchiveAddress;
  link: MailLink | null;
}

const LINKED = /^(.*)\/(deliveries|raw-requests)\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\/.*)?$/;

/**
 * Finds the archive: `--link` or `--link-file`, else `--server`, else `--home`, else ALMAGEST_LINK, ALMAGEST_URL,
 * ALMAGEST_HOME. The token comes from the same place as the URL, so that the token of one archive is never sent to
 * another.
 * @param warn takes what the user should know about a file with a token or a link
 * @throws CliError `cli.no-archive` when no archive has announced itself in the home; `cli.input-unreadable`
 */
export async function findArchive(
  options: AddressOptions,
  config: CliConfig,
  warn: (text: string) => void,
): Promise<FoundArchive> {
  const link = await linkOf(options, config, warn);
  if (link === null) return { address: await findByToken(options, config, warn), link };
  const unauthorised = ['ask the helpdesk for a new link, or give a token: --token-file FILE'];
  return { address: { url: link.server, token: link.token, hints: { unauthorised } }, link };
}

async function linkOf(
  { server, tokenFile, home, link, linkFile }: AddressOptions,
  { ALMAGEST_LINK }: CliConfig,
  warn: (text: string) => void,
): Promise<MailLink | null> {
  if (link !== undefined) return link;
  if (linkFile !== undefined) {
    const path = linkFile === '-' ? '/dev/stdin' : linkFile;
    const name = linkFile === '-' ? 'standard input' : linkFile;
    const found = readMailLink((await readText(path, name)).trim());
    if (found === null) throw new CliError('cli.input-unreadable', `${name} does not contain a link from a mail`);
    if (linkFile !== '-') await warnOfReaders(linkFile, warn);
    return found;
  }
  if (ALMAGEST_LINK === undefined || server !== undefined || tokenFile !== undefined || home !== undefined) return null;
  const found = readMailLink(ALMAGEST_LINK);
  if (found === null) throw new CliError('cli.config-invalid', 'ALMAGEST_LINK is not a link from a mail');
  return found;
}

async function findByToken(
  { server, tokenFile, home }: AddressOptions,
  config: CliConfig,
  warn: (text: string) => void,
): Promise<ArchiveAddress> {
  if (server !== undefined) return addressOf(server, tokenFile, warn);
  if (home === undefined && config.ALMAGEST_URL !== undefined) {
    return addressOf(config.ALMAGEST_URL, tokenFile ?? config.ALMAGEST_TOKEN_FILE, warn);
  }
  const place = home ?? config.ALMAGEST_HOME;
  const endpoint = await readEndpoint(place);
  if (endpoint === null) {
    throw new CliError('cli.no-archive', `no archive is running in ${place}`, { hints: startHints(place) });
  }
  const { url, token, hints } = await addressOf(endpoint.url, tokenFile ?? endpoint.tokenFile, warn);
  const name = `the archive in ${place} (${url})`;
  return { url, token, name, hints: { ...hints, unreachable: startHints(place) } };
}

/** Returns the options that name the archive again, for the commands that an output suggests. */
export function repeatedOptions({ server, tokenFile, home, link, linkFile }: AddressOptions): string {
  const given = {
    '--server': server,
    '--token-file': tokenFile,
    '--home': home,
    '--link': link?.text,
    '--link-file': linkFile,
  };
  return Object.entries(given)
    .map(([name, value]) => (value === undefined ? '' : ` ${name} ${shellWord(value)}`))
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
export async function addressOf(
  url: string,
  tokenFile: string | undefined,
  warn: (text: string) => void,
): Promise<ArchiveAddress> {
  if (tokenFile !== undefined) await warnOfReaders(tokenFile, warn);
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
  const isDelivery = kind === 'deliveries';
  return {
    text,
    server: url.origin + before,
    delivery: isDelivery ? id : null,
    rawRequest: isDelivery ? null : id,
    token,
  };
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
  const token = tokenIn(await readText(file, `the token file ${file}`));
  if (token === null) throw new CliError('cli.input-unreadable', `no token in ${file}`);
  return token;
}

/** Warns when others than the owner of a file may read it, and with it the data of the project. */
async function warnOfReaders(file: string, warn: (text: string) => void): Promise<void> {
  const mode = (await stat(file).catch(() => null))?.mode ?? 0;
  if (process.platform === 'win32' || (mode & 0o077) === 0) return;
  const octal = (mode & 0o777).toString(8).padStart(4, '0');
  warn(`almagest: warning: other users may read ${file} (mode ${octal}); run: chmod 600 ${shellWord(file)}`);
}

function startHints(home: string): string[] {
  const option = home === '.almagest' ? '' : ` --home ${shellWord(home)}`;
  if (!hasCheckout()) return ["name an archive: --link 'URL' with a link from a mail, or --server URL"];
  return [
    `start one in another terminal: ${programName()} up${option}`,
    'or name one that runs elsewhere: --server URL --token-file FILE',
  ];
}
