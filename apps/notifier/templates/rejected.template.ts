import type { DataOf, deliveryRejected, Finding } from '@almagest/contracts';
import { CODE, HEADING, page, type RenderedMail, section, wrap } from './layout';
import { html, type Markup } from './markup';

type Rejection = DataOf<typeof deliveryRejected>;

/** The mail that tells the submitter of a delivery why it was refused: every finding of the report. */
export function renderRejected(rejection: Rejection): RenderedMail {
  const { project, ous, revision } = rejection;
  return {
    subject: `ALMA project ${project}: delivery of ${ous} revision ${revision} refused`,
    text: renderText(rejection),
    html: renderHtml(rejection).toString(),
  };
}

const SEVERITY: Record<Finding['severity'], string> = { reject: 'Refused', warn: 'Warning', note: 'Note' };

function intro({ project, ous, revision, report }: Rejection): string {
  const { reject, warn, note } = report.counts;
  return (
    `Revision ${revision} of ${ous}, project ${project}, does not keep the delivery standard and was refused. Nothing of ` +
    `it is visible in the archive; what was delivered before stays. The report has ${reject} reasons to refuse, ` +
    `${warn} warnings and ${note} notes. Mend what is refused and post the delivery again as a new revision.`
  );
}

function facts({ file, expected, found, remedy }: Finding): [string, string][] {
  const all: [string, string | null][] = [
    ['file', file],
    ['expected', expected],
    ['found', found],
    ['to mend', remedy],
  ];
  return all.flatMap(([label, value]) => (value === null ? [] : ([[label, value]] satisfies [string, string][])));
}

function omittedLines({ report }: Rejection): string[] {
  return report.omitted.map(({ code, count }) => `${count} more findings of ${code} are not listed.`);
}

function renderText(rejection: Rejection): string {
  const findings = rejection.report.findings.map((finding) => {
    const lines = facts(finding).map(([label, value]) => `  ${`${label}:`.padEnd(10)}${value}`);
    return [
      `${SEVERITY[finding.severity]}: ${finding.code} (${finding.section})`,
      wrap(finding.message, '  '),
      ...lines,
    ].join('\n');
  });
  return `${[wrap(intro(rejection)), section('FINDINGS', [...findings, ...omittedLines(rejection)].join('\n\n'))].join(
    '\n\n',
  )}\n`;
}

function renderHtml(rejection: Rejection): Markup {
  return page(
    `ALMA project ${rejection.project}`,
    html`<p>${intro(rejection)}</p>
      <h2 style="${HEADING}">Findings</h2>
      ${rejection.report.findings.map(
        (finding) =>
          html`<p style="margin:0 0 4px">
              <strong>${SEVERITY[finding.severity]}: ${finding.code}</strong>
              (${finding.section})<br />${finding.message}
            </p>
            <table role="presentation" style="border-collapse:collapse;margin:0 0 16px">
              ${facts(finding).map(
                ([label, value]) =>
                  html`<tr>
                    <td style="padding:0 16px 0 0;color:#5a6b7b;vertical-align:top">${label}</td>
                    <td style="${CODE}">${value}</td>
                  </tr>`,
              )}
            </table>`,
      )}
      ${omittedLines(rejection).map((line) => html`<p>${line}</p>`)}`,
  );
}
