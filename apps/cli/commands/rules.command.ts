import { type Rule, rules as everyRule } from '@almagest/delivery';
import { Command } from 'commander';
import { CliError } from '../cli.error';
import type { CliContext } from '../context';
import { EXIT } from '../exit-code';
import { toJson } from '../output/json';
import { families, rulesLike, rulesNamed } from '../validation/rule-selection';
import { relaxations, rulesList, ruleView } from '../views/rules.view';
import { type CliCommand, examples } from './command';

/** `almagest rules [CODE]`: what the delivery standard asks for. */
export const rulesCommand: CliCommand = (acting) =>
  new Command('rules')
    .summary('list the rules of the delivery standard, or explain one')
    .description('List the rules of the delivery standard; those of a family; or explain one. Needs no archive.')
    .argument('[CODE]', 'a rule such as script.pi, or a family such as script')
    .option('--json', 'print JSON on standard output and nothing else')
    .addHelpText('after', examples('almagest rules', 'almagest rules script', 'almagest rules script.pi'))
    .action(acting(rules));

async function rules({ terminal }: CliContext, name: string | undefined, options: { json?: true }): Promise<number> {
  const { outColours: colours, width } = terminal;
  const chosen = name === undefined ? everyRule : rulesNamed(name);
  if (chosen.length === 0) throw unknownRule(name ?? '');
  const [only] = chosen;
  if (options.json) await terminal.print(toJson({ rules: chosen.map(ruleDocument) }));
  else if (only !== undefined && only.code === name) await terminal.print(...ruleView(only, colours, width));
  else await terminal.print(...rulesList(chosen, colours, width));
  return EXIT.ok;
}

/** The error for a name that is neither a rule nor a family, with what may have been meant. */
export function unknownRule(name: string): CliError {
  const like = rulesLike(name).map(({ code }) => code);
  const hint = like.length > 0 ? `rules like it: ${like.slice(0, 8).join(', ')}` : `families: ${families().join(', ')}`;
  return new CliError('cli.usage', `"${name}" is no rule and no family of rules`, { hints: [hint] });
}

function ruleDocument(rule: Rule): unknown {
  const { code, severity, section, statement, reason, example, remedy } = rule;
  return { code, severity, section, statement, reason, example, remedy, relaxed: relaxations(rule) };
}
