import { PROFILE_NAMES, PROFILES } from '../profile/profile';
import type { Rule } from './rule';

/** Returns the rules as a Markdown page: a table of all codes, then each rule with its reason, example and remedy. */
export function rulesMarkdown(rules: readonly Rule[]): string {
  const overview = rules.map(({ code, severity, section, statement }) =>
    row(`[\`${code}\`](#${anchor(code)})`, severity, section, statement),
  );
  return [
    '# Rules of the delivery standard',
    '',
    'Sections (§) are those of the [governing document](standard/README.md). A `reject` rejects the delivery, a `warn` needs',
    'a look, a `note` is for information only. A profile is an era with its own names and exceptions; `almagest validate`',
    'recognises it from the files, or takes `--profile`.',
    '',
    row('code', 'severity', 'section', 'statement'),
    row('---', '---', '---', '---'),
    ...overview,
    ...rules.flatMap(details),
    '',
  ].join('\n');
}

function details(rule: Rule): string[] {
  const relaxed = PROFILE_NAMES.flatMap((name) => {
    const severity = PROFILES[name].relaxed[rule.code];
    return severity === undefined ? [] : [`${severity} in profile \`${name}\``];
  });
  return [
    '',
    `## ${rule.code}`,
    '',
    `${rule.statement} (${rule.section}; ${[rule.severity, ...relaxed].join(', ')})`,
    ...(rule.needsAllFiles ? ['', 'Not checked while parts are missing or cannot be read.'] : []),
    '',
    `- Why: ${rule.reason}`,
    `- Broken by: ${rule.example}`,
    `- Remedy: ${rule.remedy}`,
  ];
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** Returns the anchor that GitHub gives a heading. */
function anchor(heading: string): string {
  return heading.replaceAll('.', '');
}
