import { Command } from 'commander';
import { isWholeId } from '../archive/id-prefix';
import { CliError } from '../cli.error';
import type { CliContext } from '../context';
import { REBUILD, RECONCILIATION, SCRUB, SEARCH_REBUILD } from '../upkeep/run-texts';
import { showRun } from '../upkeep/show-run';
import { type ClientOptions, withClientOptions } from './client-options';
import { type CliCommand, examples } from './command';

interface ReconcileOptions extends ClientOptions {
  repair?: true;
}

const FOLLOWED =
  'The archive does the work; Ctrl-C only ends the waiting. With --json, prints JSON Lines: first the run, then one ' +
  'finding a line.';

/** `almagest scrub [ID]`: verifies every stored object. */
export const scrubCommand: CliCommand = (acting) =>
  withClientOptions(
    new Command('scrub')
      .summary('read and verify every stored object')
      .description(
        'Read every stored object and verify it against the SHA-256 in the catalogue. Nothing is changed or deleted. ' +
          `If a scrub is already running, it is followed. Ends with 1 if an object is damaged. ${FOLLOWED}`,
      )
      .argument('[ID]', 'only show this scrub: its id, or its first 4 or more characters'),
  )
    .addHelpText('after', examples('almagest scrub', 'almagest scrub 5f0c1234 --json'))
    .action(
      acting((context: CliContext, id: string | undefined, options: ClientOptions) =>
        showRun(context, SCRUB, id, options),
      ),
    );

/** `almagest reconcile [ID]`: compares the catalogue with the object store. */
export const reconcileCommand: CliCommand = (acting) =>
  withClientOptions(
    new Command('reconcile')
      .summary('compare the catalogue with the object store')
      .description(
        'Compare the catalogue with the object store, and report lost, orphaned and abandoned objects. With --repair, ' +
          'proven orphans are deleted, and lost parts are recovered: read again from where they were posted, and stored ' +
          'if their SHA-256 still matches. Nothing is overwritten. The command waits for all that; with an ID, it only ' +
          `shows that reconciliation. Ends with 1 if a finding is not repaired. ${FOLLOWED}`,
      )
      .argument('[ID]', 'only show this reconciliation: its id, or its first 4 or more characters')
      .option('--repair', 'delete proven orphans and recover lost parts; without it, nothing is changed'),
  )
    .addHelpText('after', examples('almagest reconcile', 'almagest reconcile --repair', 'almagest reconcile 5f0c1234'))
    .action(acting(reconcile));

/** `almagest rebuild-catalogue [ID]`: rebuilds an empty catalogue from the object store alone. */
export const rebuildCommand: CliCommand = (acting) =>
  withClientOptions(
    new Command('rebuild-catalogue')
      .summary('rebuild an empty catalogue from the object store')
      .description(
        'Rebuild an empty catalogue from the manifests in the object store. A catalogue that contains deliveries is not ' +
          `changed. Ends with 1 in that case, or if a manifest cannot be used. Search is then rebuilt by itself. ${FOLLOWED}`,
      )
      .argument('[ID]', 'only show this rebuild: its id, or its first 4 or more characters'),
  )
    .addHelpText('after', examples('almagest rebuild-catalogue'))
    .action(
      acting((context: CliContext, id: string | undefined, options: ClientOptions) =>
        showRun(context, REBUILD, id, options),
      ),
    );

/** `almagest rebuild-search [ID]`: fills the tables of search again. */
export const rebuildSearchCommand: CliCommand = (acting) =>
  withClientOptions(
    new Command('rebuild-search')
      .summary('fill the tables of search again')
      .description(
        'Fill the tables that queries read again from the catalogue, while queries run. If such a rebuild is already ' +
          'running, it is followed. The archive does the work; Ctrl-C only ends the waiting.',
      )
      .argument('[ID]', 'only show this rebuild: its id'),
  )
    .addHelpText('after', examples('almagest rebuild-search'))
    .action(
      acting((context: CliContext, id: string | undefined, options: ClientOptions) => {
        // There is no list in which the beginning of an id could be looked up.
        if (id === undefined || isWholeId(id)) return showRun(context, SEARCH_REBUILD, id, options);
        throw new CliError('cli.usage', `"${id}" is not the whole id of a rebuild of search`);
      }),
    );

async function reconcile(context: CliContext, id: string | undefined, options: ReconcileOptions): Promise<number> {
  if (id !== undefined && options.repair) {
    throw new CliError('cli.usage', '--repair starts a new reconciliation and cannot be combined with an ID');
  }
  return showRun(context, RECONCILIATION, id, options, { repair: options.repair === true });
}
