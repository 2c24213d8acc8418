import {
  type ArchiveClient,
  assertAllBytes,
  type Fetched,
  fetchFiles,
  type FetchJob,
  FetchProgress,
  Folder,
} from '@almagest/archive-client';
import type { RawRequest, RawRequestStatus } from '@almagest/contracts';
import { type Uid, uidIn } from '@almagest/ous';
import { Command, InvalidArgumentError, Option } from 'commander';
import { suggestion } from '../archive/suggestion';
import { completeId, idOrPrefix, shortId } from '../archive/id-prefix';
import { CliError, resumableError } from '../cli.error';
import type { CliContext } from '../context';
import { EXIT } from '../exit-code';
import { followRawRequest } from '../fetching/follow-raw-request';
import { toJson } from '../output/json';
import { fetchedView, progressLine } from '../views/fetched.view';
import { asdmListView, rawRequestTable, rawRequestView } from '../views/raw.view';
import { archiveFor, clientFor, type ClientOptions, withClientOptions } from './client-options';
import { type CliCommand, examples } from './command';
import { numberBetween, uidOption } from './option-values';

interface RequestOptions extends ClientOptions {
  all?: true;
  asdm?: Uid[];
  mailTo?: string;
  name?: string;
  wait: boolean;
}

interface StatusOptions extends ClientOptions {
  follow?: true;
}

interface FetchOptions extends ClientOptions {
  into: string;
  jobs: number;
}

/** Requests shown in a table. */
const NEWEST = 50;
const NOUN = 'request for raw data';

/** `almagest raw list | request | status | retry | fetch`: raw ASDMs. */
export const rawCommand: CliCommand = (acting) =>
  new Command('raw')
    .summary('list, request and fetch raw ASDMs')
    .description(
      'Raw data of a MemberOUS (§5.1). On request they are staged from the observatory’s bulk store. They are then ' +
        'available for some days, and unpack into the tree of the delivery.',
    )
    .addCommand(listCommand(acting))
    .addCommand(requestCommand(acting))
    .addCommand(statusCommand(acting))
    .addCommand(retryCommand(acting))
    .addCommand(fetchCommand(acting))
    .addHelpText(
      'after',
      examples(
        'almagest raw list uid://A001/X1/Xa3',
        'almagest raw request uid://A001/X1/Xa3',
        'almagest raw fetch 5f0c1234 --into ngc1234/',
      ),
    );

const listCommand: CliCommand = (acting) =>
  withClientOptions(
    new Command('list')
      .summary('list the ASDMs of a MemberOUS')
      .description('List all raw ASDMs of a MemberOUS: those used in the imaging, and additional ones.')
      .argument('<OUS>', 'uid of a MemberOUS', uidOption),
  )
    .addHelpText('after', examples('almagest raw list uid://A001/X1/Xa3'))
    .action(acting(list));

const requestCommand: CliCommand = (acting) =>
  withClientOptions(
    new Command('request')
      .summary('request the staging of ASDMs')
      .description(
        'Request the staging of raw ASDMs of a MemberOUS, and wait until they are staged. Repeating a request returns ' +
          'the same request, and retries what failed. Ends with 1 if some ASDMs could not be staged.',
      )
      .argument('<OUS>', 'uid of a MemberOUS', uidOption)
      .addOption(new Option('--all', 'additional ASDMs too, not only those used in the imaging').conflicts('asdm'))
      .option('--asdm <UID>', 'only this execution block; repeatable', collectedUids)
      .option(
        '--mail-to <ADDRESS>',
        'send a mail to this address when they are staged; with --link, it must be a recipient of the delivery',
      )
      .option('--name <NAME>', 'name of that recipient')
      .option('--no-wait', 'do not wait until they are staged'),
  )
    .addHelpText(
      'after',
      examples(
        'almagest raw request uid://A001/X1/Xa3',
        'almagest raw request uid___A001_X1_Xa3 --all --no-wait --mail-to me@example.org',
        'almagest raw request uid://A001/X1/Xa3 --asdm uid://A002/X1/Xb1',
      ),
    )
    .action(acting(request));

