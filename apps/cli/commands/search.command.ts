import { RESULT_FORMATS, type ResultFormat, SearchClient } from '@almagest/archive-client';
import { isProjectCode } from '@almagest/ous';
import { count, humanSize } from '@almagest/text';
import { Command, InvalidArgumentError, Option, type ParseOptionsResult } from 'commander';
import { CliError } from '../cli.error';
import type { CliContext } from '../context';
import { EXIT } from '../exit-code';
import { adqlOf, type SearchOptions, wantedBy } from '../searching/criteria';
import { type Range } from '../searching/search-query';
import { radiusDegrees } from '../searching/sky-position';
import { writeResult, type Written } from '../searching/write-result';
import { resultTable, writtenLines } from '../views/search.view';
import { requestsFor, withClientOptions } from './client-options';
import { type CliCommand, examples } from './command';
import { numberBetween } from './option-values';

/** Rows that a table on a terminal has at most. */
const LONGEST_TABLE = 10_000;

/** `almagest search [POSITION...]`: finds observations by position, frequency and more, or runs a query in ADQL. */
export const searchCommand: CliCommand = (acting) =>
  withClientOptions(
    new SearchCommand('search')
      .summary('find observations by position, frequency, band ..., or with a query')
      .description(
        'Find observations in the archive: one line for each source and spectral window. Every condition must be true. ' +
          'Or run a query in ADQL on any table of the archive. No token is needed. --json prints JSON Lines.',
      )
      .argument(
        '[POSITION...]',
        'right ascension and declination (ICRS), in degrees or as hours and degrees; or the name of a source in the archive',
      )
      .option(
        '--radius <ANGLE>',
        'footprints that touch this circle, such as 10arcsec, 1.5arcmin or 0.2deg; without it, footprints that contain the position, or observations of that name',
        angle,
      )
      .option('--frequency <GHZ>', 'spectral windows that cover this sky frequency, or overlap LOW..HIGH', range)
      .option('--band <N>', 'only this receiver band (1 to 10), or several: 3,6', bands)
      .option('--project <CODE>', 'only this project', projectCode)
      .option('--resolution <ARCSEC>', 'angular resolution of at most this, or of LOW..HIGH', atMost)
      .option('--public', 'only public data')
      .addOption(new Option('--adql <FILE>', 'run the query in this file, - for standard input').conflicts('query'))
      .option('--query <TEXT>', 'run this query')
      .addOption(
        new Option('--format <FORMAT>', 'form of the result; a table shows the main columns, the others have all')
          .choices(['table', ...RESULT_FORMATS])
          .default('table'),
      )
      .option('--output <FILE>', 'write the result to this file, which is replaced once the result is complete')
      .option('--limit <N>', 'maximum number of rows', numberBetween(1, 100_000_000), 1000),
  )
    .addHelpText(
      'after',
      examples(
        'almagest search 150.57 -31.23 --radius 1arcmin --band 6',
        'almagest search 10:02:17.4 -31:14:05 --resolution 0.5 --public',
        'almagest search NGC 9999 --frequency 229..231 --format csv --output ngc9999.csv',
        'almagest search --query "SELECT asdm_uid, pwv FROM alma.asdm WHERE pwv < 1"',
        'almagest search --adql query.adql --format votable --limit 1000000 > result.xml',
      ),
    )
    .action(acting(search));

/** A command whose arguments may begin with a negative declination in degrees, minutes and seconds. */
class SearchCommand extends Command {
  override parseOptions(args: string[]): ParseOptionsResult {
    // An option cannot begin with the minus sign of mathematics.
    return super.parseOptions(args.map((arg) => (/^-\d+[:d°]/.test(arg) ? `\u2212${arg.slice(1)}` : arg)));
  }
}

