import type { DeliveryReport, Finding } from '@almagest/contracts';
import { messageOf } from '@almagest/platform';
import { TarError } from '@almagest/tar';
import { SourceError } from '@almagest/sources';
import type { TakenPart } from './part-intake';
import { PartTooLongError } from '../ingest.error';
import type { PartOrder } from './part-order';

/** Where a part differs from what was posted for it. */
export function notAsPosted({ order, facts }: TakenPart): Finding[] {
  const found: Finding[] = [];
  if (facts.size !== order.size) found.push(otherSize(order, `${facts.size} bytes`));
  if (order.sha256 !== null && facts.sha256 !== order.sha256) {
    found.push({
      ...partFinding('transfer.sha256', order.name, 'The part is not the file whose digest was posted.'),
      expected: order.sha256,
      found: facts.sha256,
    });
  }
  return found;
}

/** Why a delivery is refused that could not be read to its end. */
export function refusalOf(error: unknown, attempts: number): Finding {
  if (error instanceof PartTooLongError) return otherSize(error.part, 'more');
  const message = messageOf(error);
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'transfer.failed';
  const { part, expected, found } = detailsOf(error);
  const times = attempts > 1 ? ` (tried ${attempts} times)` : '';
  return {
    ...partFinding(code, part, message),
    expected: expected ?? 'a delivery that can be read whole from where it was posted',
    found: `${found ?? message}${times}`,
    remedy: 'Put the delivery where the archive can read it, and post it again as a new revision.',
  };
}

/** A report that also holds the archive's own findings; any of them is a refusal. */
export function withFindings(report: DeliveryReport, findings: readonly Finding[]): DeliveryReport {
  if (findings.length === 0) return report;
  return {
    ...report,
    verdict: 'rejected',
    counts: { ...report.counts, reject: report.counts.reject + findings.length },
    findings: [...findings, ...report.findings],
  };
}

function otherSize({ name, size }: Pick<PartOrder, 'name' | 'size'>, found: string): Finding {
  const message = 'The part has not the size that was posted.';
  return { ...partFinding('transfer.size', name, message), expected: `${size} bytes`, found };
}

function partFinding(code: string, file: string | null, message: string): Finding {
  return {
    code,
    severity: 'reject',
    section: '§2',
    file,
    message,
    expected: null,
    found: null,
    remedy: 'Send the part again as it was hashed, or post its right size and SHA-256 as a new revision.',
  };
}

/** What an error says beside its message. */
function detailsOf(error: unknown): { part: string | null; expected: string | null; found: string | null } {
  if (error instanceof SourceError) return error;
  if (error instanceof TarError) return { part: error.path, expected: error.expected, found: error.found };
  return { part: null, expected: null, found: null };
}
