import { Command } from 'commander';
import { completeId, idOrPrefix } from '../archive/id-prefix';
import { CliError } from '../cli.error';
import type { CliContext } from '../context';
import { EXIT } from '../exit-code';
import { toJson } from '../output/json';
import { type ClientOptions, clientFor, numberBetween, withClientOptions } from './client-options';
import { type CliCommand, examples } from './command';

interface LinkOptions extends ClientOptions {
  days?: number;
  revoke?: string;
}

const DAYS = 90;
const MOST_DAYS = 366;

/** `almagest link [DELIVERY]`: gives out links to a delivery and takes them back. */
export const linkCommand: CliCommand = (acting) =>
  withClientOptions(
    new Command('link')
      .summary('make a new link to a delivery, or revoke one')
      .description(
        'Make a new link to the data of a delivery, for a PI or delegee whose mail is lost or has expired: whoever has ' +
          'it can fetch that delivery and request its raw data. Or revoke one; the link of a mail has the id of the mail.',
      )
      .argument('[DELIVERY]', 'id of a delivery, or its first 4 or more characters')
      .option('--days <N>', `how long the link holds (default: ${DAYS})`, numberBetween(1, MOST_DAYS))
      .option('--revoke <ID>', 'id of a mail or of a link that shall open nothing any more'),
  )
    .addHelpText('after', examples('almagest link 5f0c --days 14', 'almagest link --revoke 77ab'))
    .action(acting(link));

async function link(context: CliContext, delivery: string | undefined, options: LinkOptions): Promise<number> {
  const { days, revoke } = options;
  if ((delivery === undefined) === (revoke === undefined)) {
    throw new CliError('cli.usage', 'give either the ID of a delivery or --revoke ID');
  }
  if (revoke !== undefined) {
    if (days !== undefined) throw new CliError('cli.usage', '--days is for a new link');
    return takeBack(context, revoke, options);
  }
  const prefix = idOrPrefix(delivery ?? '', 'delivery');
  const client = await clientFor(context, options);
  // A delivery bears the id of the QA2 result it came with.
  const id = await completeId(prefix, () => client.results(), 'delivery');
  const made = await client.makeLink(id, days ?? DAYS);
  if (options.json) await context.terminal.print(toJson(made));
  else {
    await context.terminal.print(made.url);
    context.terminal.note(`It holds until ${made.expiresAt}; to revoke it: almagest link --revoke ${made.id}`);
  }
  return EXIT.ok;
}

async function takeBack(context: CliContext, text: string, options: LinkOptions): Promise<number> {
  const prefix = idOrPrefix(text, 'mail or link');
  const client = await clientFor(context, options);
  const id = await completeId(prefix, () => client.mails(), 'mail');
  await client.revokeLink(id);
  if (options.json) await context.terminal.print(toJson({ revoked: id }));
  else await context.terminal.print(`The link ${id} opens nothing any more.`);
  return EXIT.ok;
}