const statusCommand: CliCommand = (acting) =>
  withClientOptions(
    new Command('status')
      .summary('show the state of requests')
      .description(
        'List the newest requests, or show one with its ASDMs. Ends with 1 if ASDMs of the request shown failed.',
      )
      .argument('[ID]', 'id of a request, or its first 4 or more characters')
      .option('--follow', 'wait until the request has ended'),
  )
    .addHelpText('after', examples('almagest raw status', 'almagest raw status 5f0c1234 --follow'))
    .action(acting(status));

const retryCommand: CliCommand = (acting) =>
  withClientOptions(
    new Command('retry')
      .summary('retry ASDMs that could not be staged')
      .description(
        'Retry the ASDMs of a request that could not be staged, and wait until it has ended. Ends with 1 if some fail again.',
      )
      .argument('<ID>', 'id of a request, or its first 4 or more characters'),
  )
    .addHelpText('after', examples('almagest raw retry 5f0c1234'))
    .action(acting(retry));

const fetchCommand: CliCommand = (acting) =>
  withClientOptions(
    new Command('fetch')
      .summary('download staged ASDMs')
      .description(
        'Download the staged ASDMs of a request; with the uid of a MemberOUS, request those used in the imaging first, ' +
          'and wait until they are staged. Each is verified against its SHA-256, and gets its name only once it is ' +
          'complete. If a download is interrupted, run the same command again: it resumes. Ends with 1 if some ASDMs of ' +
          'the request are not staged.',
      )
      .argument('<ID>', 'id of a request, or its first 4 or more characters; or the uid of a MemberOUS')
      .option('--into <DIR>', 'directory to download to', '.')
      .option('--jobs <N>', 'number of parallel downloads', numberBetween(1, 16), 2),
  )
    .addHelpText(
      'after',
      examples('almagest raw fetch 5f0c1234', 'almagest raw fetch uid://A001/X1/Xa3 --into ngc1234/'),
    )
    .action(acting(fetch));

async function list(context: CliContext, ous: Uid, options: ClientOptions): Promise<number> {
  const { terminal } = context;
  const found = await (await clientFor(context, options)).asdms(ous);
  if (options.json) await terminal.print(toJson(found));
  else await terminal.print(...asdmListView(found, terminal.outColours));
  return EXIT.ok;
}

async function request(context: CliContext, ous: Uid, options: RequestOptions): Promise<number> {
  const { mailTo, name } = options;
  if (name !== undefined && mailTo === undefined) throw new CliError('cli.usage', '--name requires --mail-to');
  const wanted: RawRequest = {
    ous,
    asdms: options.asdm ?? (options.all ? 'all' : 'used'),
    ...(mailTo === undefined ? {} : { notify: { name: name ?? mailTo, email: mailTo } }),
  };
  const client = await clientFor(context, options);
  const requested = await client.requestRaw(wanted);
  context.terminal.note(`request ${shortId(requested.id)}`);
  return show(context, options.wait ? await followRawRequest(context, client, requested, options) : requested, options);
}

async function status(context: CliContext, id: string | undefined, options: StatusOptions): Promise<number> {
  const { terminal } = context;
  if (id === undefined) {
    if (options.follow) throw new CliError('cli.usage', '--follow needs the ID of a request');
    const page = await (await clientFor(context, options)).newestRawRequests(NEWEST);
    if (options.json) await terminal.print(toJson(page));
    else if (page.items.length === 0) await terminal.print('No requests for raw data yet.');
    else await terminal.print(...rawRequestTable(page.items, terminal.outColours));
    if (page.next !== null) terminal.note(`Showing the newest ${NEWEST}; there are older ones.`);
    return EXIT.ok;
  }
  const { client, found } = await requestOf(context, id, options);
  return show(context, options.follow ? await followRawRequest(context, client, found, options) : found, options);
}

