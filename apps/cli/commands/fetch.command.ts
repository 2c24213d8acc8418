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
import { repeatedOptions } from '../archive/archive-address';
import { CliError, resumableError } from '../cli.error';
import type { CliContext } from '../context';
import { EXIT } from '../exit-code';
import { deliveryOf, filesOf, selectFiles, selectParts } from '../fetching/selection';
import { toJson } from '../output/json';
import { fetchedView, progressLine } from '../views/fetched.view';
import { type ClientOptions, clientFor, numberBetween, withClientOptions } from './client-options';
import { type CliCommand, examples } from './command';

interface FetchOptions extends ClientOptions {
  into: string;
  unpack?: true;
  part?: string[];
  jobs: number;
}

/** `almagest fetch OUS [PATH...]`: parts or files of a delivery, onto this disk. */
export const fetchCommand: CliCommand = (acting) =>
  withClientOptions(
    new Command('fetch')
      .summary('fetch the parts or files of a delivery')
      .description(
        'Fetch the tar parts of a delivery, or single files out of them, several at a time. Everything is held against ' +
          'the SHA-256 of the catalogue and gets its name only when it is whole. Interrupted or killed, the same command ' +
          'goes on where it was; what is there already is checked and left as it is.',
      )
      .argument('<OUS>', 'the uid of a MemberOUS or GroupOUS (its current delivery), or the id of a delivery')
      .argument('[PATH...]', 'only these files: paths or globs, whole or from the ObsUnitSet’s directory on')
      .option('--into <DIR>', 'the folder they are put into', '.')
      .option('--unpack', 'unpack the parts there and keep no tar; nothing is overwritten')
      .option('--part <PART>', 'only this part: the m of m_of_n, or its name; may be repeated', collected)
      .option('--jobs <N>', 'how many at a time', numberBetween(1, 16), 4),
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
    throw new CliError('cli.usage', '--unpack and --part go with whole parts, not with PATH arguments');
  }
  const client = await clientFor(context, options);
  const delivery = await deliveryOf(client, what);
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
    throw goOnHint(error, what, paths, options);
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

/** An interrupted or broken fetch loses nothing: the error says how to go on. */
function goOnHint(error: unknown, what: string, paths: readonly string[], options: FetchOptions): unknown {
  const failure = resumableError(error);
  if (failure === null) return error;
  const given = [
    what,
    ...paths.map((path) => `"${path}"`),
    ...(options.into === '.' ? [] : ['--into', options.into]),
    ...(options.unpack ? ['--unpack'] : []),
    ...(options.part === undefined ? [] : options.part.map((part) => `--part ${part}`)),
  ].join(' ');
  return new CliError(failure.code, failure.message, {
    ...failure.detail,
    hints: [`what has come is kept; go on with: npx almagest fetch ${given}${repeatedOptions(options)}`],
  });
}

function fetchedDocument({ id, ous, project, revision }: Delivery, into: string, fetched: readonly Fetched[]): unknown {
  return { delivery: id, project, ous, revision, into, fetched };
}

function collected(text: string, before: string[] = []): string[] {
  return [...before, text];
}
