import type { DeliveryReport, Finding } from '@almagest/contracts';
import { count, humanSize, printable, wrap } from '@almagest/text';
import { table } from '../output/table';
import type { Colours } from '../output/terminal';

const SEVERITIES: readonly Finding['severity'][] = ['reject', 'warn', 'note'];

const MODES: Record<DeliveryReport['mode'], string> = {
  analyst: 'calibrated by an analyst',
  pipeline: 'calibrated by the pipeline',
  combination: 'combined imaging of a group',
};

/** A report of the delivery standard, with every finding in full. */
export function reportView(report: DeliveryReport, colours: Colours, width: number): string[] {
  return [
    verdictLine(report, colours),
    ...SEVERITIES.flatMap((severity) =>
      report.findings
        .filter((finding) => finding.severity === severity)
        .flatMap((finding) => ['', ...findingView(finding, colours, width)]),
    ),
    ...report.omitted.map(
      ({ code, count: more }) => `\nNot listed: ${count(more, 'more finding')} of ${printable(code)}.`,
    ),
    ...uncheckedLines(report, width).flatMap((line, index) => (index === 0 ? ['', line] : [line])),
  ];
}

/** Says how many rules were not checked, if any. */
export function uncheckedLines({ unchecked }: DeliveryReport, width: number): string[] {
  if (unchecked.length === 0) return [];
  const rules = count(unchecked.length, 'rule');
  return wrap(`Not checked: ${rules} about missing files. Parts are missing or cannot be read.`, width);
}

/** The verdict in one line. */
export function verdictLine({ verdict, profile, counts }: DeliveryReport, colours: Colours): string {
  const word = verdict === 'pass' ? colours.green('pass') : colours.red('rejected');
  const found = [
    ...(counts.reject > 0 ? [count(counts.reject, 'reason') + ' to reject'] : []),
    count(counts.warn, 'warning'),
    count(counts.note, 'note'),
  ];
  return `Delivery standard (${profile.name}): ${word}, ${found.join(', ')}`;
}

/** How the delivery was calibrated (§1), as its files show. */
export function modeText(mode: DeliveryReport['mode']): string {
  return MODES[mode];
}

/** The seven items of §3 with their files. */
export function itemLines({ items }: DeliveryReport): string[] {
  const rows = items.map(({ item, title, files, bytes }) => [
    `${item}`,
    printable(title),
    files === 0 ? '-' : count(files, 'file'),
    files === 0 ? '' : humanSize(bytes),
  ]);
  const [, ...lines] = table(
    [{ title: '' }, { title: '' }, { title: '', align: 'right' }, { title: '', align: 'right' }],
    rows,
  );
  return lines;
}

/** One finding in full: message, section, file, expected and found values, and remedy. */
export function findingView(finding: Finding, colours: Colours, width: number): string[] {
  const { code, section, message, file, expected, found, remedy } = finding;
  const facts: [string, string | null][] = [
    ['file', file],
    ['expected', expected],
    ['found', found],
    ['remedy', remedy],
  ];
  return [
    `${severityText(finding.severity, colours)} ${colours.bold(printable(code))} (${printable(section)})`,
    ...wrap(printable(message), width - 2).map((line) => `  ${line}`),
    ...facts.flatMap(([label, text]) => (text === null ? [] : labelled(label, printable(text), colours, width))),
  ];
}

/** A finding in one or two lines. */
export function findingLines({ severity, code, message }: Finding, colours: Colours, width: number): string[] {
  const [first = '', ...rest] = wrap(`${printable(code)}: ${printable(message)}`, width - 7);
  return [`${severityText(severity, colours)} ${first}`, ...rest.map((line) => `       ${line}`)];
}

function severityText(severity: Finding['severity'], colours: Colours): string {
  const paint = { reject: colours.red, warn: colours.yellow, note: colours.cyan }[severity];
  return paint(severity.padEnd(6));
}

function labelled(label: string, text: string, colours: Colours, width: number): string[] {
  return wrap(text, width - 12).map((line, index) => `  ${colours.dim((index === 0 ? label : '').padEnd(10))}${line}`);
}
