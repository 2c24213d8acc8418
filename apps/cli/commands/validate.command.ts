import { PROFILE_NAMES, type ProfileName, type Rule, rules as everyRule } from '@almagest/delivery';
import { humanSize, printable } from '@almagest/text';
import { Command, Option } from 'commander';
import type { CliContext } from '../context';
import { EXIT } from '../exit-code';
import { toJsonPieces } from '../output/json';
import { deliveryInput } from '../validation/delivery-input';
import { validateDelivery, type ValidationProgress } from '../validation/validate-delivery';
import { validationView } from '../views/validation.view';
import { type CliCommand, examples } from './command';
import { rulesNamed, unknownRule } from './rules.command';

interface ValidateOptions {
  json?: true;
  profile?: ProfileName;
  strict?: true;
  only?: string[];
}

/** `almagest validate PATH...`: checks a delivery against the delivery standard, without an archive. */
export const validateCommand: CliCommand = (acting) =>
  new Command('validate')
    .summary('check a delivery against the delivery standard')
    .description(
      'Check a delivery, either its tar parts or its unpacked tree, against the delivery standard. Needs no archive. ' +
        'Ends with 0 if it passes, 1 if it is rejected, 2 if it cannot be read.',
    )
    .argument('<PATH...>', 'tar parts of one delivery, or the directory of its tree')
    .option('--json', 'print only JSON on standard output (docs/validation.schema.json)')
    .addOption(
      new Option(
        '--profile <NAME>',
        'check by the rules of this era, instead of the era that the files indicate',
      ).choices(PROFILE_NAMES),
    )
    .option('--strict', 'end with 1 for warnings too')
    .option('--only <CODE,...>', 'check only these rules or families; repeatable', codes)
    .addHelpText(
      'after',
      examples(
        'almagest validate 2013.1.09999.S_uid___A001_X1_Xa3_*_of_2.tar',
        'almagest validate --strict 2013.1.09999.S/',
        'almagest validate --only fits,product.primary-beam-shape part.tar',
      ),
    )
    .action(acting(validate));

async function validate(context: CliContext, paths: string[], options: ValidateOptions): Promise<number> {
  const { terminal, interruption } = context;
  const only = options.only === undefined ? null : selected(options.only);
  const input = await deliveryInput(paths);
  const validation = await validateDelivery(
    input,
    { strict: options.strict === true, only, ...(options.profile === undefined ? {} : { profile: options.profile }) },
    progressOn(context),
    interruption.signal,
  );
  terminal.working(null);
  if (options.json) {
    const { inventory, ...document } = validation;
    for (const piece of toJsonPieces(document, 'inventory', inventory)) {
      await terminal.write(piece);
      if (terminal.isUnread) break;
    }
  } else await terminal.print(...validationView(validation, terminal.outColours, terminal.width));
  return validation.accepted ? EXIT.ok : EXIT.refused;
}

function progressOn({ terminal }: CliContext): ValidationProgress {
  let shown = '';
  terminal.working(() => shown);
  return {
    onPart: (name, done, of) => (shown = `reading ${printable(name)}: ${humanSize(done)} of ${humanSize(of)}`),
    onTree: ({ path, files, bytes }) => (shown = `${files} entries, ${humanSize(bytes)} read: ${nameOf(path)}`),
  };
}

/** The last component of a path; the whole path is too long for a progress line. */
function nameOf(path: string): string {
  return printable(path.slice(path.lastIndexOf('/') + 1));
}

function codes(text: string, before: string[] = []): string[] {
  return [...before, ...text.split(',').filter((code) => code !== '')];
}

/** Returns the rules with these codes or in these families, in checking order. */
function selected(names: readonly string[]): readonly Rule[] {
  const chosen = new Set<Rule>();
  for (const name of names) {
    const found = rulesNamed(name);
    if (found.length === 0) throw unknownRule(name);
    for (const rule of found) chosen.add(rule);
  }
  return everyRule.filter((rule) => chosen.has(rule));
}
