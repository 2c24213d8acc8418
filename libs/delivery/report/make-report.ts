import { setImmediate as turn } from 'node:timers/promises';
import type { Inventory } from '../inventory/inventory';
import { type Item, ITEM_NUMBERS, ITEMS } from '../naming/role';
import { excerpt } from '../printable';
import { PROFILES, SEVERITIES, type Severity } from '../profile/profile';
import type { Rule, Violation } from '../rules/rule';
import { makeFacts } from './make-facts';
import { type DeliveryReport, type Finding, FINDINGS_PER_RULE, MAX_FINDINGS } from './report';

/** Milliseconds of one rule after which other work of the process continues. */
const TURN_MS = 20;

/**
 * Makes the report of a delivery by the given rules; the verdict is `pass` when no finding is a `reject`. Rules
 * about some hundred thousand entries take a while: other work of the process continues in between.
 */
export async function makeReport(inventory: Inventory, rules: readonly Rule[]): Promise<DeliveryReport> {
  const { findings, omitted, unchecked, counts } = await evaluate(inventory, rules);
  const { name, chosen, reasons } = inventory.profile;
  return {
    version: 1,
    verdict: counts.reject > 0 ? 'rejected' : 'pass',
    level: inventory.identity.level,
    mode: inventory.mode,
    profile: { name, chosen, reasons: [...reasons] },
    counts,
    findings,
    omitted,
    unchecked,
    items: ITEM_NUMBERS.map((item) => ({ item, title: ITEMS[item].title, ...countsOf(inventory, item) })),
    files: inventory.files.length,
    bytes: inventory.bytes,
    facts: makeFacts(inventory),
  };
}

function countsOf({ files }: Inventory, item: Item): { files: number; bytes: number } {
  const ofItem = files.filter((file) => file.item === item);
  return { files: ofItem.length, bytes: ofItem.reduce((sum, { size }) => sum + size, 0) };
}

/** What the rules found: the first findings of each rule, and the total numbers. */
export interface Evaluation {
  /** Most severe first, then in the order of the rules; at most as many as a report lists. */
  findings: Finding[];
  omitted: { code: string; count: number }[];
  /** Rules about missing files that were skipped because parts are missing or cannot be read. */
  unchecked: string[];
  counts: Record<Severity, number>;
}

/** Checks the inventory against the rules. The profile says which of them are less severe in its era. */
export async function evaluate(inventory: Inventory, rules: readonly Rule[]): Promise<Evaluation> {
  const { relaxed } = PROFILES[inventory.profile.name];
  const evaluation: Evaluation = { findings: [], omitted: [], unchecked: [], counts: { reject: 0, warn: 0, note: 0 } };
  const omitted = new Map<string, number>();
  let allFilesKnown = true;
  for (const rule of rules) {
    if (rule.needsAllFiles && !allFilesKnown) {
      evaluation.unchecked.push(rule.code);
      continue;
    }
    let found = 0;
    let begun = performance.now();
    await turn();
    for (const violation of rule.check(inventory)) {
      if (performance.now() - begun > TURN_MS) {
        await turn();
        begun = performance.now();
      }
      if (violation === null) continue;
      const severity = lightest(rule.severity, violation.severity, relaxed[rule.code]);
      evaluation.counts[severity]++;
      if (violation.hidesFiles) allFilesKnown = false;
      if (++found <= FINDINGS_PER_RULE) evaluation.findings.push(toFinding(rule, violation, severity));
    }
    if (rule.hidesFiles && found > 0) allFilesKnown = false;
    if (found > FINDINGS_PER_RULE) omitted.set(rule.code, found - FINDINGS_PER_RULE);
  }
  evaluation.findings.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  for (const { code } of evaluation.findings.splice(MAX_FINDINGS)) omitted.set(code, (omitted.get(code) ?? 0) + 1);
  evaluation.omitted = [...omitted].map(([code, count]) => ({ code, count }));
  return evaluation;
}

function lightest(...severities: readonly (Severity | undefined)[]): Severity {
  const given = severities.filter((severity) => severity !== undefined);
  return SEVERITIES[Math.max(...given.map((severity) => SEVERITIES.indexOf(severity)))] ?? 'reject';
}

function toFinding({ code, section, remedy }: Rule, violation: Violation, severity: Severity): Finding {
  const text = (value: string | null): string | null => (value === null ? null : excerpt(value));
  return {
    code,
    severity,
    section,
    file: text(violation.file),
    message: excerpt(violation.message),
    expected: text(violation.expected),
    found: text(violation.found),
    remedy: violation.remedy ?? remedy,
  };
}
