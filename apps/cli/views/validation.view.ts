import type { Finding } from '@almagest/contracts';
import type { Claim, MeasuredImage } from '@almagest/delivery';
import { count, humanSize, printable, wrap } from '@almagest/text';
import { facts } from '../output/table';
import type { Colours } from '../output/terminal';
import type { Validation } from '../validation/validation-document';
import { findingView, itemLines, modeText, uncheckedLines, verdictLine } from './report.view';

const HEADINGS: readonly (readonly [Finding['severity'], string])[] = [
  ['reject', 'Reasons to reject'],
  ['warn', 'Warnings'],
  ['note', 'Notes'],
];

/** A validation: findings by severity and file, the seven items, and what the files state. */
export function validationView(validation: Validation, colours: Colours, width: number): string[] {
  const { level, mode, profile, only, strict, counts } = validation;
  const code = validation.facts.readme?.projectCode ?? null;
  const project = code === null ? '' : ` of project ${printable(code)}`;
  const refusedByWarnings = strict && validation.verdict === 'pass' && counts.warn > 0;
  return [
    ...HEADINGS.flatMap(([severity, heading]) => severityView(validation, severity, heading, colours, width)),
    ...validation.omitted.map(
      ({ code, count: more }) => `Not listed: ${count(more, 'more finding')} of ${printable(code)}.`,
    ),
    ...section(
      'Items (§3)',
      itemLines(validation).map((line) => `  ${line}`),
      colours,
    ),
    ...section('Images and the README (§4.1, §4.3)', claimLines(validation, width), colours),
    ...section('Facts', factLines(validation, colours), colours),
    `${level === 'group' ? 'GroupOUS' : 'MemberOUS'}${project}, ${modeText(mode)}`,
    ...(profile.reasons.length === 0
      ? []
      : wrap(`Profile, chosen from the files: ${profile.reasons.map(printable).join('; ')}`, width)),
    ...uncheckedLines(validation, width),
    ...(only === null ? [] : wrap(`Only checked: ${listed(only)}`, width)),
    verdictLine(validation, colours),
    ...(refusedByWarnings ? [colours.red('Not accepted: --strict allows no warnings')] : []),
  ];
}

function section(heading: string, lines: readonly string[], colours: Colours): string[] {
  return lines.length === 0 ? [] : [colours.bold(heading), ...lines, ''];
}

/** The findings of one severity, file by file in the order of the report. */
function severityView(
  { findings, counts }: Validation,
  severity: Finding['severity'],
  heading: string,
  colours: Colours,
  width: number,
): string[] {
  const byFile = new Map<string | null, Finding[]>();
  for (const finding of findings.filter((each) => each.severity === severity)) {
    byFile.set(finding.file, [...(byFile.get(finding.file) ?? []), finding]);
  }
  if (byFile.size === 0) return [];
  return [
    colours.bold(`${heading} (${counts[severity]})`),
    '',
    ...[...byFile].flatMap(([file, ofFile]) => [
      colours.bold(file === null ? 'The delivery as a whole' : printable(file)),
      ...ofFile.flatMap((finding) =>
        findingView({ ...finding, file: null }, colours, width - 2).map((line) => `  ${line}`),
      ),
      '',
    ]),
  ];
}

/** Each statement of the README with the image that fits best, then the other images. */
function claimLines({ facts: { claims, readme, measurements } }: Validation, width: number): string[] {
  const claimed = new Set(claims.map(({ nearest }) => nearest?.file));
  const lines = [
    ...(readme !== null && claims.length === 0 && measurements.length > 0
      ? ['The README states neither beam nor noise.']
      : []),
    ...claims.flatMap((claim) => claimView(claim, measurements)),
    ...measurements.filter(({ file }) => !claimed.has(file)).map((image) => measuredText(image)),
  ];
  return lines.flatMap((line) => wrap(line, width - 4).map((text, index) => `${index === 0 ? '  ' : '    '}${text}`));
}

function claimView({ about, beam, noise, nearest }: Claim, measurements: readonly MeasuredImage[]): string[] {
  const stated = [
    ...(beam === null ? [] : [beamText(beam)]),
    ...(noise === null ? [] : [noiseText(noise.janskyPerBeam, 'Jy/beam')]),
  ].join(', ');
  const of = about === null ? '' : ` (${printable(about)})`;
  const image = measurements.find(({ file }) => file === nearest?.file);
  if (nearest === null || image === undefined) return [`README${of}: ${stated}; no image to compare it with`];
  const differing = [
    ...(nearest.beamAgrees === false ? ['the beam'] : []),
    ...(nearest.noiseAgrees === false ? ['the noise'] : []),
  ];
  const agreement = differing.length === 0 ? 'agrees with' : `differs in ${differing.join(' and ')} from`;
  return [`README${of}: ${stated}; ${agreement} ${measuredText(image)}`];
}

function measuredText({ file, result, problem }: MeasuredImage): string {
  const name = printable(file.slice(file.lastIndexOf('/') + 1));
  if (result === null) return `${name}: cannot be measured: ${printable(problem ?? '')}`;
  const { unit, beam, noise } = result;
  const measured = [
    ...(beam === null ? [] : [beamText(beam)]),
    ...noise.map(({ stokes, sigma }) => {
      const of = noise.length > 1 && stokes !== null ? ` in Stokes ${printable(stokes)}` : '';
      return `${noiseText(sigma, unit)}${of}`;
    }),
  ];
  return `${name}: ${measured.length === 0 ? 'nothing could be measured' : measured.join(', ')}`;
}

function beamText({ majorArcsec, minorArcsec }: { majorArcsec: number; minorArcsec: number }): string {
  return `beam ${majorArcsec.toPrecision(3)}" x ${minorArcsec.toPrecision(3)}"`;
}

/** `2.1e-4 Jy/beam` -> `noise 0.210 mJy/beam` */
function noiseText(sigma: number, unit: string | null): string {
  const milli = unit !== null && /^jy\/beam$/i.test(unit);
  return `noise ${(milli ? sigma * 1e3 : sigma).toPrecision(3)} ${milli ? 'mJy/beam' : printable(unit ?? '')}`.trimEnd();
}

function factLines({ facts: found, files, bytes, parts }: Validation, colours: Colours): string[] {
  const { executionBlocks, images, disk } = found;
  const imageCount = images.length + found.omitted.images;
  const lines: [string, string][] = [
    ['contents', `${count(files, 'file')}, ${humanSize(bytes)}; ${count(imageCount, 'FITS image')}`],
    ...(executionBlocks.length === 0 ? [] : [['execution blocks', listed(executionBlocks)] as [string, string]]),
    ...(disk?.levels ?? []).map(({ spaceSaving, bytes: need }): [string, string] => [
      `disk, SPACESAVING=${spaceSaving}`,
      humanSize(need),
    ]),
    ...parts.map(({ name, sha256 }): [string, string] => ['part', `${printable(name)}  ${sha256 ?? 'broken'}`]),
  ];
  return facts(lines, colours);
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 8).map(printable).join(', ');
  return names.length > 8 ? `${shown} and ${names.length - 8} more` : shown;
}
