import { Command } from 'commander';
import { CliError } from '../cli.error';
import type { CliContext } from '../context';
import { showRun } from '../upkeep/show-run';
import { REBUILD, RECONCILIATION, SCRUB } from '../upkeep/upkeep-story';
import { type ClientOptions, withClientOptions } from './client-options';
import { type CliCommand, examples } from './command';

interface ReconcileOptions extends ClientOptions {
  repair?: true;
}

const FOLLOWED =
  'The archive does it, and Ctrl-C ends the waiting only. The --json form is JSON Lines: the run first, then a line a ' +
  'finding.';

/** `almagest scrub [ID]`: every stored object is read and held against its SHA-256. */
export const scrubCommand: CliCommand = (acting) =>
  withClientOptions(
    new Command('scrub')
      .summary('read every stored object again and check it')
      .description(
        'Read every stored object again and hold it against the SHA-256 of the catalogue. Nothing is changed or ' +
          `deleted. One that is under way already is joined. Ends with 1 when an object is damaged. ${FOLLOWED}`,
      )
      .argument('[ID]', 'only look at this scrub: its id, or its first 4 or more characters'),
  )
    .addHelpText('after', examples('almagest scrub', 'almagest scrub 5f0c1234 --json'))
    .action(
      acting((context: CliContext, id: string | undefined, options: ClientOptions) =>
        showRun(context, SCRUB, id, options),
      ),
    );

/** `almagest reconcile [ID]`: the catalogue and the store are held against each other. */
export const reconcileCommand: CliCommand = (acting) =>
  withClientOptions(
    new Command('reconcile')
      .summary('hold the catalogue and the store against each other')
      .description(
        'Hold the catalogue and the store against each other: name objects that are lost, left over or abandoned. With ' +
          '--repair, what is certainly left over is deleted, and a lost part is read again from where it was posted and ' +
          'put back if it still has its SHA-256; nothing is overwritten. The command waits for that; with the ID it only ' +
          `looks. Ends with 1 when something is found that is not repaired. ${FOLLOWED}`,
      )
      .argument('[ID]', 'only look at this reconciliation: its id, or its first 4 or more characters')
      .option('--repair', 'delete what is certainly left over and restore lost parts; without it nothing is changed'),
  )
    .addHelpText('after', examples('almagest reconcile', 'almagest reconcile --repair', 'almagest reconcile 5f0c1234'))
    .action(acting(reconcile));

/** `almagest rebuild-catalogue [ID]`: an empty catalogue out of the store alone. */
export const rebuildCommand: CliCommand = (acting) =>
  withClientOptions(
    new Command('rebuild-catalogue')
      .summary('write an empty catalogue anew from the store')
      .description(
        'Write an empty catalogue anew from the manifests in the store. A catalogue that holds deliveries is left as ' +
          `it is, and the command ends with 1; so it does when a manifest could not be used. ${FOLLOWED}`,
      )
      .argument('[ID]', 'only look at this rebuild: its id, or its first 4 or more characters'),
  )
    .addHelpText('after', examples('almagest rebuild-catalogue'))
    .action(
      acting((context: CliContext, id: string | undefined, options: ClientOptions) =>
        showRun(context, REBUILD, id, options),
      ),
    );

async function reconcile(context: CliContext, id: string | undefined, options: ReconcileOptions): Promise<number> {
  if (id !== undefined && options.repair) {
    throw new CliError('cli.usage', '--repair begins a reconciliation and does not go with the ID of one');
  }
  return showRun(context, RECONCILIATION, id, options, { repair: options.repair === true });
}
