import type { Violation } from '@almagest/contracts';
import { padEnd, printable, textWidth } from '@almagest/text';
import { CliError } from '../cli.error';
import type { Colours } from '../output/terminal';
import { messageOf } from '../system-error';
import { differencesView } from './differences.view';

/** Violations are listed up to this many; the archive itself names 200 at most. */
const LISTED = 50;

/** What went wrong and what can be done about it, for standard error. */
export function errorView(error: unknown, colours: Colours, width: number): string[] {
  const [first = '', ...more] = messageOf(error).split('\n').map(printable);
  const { violations = [], differences = [], posted, hints = [] } = error instanceof CliError ? error.detail : {};
  return [
    `${colours.red('almagest:')} ${first}`,
    ...more,
    ...violationLines(violations),
    ...differencesView(differences, posted, width),
    ...hints.map((hint) => `  ${printable(hint)}`),
  ];
}

function violationLines(violations: readonly Violation[]): string[] {
  const listed = violations
    .slice(0, LISTED)
    .map(({ pointer, message }) => [printable(pointer) || '/', message] as const);
  const width = Math.max(0, ...listed.map(([pointer]) => textWidth(pointer)));
  return [
    ...listed.map(([pointer, message]) => `  ${padEnd(pointer, width)}  ${printable(message)}`),
    ...(violations.length > LISTED ? [`  and ${violations.length - LISTED} more`] : []),
  ];
}

/** The same for programs: what `--json` prints on standard output instead of an answer. */
export function errorDocument(error: unknown, exitCode: number): unknown {
  const message = messageOf(error);
  if (!(error instanceof CliError)) return { error: { code: 'cli.unexpected', message, exitCode } };
  const { problem, violations, differences, hints } = error.detail;
  return { error: { code: error.code, problem, message, violations, differences, hints, exitCode } };
}
