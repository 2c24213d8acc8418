import { printable, printableLines } from '@almagest/text';
import { Command } from 'commander';
import { completeId, idOrPrefix } from '../archive/id-prefix';
import { CliError } from '../cli.error';
import type { CliContext } from '../context';
import { EXIT } from '../exit-code';
import { toJson } from '../output/json';
import { readStandardInput } from '../submission/read-file';
import { mailTable, mailView, recipientText } from '../views/mail.view';
import { type ClientOptions, clientFor, withClientOptions } from './client-options';
import { type CliCommand, examples } from './command';

interface MailOptions extends ClientOptions {
  html?: true;
}

/** Mails shown in a table. */
const NEWEST = 50;

/** Bytes. */
const LONGEST_REPORT = 262_144;

/** `almagest mail [ID]`: shows the mails that the archive wrote. */
export const mailCommand: CliCommand = (acting) =>
  withClientOptions(
    new Command('mail')
      .summary('show the mails to PIs and delegees')
      .description('List the newest mails, or show one mail as its recipient reads it.')
      .argument('[ID]', 'id of a mail, or its first 4 or more characters')
      .option('--html', 'print the HTML of the mail'),
  )
    .addHelpText('after', examples('almagest mail', 'almagest mail 77ab --html > mail.html'))
    .action(acting(mail))
    .addCommand(bounceCommand(acting));

function bounceCommand(acting: Parameters<CliCommand>[0]): Command {
  return withClientOptions(
    new Command('bounce')
      .summary('record that a mail bounced')
      .description(
        'Read from standard input the report of a mail server that a mail could not be delivered (RFC 3464), and mark ' +
          'the mail as bounced, with the reason. For use in a pipe alias of the address in MAIL_RETURN_PATH. If the input ' +
          'is not such a report, or not about a mail of this archive, nothing changes and the command ends with 1.',
      ),
  )
    .addHelpText('after', examples('almagest mail bounce < report.eml'))
    .action(acting(bounce));
}

async function mail(context: CliContext, id: string | undefined, options: MailOptions): Promise<number> {
  if (id === undefined && options.html) throw new CliError('cli.usage', '--html needs the ID of a mail');
  if (options.html && options.json) throw new CliError('cli.usage', 'give either --html or --json');
  if (id !== undefined) return one(context, id, options);
  const { terminal } = context;
  const page = await (await clientFor(context, options)).newestMails(NEWEST);
  if (options.json) await terminal.print(toJson(page));
  else if (page.items.length === 0) await terminal.print('No mails yet.');
  else await terminal.print(...mailTable(page.items, terminal.outColours));
  if (page.next !== null) terminal.note(`Showing the newest ${NEWEST}; there are older ones.`);
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

async function bounce(context: CliContext, options: ClientOptions): Promise<number> {
  const { terminal } = context;
  const report = await readStandardInput('report', LONGEST_REPORT, context.interruption.signal);
  const client = await clientFor(context, options);
  const bounced = await client.noteBounce(report);
  if (options.json) await terminal.print(toJson(bounced));
  else await terminal.print(`Mail ${bounced.id} to ${recipientText(bounced)} ${printable(bounced.error ?? 'bounced')}`);
  return EXIT.ok;
}
