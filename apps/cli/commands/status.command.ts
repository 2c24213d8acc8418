import { Command } from 'commander';
import { CliError } from '../cli.error';
import { completeId, idOrPrefix } from '../archive/id-prefix';
import type { CliContext } from '../context';
import { EXIT, exitCodeOf } from '../exit-code';
import { toJson } from '../output/json';
import { showUntilSettled } from '../submission/show-until-settled';
import { statusTable, statusView } from '../views/qa2-status.view';
import { type ClientOptions, clientFor, withClientOptions } from './client-options';
import { type CliCommand, examples } from './command';

interface StatusOptions extends ClientOptions {
  follow?: true;
}

/** Results shown in a table. */
const NEWEST = 50;

/** `almagest status [ID]`: shows the state of QA2 results. */
export const statusCommand: CliCommand = (acting) =>
  withClientOptions(
    new Command('status')
      .summary('show the state of QA2 results')
      .description(
        'List the newest QA2 results, or show one with its history and the findings of the delivery standard. Ends ' +
          'with 1 if the result shown was rejected or a mail about it failed.',
      )
      .argument('[ID]', 'id of a result, or its first 4 or more characters')
      .option('--follow', 'wait until the result has reached its final state'),
  )
    .addHelpText('after', examples('almagest status', 'almagest status 5f0c --follow'))
    .action(acting(status));

async function status(context: CliContext, id: string | undefined, options: StatusOptions): Promise<number> {
  if (id !== undefined) return one(context, id, options);
  if (options.follow) throw new CliError('cli.usage', '--follow needs the ID of a result');
  const { terminal } = context;
  const page = await (await clientFor(context, options)).newestResults(NEWEST);
  if (options.json) await terminal.print(toJson(page));
  else if (page.items.length === 0) await terminal.print('No QA2 results yet.');
  else await terminal.print(...statusTable(page.items, terminal.outColours));
  if (page.next !== null) terminal.note(`Showing the newest ${NEWEST}; there are older ones.`);
  return EXIT.ok;
}

async function one(context: CliContext, id: string, options: StatusOptions): Promise<number> {
  const { terminal } = context;
  const prefix = idOrPrefix(id, 'QA2 result');
  const client = await clientFor(context, options);
  const found = await client.qa2Status(await completeId(prefix, () => client.results(), 'QA2 result'));
  const result = options.follow ? await showUntilSettled(context, client, found, options) : found;
  if (options.json) await terminal.print(toJson(result));
  else await terminal.print(...statusView(result, options, terminal.outColours, terminal.width));
  return exitCodeOf(result);
}
