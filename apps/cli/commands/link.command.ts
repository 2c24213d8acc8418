import { suggestion } from '../archive/suggestion';
import { Command } from 'commander';
import { completeId, idOrPrefix } from '../archive/id-prefix';
import { CliError } from '../cli.error';
import type { CliContext } from '../context';
import { EXIT } from '../exit-code';
import { toJson } from '../output/json';
import { clientFor, type ClientOptions, withClientOptions } from './client-options';
import { type CliCommand, examples } from './command';
import { numberBetween } from './option-values';

interface LinkOptions extends ClientOptions {
  days?: number;
  revoke?: string;
}

const DAYS = 90;
const MOST_DAYS = 366;

/** `almagest link [DELIVERY]`: creates and revokes links to a delivery. */
export const linkCommand: CliCommand = (acting) =>
  withClientOptions(
    new Command('link')
      .summary('create or revoke a link to a delivery')
      .description(
        'Create a link to the data of a delivery, for a PI or delegee whose mail is lost or whose link has expired. ' +
          'Anyone who has the link can fetch that delivery and request its raw data. With --revoke, revoke a link; the ' +
          'link in a mail has the id of the mail.',
      )
      .argument('[DELIVERY]', 'id of a delivery, or its first 4 or more characters')
      .option('--days <N>', `days that the link is valid (default: ${DAYS})`, numberBetween(1, MOST_DAYS))
      .option('--revoke <ID>', 'revoke this link: the id of a link or of a mail'),
  )
    .addHelpText('after', examples('almagest link 5f0c --days 14', 'almagest link --revoke 77ab'))
    .action(acting(link));

async function link(context: CliContext, delivery: string | undefined, options: LinkOptions): Promise<number> {
  const { days, revoke } = options;
  if ((delivery === undefined) === (revoke === undefined)) {
    throw new CliError('cli.usage', 'give either the ID of a delivery or --revoke ID');
  }
  if (revoke !== undefined) {
    if (days !== undefined) throw new CliError('cli.usage', '--days cannot be combined with --revoke');
    return revokeLink(context, revoke, options);
  }
  const prefix = idOrPrefix(delivery ?? '', 'delivery');
  const client = await clientFor(context, options);
  // A delivery has the id of its QA2 result.
  const id = await completeId(prefix, () => client.results(), 'delivery');
  const made = await client.createLink(id, days ?? DAYS);
  if (options.json) await context.terminal.print(toJson(made));
  else {
    await context.terminal.print(made.url);
    context.terminal.note(
      `Valid until ${made.expiresAt}; to revoke it, run: ${suggestion(['link', '--revoke', made.id], options)}`,
    );
  }
  return EXIT.ok;
}

async function revokeLink(context: CliContext, text: string, options: LinkOptions): Promise<number> {
  const prefix = idOrPrefix(text, 'mail or link');
  const client = await clientFor(context, options);
  const id = await completeId(prefix, () => client.mails(), 'mail');
  await client.revokeLink(id);
  if (options.json) await context.terminal.print(toJson({ revoked: id }));
  else await context.terminal.print(`Link ${id} is revoked.`);
  return EXIT.ok;
}
