import { ArchiveClient, ArchiveRequests } from '@almagest/archive-client';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type AddressOptions, findArchive } from '../archive/archive-address';
import { type MailLink, readMailLink } from '../archive/mail-link';
import type { CliContext } from '../context';

/** The options of every command that talks to an archive. */
export interface ClientOptions extends AddressOptions {
  json?: true;
}

export function withClientOptions(command: Command): Command {
  return command
    .option('--json', 'print JSON on standard output and nothing else')
    .addOption(new Option('--server <URL>', 'the archive to talk to').argParser(serverUrl).conflicts('home'))
    .option('--token-file <FILE>', 'file with a service token or access token')
    .option('--home <DIR>', 'home of the standalone archive to talk to')
    .addOption(
      new Option('--link <URL>', 'a link of a mail: its archive, and the right to one delivery')
        .argParser(mailLink)
        .conflicts(['server', 'tokenFile', 'home']),
    );
}

/** A client for the archive these options and the environment name. */
export async function clientFor(context: CliContext, options: AddressOptions): Promise<ArchiveClient> {
  return new ArchiveClient(await requestsFor(context, options));
}

/** HTTP to the archive these options and the environment name. */
export async function requestsFor(
  { config, interruption }: CliContext,
  options: AddressOptions,
): Promise<ArchiveRequests> {
  return new ArchiveRequests(await findArchive(options, config), interruption.signal);
}

/** A whole number between two others, for an option. */
export function numberBetween(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d{1,9}$/.test(text) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
  };
}

function mailLink(text: string): MailLink {
  const link = readMailLink(text);
  if (link === null) throw new InvalidArgumentError('Expected a link out of a mail, in quotes: the shell reads `?`.');
  return link;
}

function serverUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && /^https?:$/.test(url.protocol) && !url.username && !url.search && !url.hash) return text;
  throw new InvalidArgumentError('Expected a URL such as http://127.0.0.1:8080.');
}
