import { Command } from 'commander';
import { completeId, idOrPrefix } from '../archive/id-prefix';
import { CliError } from '../cli.error';
import type { CliContext } from '../context';
import { EXIT } from '../exit-code';
import { toJson } from '../output/json';
import { printableLines } from '../output/printable';
import { mailTable, mailView } from '../views/mail.view';
import { type ClientOptions, clientFor, withClientOptions } from './client-options';
import { type CliCommand, examples } from './command';

interface MailOptions extends ClientOptions {
  html?: true;
}

/** Mails a table shows. */
const NEWEST = 50;

/** `almagest mail [ID]`: the mails the archive wrote. */
export const mailCommand: CliCommand = (acting) =>
  withClientOptions(
    new Command('mail')
      .summary('show the mails to PIs and delegees')
      .description('Show the newest mails, or one as its recipient reads it.')
      .argument('[ID]', 'id of a mail, or its first 4 or more characters')
      .option('--html', 'print the HTML of the mail'),
  )
    .addHelpText('after', examples('almagest mail', 'almagest mail 77ab --html > mail.html'))
    .action(acting(mail));

async function mail(context: CliContext, id: string | undefined, options: MailOptions): Promise<number> {
  if (id === undefined && options.html) throw new CliError('cli.usage', '--html needs the ID of a mail');
  if (options.html && options.json) throw new CliError('cli.usage', 'give either --html or --json');
  if (id !== undefined) return one(context, id, options);
  const { terminal } = context;
  const page = await (await clientFor(context, options)).newestMails(NEWEST);
  if (options.json) await terminal.print(toJson(page));
  else if (page.items.length === 0) await terminal.print('No mail was written yet.');
  else await terminal.print(...mailTable(page.items, terminal.outColours));
  if (page.next !== null) terminal.note(`The newest ${NEWEST}; there are older ones.`);
  return EXIT.ok;
}

async function one(context: CliContext, id: string, { json, html, ...options }: MailOptions): Promise<number> {
  const { terminal } = context;
  const prefix = idOrPrefix(id, 'mail');
  const client = await clientFor(context, options);
  const found = await client.mail(await completeId(prefix, () => client.mails(), 'mail'));
  if (json) await terminal.print(toJson(found));
  else if (html) await terminal.print(printableLines(found.html).trimEnd());
  else await terminal.print(...mailView(found, terminal.outColours, terminal.width));
  return EXIT.ok;
}
