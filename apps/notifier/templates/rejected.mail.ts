import type { DataOf, deliveryRejected, Finding } from '@almagest/contracts';
import { count } from '@almagest/text';
import { renderBoth, type RenderedMail } from './render';

type Rejection = DataOf<typeof deliveryRejected>;

const SEVERITY: Record<Finding['severity'], string> = { reject: 'Reject', warn: 'Warning', note: 'Note' };

/** Renders the mail to the submitter of a rejected delivery, with every finding of the report. */
export function renderRejected(rejection: Rejection): RenderedMail {
  const { project, ous, revision, report } = rejection;
  return {
    subject: `ALMA project ${project}: delivery of ${ous} revision ${revision} rejected`,
    ...renderBoth('rejected', {
      project,
      intro: introOf(rejection),
      findings: report.findings.map((finding) => ({
        ...finding,
        severity: SEVERITY[finding.severity],
        facts: factsOf(finding).map(([name, value]) => ({ name, value, label: `${name}:`.padEnd(10) })),
      })),
      omitted: report.omitted.map(({ code, count: more }) => `Not listed: ${count(more, 'more finding')} of ${code}.`),
    }),
  };
}

function introOf({ project, ous, revision, report }: Rejection): string {
  const { reject, warn, note } = report.counts;
  return (
    `Revision ${revision} of ${ous}, project ${project}, does not meet the delivery standard and was rejected. Nothing ` +
    'of it is visible in the archive; earlier deliveries are not affected. The report has ' +
    `${count(reject, 'reason')} to reject, ${count(warn, 'warning')} and ${count(note, 'note')}. Fix every finding ` +
    'marked "Reject" and post the delivery again as a new revision.'
  );
}

function factsOf({ file, expected, found, remedy }: Finding): [string, string][] {
  const all: [string, string | null][] = [
    ['file', file],
    ['expected', expected],
    ['found', found],
    ['remedy', remedy],
  ];
  return all.flatMap(([name, value]) => (value === null ? [] : [[name, value] satisfies [string, string]]));
}
