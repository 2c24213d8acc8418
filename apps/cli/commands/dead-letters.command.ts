import type { ArchiveClient } from '@almagest/archive-client';
import { SERVICES } from '@almagest/contracts';
import { Command, Option } from 'commander';
import { CliError, isCliError, toCliError } from '../cli.error';
import type { CliContext } from '../context';
import { EXIT } from '../exit-code';
import { toJson, toJsonLine } from '../output/json';
import { deadLetterTable, deadLetterView } from '../views/dead-letter.view';
import { clientFor, type ClientOptions, withClientOptions } from './client-options';
import { type Acting, type CliCommand, examples } from './command';
import { numberBetween } from './option-values';

interface ListOptions extends ClientOptions {
  state: 'waiting' | 'replayed' | 'discarded' | 'all';
  service?: string;
  limit: number;
}

interface SettleOptions extends ClientOptions {
  all?: true;
  service?: string;
}

const serviceOption = (): Option =>
  new Option('--service <NAME>', 'only dead letters of this service').choices([...SERVICES]);

/** `almagest dead-letters list | show | replay | discard`: messages that services could not handle. */
export const deadLettersCommand: CliCommand = (acting) =>
  new Command('dead-letters')
    .summary('list, replay or discard messages that could not be handled')
    .description(
      'A service that cannot handle a message stores it as a dead letter, with the reason, and continues. Once the ' +
        'cause is fixed, replay it: its service receives the message again, once. Or discard it: it is kept, but no ' +
        'longer waiting.',
    )
    .addCommand(listCommand(acting))
    .addCommand(showCommand(acting))
    .addCommand(settleCommand('replay', acting))
    .addCommand(settleCommand('discard', acting))
    .addHelpText('after', examples('almagest dead-letters list', 'almagest dead-letters replay 17'));

function listCommand(acting: Acting): Command {
  return withClientOptions(
    new Command('list')
      .summary('list dead letters, newest first')
      .description('List the messages that could not be handled, newest first.')
      .addOption(
        new Option('--state <STATE>', 'only dead letters in this state')
          .choices(['waiting', 'replayed', 'discarded', 'all'])
          .default('waiting'),
      )
      .addOption(serviceOption())
      .option('--limit <N>', 'maximum number of dead letters', numberBetween(1, 1000), 50),
  )
    .addHelpText(
      'after',
      examples('almagest dead-letters list', 'almagest dead-letters list --state all --service ingest'),
    )
    .action(acting(list));
}

function showCommand(acting: Acting): Command {
  return withClientOptions(
    new Command('show')
      .summary('show a dead letter with its message')
      .description('Show why a message could not be handled, and the message as received.')
      .argument('<ID>', 'number of a dead letter'),
  )
    .addHelpText('after', examples('almagest dead-letters show 17'))
    .action(acting(show));
}

function settleCommand(how: 'replay' | 'discard', acting: Acting): Command {
  const description =
    how === 'replay'
      ? 'Send messages to their services again, each once. A message that fails again becomes a new dead letter.'
      : 'Discard dead letters. They are kept: "list --state discarded" shows them, and they can still be replayed.';
  const summary = how === 'replay' ? 'send messages to their services again' : 'discard messages';
  return withClientOptions(
    new Command(how)
      .summary(summary)
      .description(`${description} With --json, prints JSON Lines, one dead letter a line.`)
      .argument('[ID...]', 'numbers of dead letters')
      .option('--all', 'all waiting dead letters, oldest first')
      .addOption(serviceOption()),
  )
    .addHelpText(
      'after',
      examples(`almagest dead-letters ${how} 17 18`, `almagest dead-letters ${how} --all --service notifier`),
    )
    .action(acting((context: CliContext, ids: string[], options: SettleOptions) => settle(context, how, ids, options)));
}

async function list(context: CliContext, { json, limit, ...options }: ListOptions): Promise<number> {
  const { terminal } = context;
  const page = await (await clientFor(context, options)).newestDeadLetters(limit, filterOf(options));
  if (json) await terminal.print(toJson(page));
  else if (page.items.length === 0) await terminal.print(emptyText(options.state));
  else await terminal.print(...deadLetterTable(page.items, terminal.outColours));
  if (page.next !== null) terminal.note(`Showing the newest ${limit}; there are older ones.`);
  return EXIT.ok;
}

async function show(context: CliContext, id: string, options: ClientOptions): Promise<number> {
  const { terminal } = context;
  assertNumbers([id]);
  const letter = await (await clientFor(context, options)).deadLetter(id);
  await terminal.print(
    ...(options.json ? [toJson(letter)] : deadLetterView(letter, terminal.outColours, terminal.width)),
  );
  return EXIT.ok;
}

/** Replays or discards dead letters. A refused one does not stop the others; its exit code is returned. */
async function settle(
  context: CliContext,
  how: 'replay' | 'discard',
  given: readonly string[],
  options: SettleOptions,
): Promise<number> {
  if (given.length > 0 === (options.all === true)) throw new CliError('cli.usage', 'give either IDs or --all');
  if (options.service !== undefined && !options.all) throw new CliError('cli.usage', '--service requires --all');
  assertNumbers(given);
  const { terminal } = context;
  const client = await clientFor(context, options);
  const ids = options.all ? await allWaiting(client, options) : given;
  let exitCode: number = EXIT.ok;
  for (const id of ids) {
    try {
      const letter = await client.settleDeadLetter(id, how);
      await terminal.print(options.json ? toJsonLine(letter) : `${id} ${letter.state} (${letter.service})`);
    } catch (error) {
      const refusal = toCliError(error);
      if (!isCliError(refusal) || refusal.exitCode !== EXIT.refused) throw error;
      exitCode = refusal.exitCode;
      terminal.note(`${id}: ${refusal.message}`);
    }
  }
  if (ids.length === 0 && !options.json) await terminal.print(emptyText('waiting'));
  return exitCode;
}

/** Returns the numbers of all waiting dead letters, oldest first, so that replaying keeps their order. */
async function allWaiting(client: ArchiveClient, { service }: SettleOptions): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of client.deadLetters(filterOf({ state: 'waiting', service }))) ids.push(id);
  return ids.reverse();
}

function filterOf({ state, service }: { state: string; service?: string | undefined }): {
  state?: string;
  service?: string;
} {
  return { ...(state === 'all' ? {} : { state }), ...(service === undefined ? {} : { service }) };
}

function emptyText(state: string): string {
  return state === 'all' || state === 'waiting' ? 'No dead letters.' : `No ${state} dead letters.`;
}

function assertNumbers(ids: readonly string[]): void {
  const wrong = ids.find((id) => !/^\d{1,18}$/.test(id));
  if (wrong !== undefined) throw new CliError('cli.usage', `"${wrong}" is not the number of a dead letter`);
}
