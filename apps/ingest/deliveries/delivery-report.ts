import { type DeliveryReport, type Finding, ousOf, type Qa2Result, servedBy } from '@almagest/contracts';
import { DeliveryInspection, rules } from '@almagest/delivery';
import { messageOf } from '@almagest/platform';
import { TarError } from '@almagest/tar';
import { SourceError } from '@almagest/sources';
import { PartTooLongError } from '../ingest.error';
import type { PartOrder } from '../parts/part-orders';
import type { TransferredPart } from '../parts/part-transfer';

/** Returns the findings about a part that differs from what was posted for it. */
export function differencesFromPosted({ order, facts }: TransferredPart): Finding[] {
  const found: Finding[] = [];
  if (facts.size !== order.size) found.push(otherSize(order, `${facts.size} bytes`));
  if (order.sha256 !== null && facts.sha256 !== order.sha256) {
    found.push({
      ...partFinding('transfer.sha256', order.name, 'the SHA-256 of the part is not the one that was posted'),
      expected: order.sha256,
      found: facts.sha256,
    });
  }
  return found;
}

/** Returns the finding that rejects a delivery whose parts could not be transferred. */
export function findingOf(error: unknown, attempts: number): Finding {
  if (error instanceof PartTooLongError) return otherSize(error.part, 'more');
  const message = messageOf(error);
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'transfer.failed';
  const { part, expected, found } = detailsOf(error);
  const times = attempts > 1 ? ` (tried ${attempts} times)` : '';
  return {
    ...partFinding(code, part, message),
    expected: expected ?? 'a delivery that can be read completely from the posted location',
    found: `${found ?? message}${times}`,
    remedy: 'Move the delivery to a location that the archive can read, and post it again as a new revision.',
  };
}

/** Returns the report with further findings, each of which rejects the delivery. */
export function withFindings(report: DeliveryReport, findings: readonly Finding[]): DeliveryReport {
  if (findings.length === 0) return report;
  return {
    ...report,
    verdict: 'rejected',
    counts: { ...report.counts, reject: report.counts.reject + findings.length },
    findings: [...findings, ...report.findings],
  };
}

/** Returns the report of a delivery that could not be read. */
export async function emptyReport(result: Qa2Result): Promise<DeliveryReport> {
  const report = await inspectionOf(result).finish();
  const unchecked = rules.map(({ code }) => code);
  return { ...report, findings: [], omitted: [], unchecked, counts: { reject: 0, warn: 0, note: 0 } };
}

/** Begins the inspection of a delivery against what was posted; it contains what was made of all its members' blocks. */
export function inspectionOf(result: Qa2Result): DeliveryInspection {
  const { project, level, scienceGoal, group } = result;
  const ous = ousOf(result);
  const blocks = servedBy(result, ous).flatMap(({ executionBlocks }) => executionBlocks);
  const executionBlocks = blocks.map(({ uid, use, asdm }) => ({ uid, use, asdmBytes: asdm.size }));
  return new DeliveryInspection({
    posted: { project, level, scienceGoal, group: group.uid, ous, executionBlocks },
  });
}

function otherSize({ name, size }: Pick<PartOrder, 'name' | 'size'>, found: string): Finding {
  const message = 'the size of the part is not the one that was posted';
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
    remedy: 'Send the part again as it was hashed, or post its correct size and SHA-256 as a new revision.',
  };
}

/** Returns the details of an error besides its message. */
function detailsOf(error: unknown): { part: string | null; expected: string | null; found: string | null } {
  if (error instanceof SourceError) return error;
  if (error instanceof TarError) return { part: error.path, expected: error.expected, found: error.found };
  return { part: null, expected: null, found: null };
}
