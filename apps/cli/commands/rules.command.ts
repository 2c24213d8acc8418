import { type Rule, rules as everyRule } from '@almagest/delivery';
import { Command } from 'commander';
import { CliError } from '../cli.error';
import type { CliContext } from '../context';
import { EXIT } from '../exit-code';
import { toJson } from '../output/json';
import { relaxations, rulesList, ruleView } from '../views/rules.view';
import { type CliCommand, examples } from './command';

/** `almagest rules [CODE]`: lists or explains the rules of the delivery standard. */
export const rulesCommand: CliCommand = (acting) =>
  new Command('rules')
    .summary('list or explain the rules of the delivery standard')
    .description('List all rules of the delivery standard or those of a family, or explain one rule. Needs no archive.')
    .argument('[CODE]', 'a rule such as script.pi, or a family such as script')
    .option('--json', 'print only JSON on standard output')
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

/** Returns the error for a name that is neither a rule nor a family, with similar rules. */
export function unknownRule(name: string): CliError {
  const similar = similarRules(name).map(({ code }) => code);
  const hint =
    similar.length > 0 ? `similar rules: ${similar.slice(0, 8).join(', ')}` : `families: ${families().join(', ')}`;
  return new CliError('cli.usage', `"${name}" is not a rule or a family of rules`, { hints: [hint] });
}

function ruleDocument(rule: Rule): unknown {
  const { code, severity, section, statement, reason, example, remedy } = rule;
  return { code, severity, section, statement, reason, example, remedy, relaxed: relaxations(rule) };
}

/** Returns the rule with a code (`script.pi`) or the rules of a family (`script`). */
export function rulesNamed(name: string): readonly Rule[] {
  return everyRule.filter(({ code }) => code === name || familyOf(code) === name);
}

/** `script.pi` -> `script` */
function familyOf(code: string): string {
  return code.split('.')[0] ?? code;
}

/** The families, in the order of the rules. */
function families(): string[] {
  return [...new Set(everyRule.map(({ code }) => familyOf(code)))];
}

/** Rules whose code contains a word of the name, to suggest after a mistyped name. */
function similarRules(name: string): readonly Rule[] {
  const words = name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 2);
  return everyRule.filter(({ code }) => words.some((word) => code.includes(word)));
}
