import { ArchiveClient, ArchiveRequests, DOWNLOAD_RETRY } from '@almagest/archive-client';
import { withMaximumInterval } from '@almagest/retry';
import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  type AddressOptions,
  findArchive,
  type FoundArchive,
  type MailLink,
  readMailLink,
} from '../archive/archive-address';
import type { CliContext } from '../context';

/** The options of every command that connects to an archive. */
export interface ClientOptions extends AddressOptions {
  json?: true;
}

export function withClientOptions(command: Command): Command {
  return command
    .option('--json', 'print only JSON on standard output')
    .addOption(new Option('--server <URL>', 'URL of the archive').argParser(serverUrl).conflicts('home'))
    .option('--token-file <FILE>', 'file with a service token or an access token')
    .option('--home <DIR>', 'home directory of a standalone archive')
    .addOption(
      new Option('--link <URL>', 'link from a mail: names its archive and gives access to its delivery')
        .argParser(mailLink)
        .conflicts(['server', 'tokenFile', 'home']),
    )
    .addOption(
      new Option('--link-file <FILE>', 'file with such a link, - for standard input').conflicts([
        'link',
        'server',
        'tokenFile',
        'home',
      ]),
    );
}

/** Returns a client for the archive that the options and the environment select. */
export async function clientFor(context: CliContext, options: AddressOptions): Promise<ArchiveClient> {
  return (await archiveFor(context, options)).client;
}

/** Returns a client for the archive that the options and the environment select, and the link that opens it. */
export async function archiveFor(
  context: CliContext,
  options: AddressOptions,
): Promise<{ client: ArchiveClient; link: MailLink | null }> {
  const { address, link } = await find(context, options);
  const retry = withMaximumInterval(DOWNLOAD_RETRY, context.config.RETRY_MAXIMUM_SECONDS * 1000);
  return { client: new ArchiveClient(new ArchiveRequests(address, context.interruption.signal), retry), link };
}

/** Returns HTTP access to the archive that the options and the environment select. */
export async function requestsFor(context: CliContext, options: AddressOptions): Promise<ArchiveRequests> {
  return new ArchiveRequests((await find(context, options)).address, context.interruption.signal);
}

async function find({ config, terminal }: CliContext, options: AddressOptions): Promise<FoundArchive> {
  return findArchive(options, config, (text) => terminal.note(text));
}

function mailLink(text: string): MailLink {
  const link = readMailLink(text);
  if (link === null)
    throw new InvalidArgumentError('Expected a link from a mail, in quotes because the shell interprets `?`.');
  return link;
}

function serverUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && /^https?:$/.test(url.protocol) && !url.username && !url.search && !url.hash) return text;
  throw new InvalidArgumentError('Expected a URL such as http://127.0.0.1:8080.');
}