async function search(context: CliContext, words: string[], options: SearchOptions): Promise<number> {
  const { terminal, interruption } = context;
  const format = formatOf(options);
  const { output: file, limit } = options;
  if (format === 'parquet' && file === undefined && terminal.isInteractive) {
    throw new CliError('cli.usage', 'a parquet file is not for a terminal: give --output FILE');
  }
  const wanted = wantedBy(words, options);
  const client = new SearchClient(await requestsFor(context, options));
  terminal.working(() => 'searching');
  const adql = await adqlOf(client, wanted, format === 'table', interruption.signal);
  if (format === 'table') return showTable(context, client, adql, limit);
  // Formats that do not show that a result was cut get one row more.
  const maxRows = format === 'votable' || format === 'parquet' ? limit : limit + 1;
  const download = await client.run({ adql, format, maxRows }, interruption.signal);
  let progress = 'searching';
  if (!terminal.isInteractive || file !== undefined) terminal.working(() => progress);
  else terminal.working(null);
  const written = await writeResult(download, { format, limit, file }, terminal, (rows, bytes) => {
    progress = `received ${rows === null ? '' : `${rows} rows, `}${humanSize(bytes)}`;
  });
  terminal.note(...writtenLines(written, file), ...(await cutLines(client, limit, written)));
  return EXIT.ok;
}

async function showTable({ terminal }: CliContext, client: SearchClient, adql: string, limit: number): Promise<number> {
  const rows = await client.rows(adql, limit + 1);
  if (rows.length === 0) terminal.note('Nothing found.');
  else await terminal.print(...resultTable(rows.slice(0, limit), terminal.outColours));
  terminal.note(...(await cutLines(client, limit, { rows: rows.length, isCut: rows.length > limit })));
  return EXIT.ok;
}

/** Says that a result has more rows: more than were asked for, or more than the archive sends. */
async function cutLines(
  client: SearchClient,
  limit: number,
  { rows, isCut }: Pick<Written, 'rows' | 'isCut'>,
): Promise<string[]> {
  if (isCut) return [`OVERFLOW: the result has more than ${count(limit, 'row')}. Narrow the search, or raise --limit.`];
  if (rows === null || rows === 0 || rows < (await client.rowLimit())) return [];
  return [`OVERFLOW: the archive sends at most ${count(rows, 'row')}. Narrow the search.`];
}

/** @throws CliError `cli.usage` */
function formatOf({ format, json, output, limit }: SearchOptions): ResultFormat | 'table' {
  if (json === true && format !== 'table' && format !== 'jsonl') {
    throw new CliError('cli.usage', 'give either --json or --format');
  }
  if (json === true) return 'jsonl';
  if (format !== 'table') return format;
  if (output !== undefined)
    throw new CliError('cli.usage', '--output requires --format csv, tsv, jsonl, votable or parquet');
  if (limit > LONGEST_TABLE) {
    throw new CliError('cli.usage', `a table has at most ${LONGEST_TABLE} rows: give --format for more`);
  }
  return format;
}

function angle(text: string): number {
  const degrees = radiusDegrees(text);
  if (degrees !== null) return degrees;
  throw new InvalidArgumentError('Expected an angle with its unit, such as 10arcsec, 1.5arcmin or 0.2deg.');
}

/** Parses one positive number, or `LOW..HIGH`. */
function range(text: string): Range {
  const [low, high = low, ...more] = text
    .split('..')
    .map((part) => (/^\d{1,9}(\.\d{0,12})?$/.test(part.trim()) ? Number(part) : NaN));
  if (low !== undefined && high !== undefined && more.length === 0 && low > 0 && low <= high) return { low, high };
  throw new InvalidArgumentError('Expected a positive number, or a range such as 229.5..231.');
}

function atMost(text: string): Range {
  const found = range(text);
  return text.includes('..') ? found : { low: null, high: found.high };
}

function bands(text: string): number[] {
  return text.split(',').map(numberBetween(1, 10));
}

function projectCode(text: string): string {
  if (isProjectCode(text)) return text;
  throw new InvalidArgumentError('Expected a project code such as 2013.1.09999.S.');
}