async function retry(context: CliContext, id: string, options: ClientOptions): Promise<number> {
  const { client, found } = await requestOf(context, id, options);
  const requested = await client.retryRaw(found.id);
  return show(context, await followRawRequest(context, client, requested, options), options);
}

async function fetch(context: CliContext, id: string, options: FetchOptions): Promise<number> {
  const { terminal, interruption } = context;
  const { client, found } = await requestToFetch(context, id, options);
  assertAllBytes(`request ${found.id}`, found.asdms, found.totalSize);
  const staged = found.asdms.flatMap(({ fileName, size, sha256, url }) =>
    sha256 === null || url === null ? [] : [{ path: fileName, size, sha256, url }],
  );
  if (staged.length === 0) {
    throw new CliError(
      'cli.archive-refused',
      `request ${shortId(found.id)} has no staged ASDMs: its state is ${found.state}`,
      {
        hints: [`for details, run: ${suggestion(['raw', 'status', found.id], options)}`],
      },
    );
  }
  let progress = new FetchProgress(0);
  const onBegin = (begun: FetchProgress): void => {
    progress = begun;
    terminal.working(() => `fetching ${progressLine(progress)}`);
  };
  const folder = await Folder.at(options.into);
  const job: FetchJob = { client, folder, jobs: options.jobs, signal: interruption.signal, onBegin };
  let fetched: Fetched[];
  try {
    fetched = await fetchFiles(staged, job);
  } catch (error) {
    throw withResumeHint(error, found, options);
  } finally {
    folder.tidy();
  }
  terminal.working(null);
  if (options.json) await terminal.print(toJson({ request: found.id, ous: found.ous, into: folder.root, fetched }));
  else await terminal.print(...fetchedView(fetched, 'ASDM', folder.root, progress, terminal.outColours));
  const missing = found.asdms.length - staged.length;
  if (missing === 0) return EXIT.ok;
  terminal.note(
    `${missing} of ${found.asdms.length} ASDMs are not staged; for details, run: ${suggestion(['raw', 'status', found.id], options)}`,
  );
  return EXIT.refused;
}

async function show(context: CliContext, found: RawRequestStatus, options: ClientOptions): Promise<number> {
  const { terminal } = context;
  if (options.json) await terminal.print(toJson(found));
  else await terminal.print(...rawRequestView(found, options, terminal.outColours));
  return found.state === 'failed' ? EXIT.refused : EXIT.ok;
}

/** Finds a request by its id; for a MemberOUS, requests its used ASDMs, and waits until they are staged. */
async function requestToFetch(context: CliContext, what: string, options: FetchOptions): ReturnType<typeof requestOf> {
  const ous = uidIn(what);
  if (ous === null) return requestOf(context, what, options);
  const client = await clientFor(context, options);
  const requested = await client.requestRaw({ ous, asdms: 'used' });
  return { client, found: await followRawRequest(context, client, requested, options) };
}

async function requestOf(
  context: CliContext,
  id: string,
  options: ClientOptions,
): Promise<{ client: ArchiveClient; found: RawRequestStatus }> {
  const prefix = idOrPrefix(id, NOUN);
  const { client, link } = await archiveFor(context, options);
  return { client, found: await client.rawRequest(await completeId(prefix, () => client.rawRequests(), NOUN, link)) };
}

/** Adds the command that resumes the download to the error of an interrupted one. */
function withResumeHint(error: unknown, { id }: RawRequestStatus, options: FetchOptions): unknown {
  const failure = resumableError(error);
  if (failure === null) return error;
  const into = options.into === '.' ? [] : ['--into', options.into];
  return new CliError(failure.code, failure.message, {
    ...failure.detail,
    hints: [`downloaded data are kept; to resume, run: ${suggestion(['raw', 'fetch', id, ...into], options)}`],
  });
}

function collectedUids(text: string, before: Uid[] = []): Uid[] {
  const uid = uidIn(text);
  if (uid === null) throw new InvalidArgumentError('Expected uid://A002/X1/Xb1 or uid___A002_X1_Xb1.');
  return [...before, uid];
}
