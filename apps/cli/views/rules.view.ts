import { PROFILE_NAMES, PROFILES, type Rule } from '@almagest/delivery';
import { wrap } from '@almagest/text';
import { table } from '../output/table';
import type { Colours } from '../output/terminal';

/** A table of rules, each with its statement. */
export function rulesList(rules: readonly Rule[], colours: Colours, width: number): string[] {
  const lines = table(
    [{ title: 'CODE' }, { title: 'SEVERITY' }, { title: 'SECTION' }],
    rules.map(({ code, severity, section }) => [code, severity, section]),
  );
  const [head = '', ...rows] = lines;
  return [
    colours.dim(head),
    ...rows.flatMap((row, index) => [
      row,
      ...wrap(rules[index]?.statement ?? '', width - 4).map((line) => `    ${colours.dim(line)}`),
    ]),
  ];
}

/** One rule in full. */
export function ruleView(rule: Rule, colours: Colours, width: number): string[] {
  const weights = [rule.severity, ...relaxations(rule).map(({ severity, profile }) => `${severity} in ${profile}`)];
  const facts: [string, string][] = [
    ['why', rule.reason],
    ['broken by', rule.example],
    ['remedy', rule.remedy],
  ];
  return [
    `${colours.bold(rule.code)} (${rule.section}): ${weights.join(', ')}`,
    ...wrap(rule.statement, width - 2).map((line) => `  ${line}`),
    ...facts.flatMap(([label, text]) =>
      wrap(text, width - 13).map((line, index) => `  ${colours.dim((index === 0 ? label : '').padEnd(11))}${line}`),
    ),
  ];
}

/** The profiles in which a rule has a lower severity. */
export function relaxations({ code }: Rule): { profile: string; severity: Rule['severity'] }[] {
  return PROFILE_NAMES.flatMap((profile) => {
    const severity = PROFILES[profile].relaxed[code];
    return severity === undefined ? [] : [{ profile, severity }];
  });
}
