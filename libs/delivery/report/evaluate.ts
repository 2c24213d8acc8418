import type { Inventory } from '../inventory/inventory';
import { excerpt } from '../printable';
import { PROFILES } from '../profile/profile';
import type { Rule, Violation } from '../rules/rule';
import { SEVERITIES, type Severity } from '../rules/severity';
import { type Finding, FINDINGS_PER_RULE, MOST_FINDINGS } from './report';

/** What the rules found: the first findings of each rule, and how many there are in all. */
export interface Evaluation {
  /** The gravest first, then in the order of the rules; no more than a report holds. */
  findings: Finding[];
  omitted: { code: string; count: number }[];
  /** Rules about what is missing that were passed over, because parts are missing or cannot be read. */
  unchecked: string[];
  counts: Record<Severity, number>;
}

/** Runs the rules over the inventory. The profile says which of them weigh less in its era. */
export function evaluate(inventory: Inventory, rules: readonly Rule[]): Evaluation {
  const { relaxed } = PROFILES[inventory.profile.name];
  const evaluation: Evaluation = { findings: [], omitted: [], unchecked: [], counts: { reject: 0, warn: 0, note: 0 } };
  const omitted = new Map<string, number>();
  let isWhole = true;
  for (const rule of rules) {
    if (rule.needsWhole && !isWhole) {
      evaluation.unchecked.push(rule.code);
      continue;
    }
    let found = 0;
    for (const violation of rule.check(inventory)) {
      const severity = lightest(rule.severity, violation.severity, relaxed[rule.code]);
      evaluation.counts[severity]++;
      if (++found <= FINDINGS_PER_RULE) evaluation.findings.push(toFinding(rule, violation, severity));
    }
    if (rule.hidesRest && found > 0) isWhole = false;
    if (found > FINDINGS_PER_RULE) omitted.set(rule.code, found - FINDINGS_PER_RULE);
  }
  evaluation.findings.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  for (const { code } of evaluation.findings.splice(MOST_FINDINGS)) omitted.set(code, (omitted.get(code) ?? 0) + 1);
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
    remedy,
  };
}
