import type { DifferingValue, Violation } from '@almagest/contracts';
import { clip, padEnd, printable, textWidth } from '@almagest/text';
import { CliError } from '../cli.error';
import type { Colours } from '../output/terminal';
import { messageOf } from '../system-error';

/** Violations that are listed; the archive reports at most 200. */
const LISTED = 50;

/** Formats an error with its details and hints, for standard error. */
export function errorView(error: unknown, colours: Colours, width: number): string[] {
  const [first = '', ...more] = messageOf(error).split('\n').map(printable);
  const { violations = [], differingValues = [], hints = [] } = error instanceof CliError ? error.detail : {};
  return [
    `${colours.red('almagest:')} ${first}`,
    ...more,
    ...violationLines(violations),
    ...differencesView(differingValues, width),
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

/** Formats an error for programs: with `--json` it is printed on standard output. */
export function errorDocument(error: unknown, exitCode: number): unknown {
  const message = messageOf(error);
  if (!(error instanceof CliError)) return { error: { code: 'cli.unexpected', message, exitCode } };
  const { problem, violations, differences, differingValues, hints } = error.detail;
  return { error: { code: error.code, problem, message, violations, differences, differingValues, hints, exitCode } };
}

/** The places at which a posted document differs from the recorded one, with both values. */
function differencesView(differences: readonly DifferingValue[], width: number): string[] {
  const column = Math.max(0, ...differences.map(({ pointer }) => textWidth(printable(pointer))));
  return differences.flatMap(({ pointer, recorded, posted }) => [
    clip(`  ${padEnd(printable(pointer || '/'), column)}  recorded: ${valueText(recorded)}`, width),
    clip(`  ${padEnd('', column)}  posted:   ${valueText(posted)}`, width),
  ]);
}

function valueText(value: unknown): string {
  return value === undefined ? 'nothing' : printable(JSON.stringify(value));
}
