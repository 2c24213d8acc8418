import type { DataOf, deliveryRejected, Finding } from '@almagest/contracts';
import type { RenderedMail } from './layout';
import { renderBoth } from './render';

type Rejection = DataOf<typeof deliveryRejected>;

const SEVERITY: Record<Finding['severity'], string> = { reject: 'Refused', warn: 'Warning', note: 'Note' };

/** The mail that tells the submitter of a delivery why it was refused: every finding of the report. */
export function renderRejected(rejection: Rejection): RenderedMail {
  const { project, ous, revision, report } = rejection;
  return {
    subject: `ALMA project ${project}: delivery of ${ous} revision ${revision} refused`,
    ...renderBoth('rejected', {
      project,
      intro: introOf(rejection),
      findings: report.findings.map((finding) => ({
        ...finding,
        severity: SEVERITY[finding.severity],
        facts: factsOf(finding).map(([name, value]) => ({ name, value, label: `${name}:`.padEnd(10) })),
      })),
      omitted: report.omitted.map(({ code, count }) => `${count} more findings of ${code} are not listed.`),
    }),
  };
}

function introOf({ project, ous, revision, report }: Rejection): string {
  const { reject, warn, note } = report.counts;
  return (
    `Revision ${revision} of ${ous}, project ${project}, does not keep the delivery standard and was refused. Nothing of ` +
    `it is visible in the archive; what was delivered before stays. The report has ${reject} reasons to refuse, ` +
    `${warn} warnings and ${note} notes. Mend what is refused and post the delivery again as a new revision.`
  );
}

function factsOf({ file, expected, found, remedy }: Finding): [string, string][] {
  const all: [string, string | null][] = [
    ['file', file],
    ['expected', expected],
    ['found', found],
    ['to mend', remedy],
  ];
  return all.flatMap(([name, value]) => (value === null ? [] : [[name, value] satisfies [string, string]]));
}
