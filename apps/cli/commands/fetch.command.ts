import {
  type ArchiveClient,
  type Fetched,
  fetchFiles,
  type FetchJob,
  FetchProgress,
  fetchUnpacked,
  Folder,
} from '@almagest/archive-client';
import type { Delivery } from '@almagest/contracts';
import { Command } from 'commander';
import { suggestion } from '../archive/suggestion';
import { CliError, resumableError } from '../cli.error';
import type { CliContext } from '../context';
import { EXIT } from '../exit-code';
import { deliveryOf, filesOf, selectFiles, selectParts } from '../fetching/selection';
import { toJson } from '../output/json';
import { fetchedView, progressLine } from '../views/fetched.view';
import { archiveFor, type ClientOptions, withClientOptions } from './client-options';
import { type CliCommand, examples } from './command';
import { numberBetween } from './option-values';

interface FetchOptions extends ClientOptions {
  into: string;
  unpack?: true;
  part?: string[];
  jobs: number;
}

/** `almagest fetch OUS [PATH...]`: downloads parts or files of a delivery. */
export const fetchCommand: CliCommand = (acting) =>
  withClientOptions(
    new Command('fetch')
      .summary('download the parts or files of a delivery')
      .description(
        'Download the tar parts of a delivery, or single files from them, several at a time. Everything is verified ' +
          'against the SHA-256 in the catalogue, and gets its name only once it is complete. If a download is ' +
          'interrupted, run the same command again: it resumes, and verifies and skips finished files.',
      )
      .argument('<OUS>', 'uid of a MemberOUS or GroupOUS (its current delivery), or id of a delivery')
      .argument(
        '[PATH...]',
        'only these files: paths or globs, complete or relative to the directory of the ObsUnitSet',
      )
      .option('--into <DIR>', 'directory to download to', '.')
      .option('--unpack', 'unpack the parts there and keep no tar; overwrites nothing')
      .option('--part <PART>', 'only this part: the m of m_of_n, or its name; repeatable', collected)
      .option('--jobs <N>', 'number of parallel downloads', numberBetween(1, 16), 4),
  )
    .addHelpText(
      'after',
      examples(
        'almagest fetch uid://A001/X1/Xa3',
        'almagest fetch uid___A001_X1_Xa3 --unpack --into ngc1234/',
        'almagest fetch uid://A001/X1/Xa3 README "product/*.pbcor.fits"',
        'almagest fetch 5f0c1234 --part 2',
      ),
    )
    .action(acting(fetch));

async function fetch(context: CliContext, what: string, paths: string[], options: FetchOptions): Promise<number> {
  const { terminal } = context;
  if (paths.length > 0 && (options.unpack || options.part !== undefined)) {
    throw new CliError('cli.usage', '--unpack and --part cannot be combined with PATH arguments');
  }
  const { client, link } = await archiveFor(context, options);
  const delivery = await deliveryOf(client, what, link);
  let progress = new FetchProgress(0);
  const onBegin = (begun: FetchProgress): void => {
    progress = begun;
    terminal.working(() => `fetching ${progressLine(progress)}`);
  };
  const folder = await Folder.at(options.into);
  const job: FetchJob = { client, folder, jobs: options.jobs, signal: context.interruption.signal, onBegin };
  let fetched: Fetched[];
  try {
    fetched = await fetchWanted(client, delivery, paths, options, job);
  } catch (error) {
    throw withResumeHint(error, what, paths, options);
  } finally {
    folder.tidy();
  }
  terminal.working(null);
  const noun = paths.length > 0 ? 'file' : 'part';
  if (options.json) await terminal.print(toJson(fetchedDocument(delivery, folder.root, fetched)));
  else await terminal.print(...fetchedView(fetched, noun, folder.root, progress, terminal.outColours));
  return EXIT.ok;
}

async function fetchWanted(
  client: ArchiveClient,
  delivery: Delivery,
  paths: readonly string[],
  { unpack, part: wanted = [] }: FetchOptions,
  job: FetchJob,
): Promise<Fetched[]> {
  if (paths.length > 0) return fetchFiles(selectFiles(await filesOf(client, delivery), paths), job);
  const parts = selectParts(delivery.partList, wanted);
  if (unpack) return fetchUnpacked(parts, await filesOf(client, delivery), job);
  return fetchFiles(
    parts.map((part) => ({ ...part, path: part.name })),
    job,
  );
}

/** Adds the command that resumes the download to the error of an interrupted one. */
function withResumeHint(error: unknown, what: string, paths: readonly string[], options: FetchOptions): unknown {
  const failure = resumableError(error);
  if (failure === null) return error;
  const words = [
    'fetch',
    what,
    ...paths,
    ...(options.into === '.' ? [] : ['--into', options.into]),
    ...(options.unpack ? ['--unpack'] : []),
    ...(options.part === undefined ? [] : options.part.flatMap((part) => ['--part', part])),
  ];
  return new CliError(failure.code, failure.message, {
    ...failure.detail,
    hints: [`downloaded data are kept; to resume, run: ${suggestion(words, options)}`],
  });
}

function fetchedDocument({ id, ous, project, revision }: Delivery, into: string, fetched: readonly Fetched[]): unknown {
  return { delivery: id, project, ous, revision, into, fetched };
}

function collected(text: string, before: string[] = []): string[] {
  return [...before, text];
}
