import type { Inventory } from '../inventory/inventory';
import type { Severity } from '../profile/profile';

/** One place where a delivery breaks a rule. */
export interface Violation {
  /** Path of the file, or name of the part; null when it is about the delivery as a whole. */
  file: string | null;
  message: string;
  expected: string | null;
  found: string | null;
  /** Only where this case weighs less than the rule usually does. */
  severity?: Severity;
}

/** A statement of the document about a delivery, as code. */
export interface Rule {
  code: string;
  severity: Severity;
  /** Section of the document, such as `§4.2`. */
  section: string;
  /** What a delivery has to keep. */
  statement: string;
  /** Why, in one sentence. */
  reason: string;
  /** A delivery that breaks it. */
  example: string;
  /** How to mend it. */
  remedy: string;
  /** It says that something is missing, which cannot be known while parts are missing or broken. */
  needsAllFiles?: true;
  /** What breaks it leaves open what else the delivery holds. */
  hidesFiles?: true;
  /** Yields every violation, lazily: who calls takes as many as it wants. */
  check(inventory: Inventory): Iterable<Violation>;
}

/** The rules of one family, unchangeable. */
export function ruleFamily(rules: Rule[]): readonly Rule[] {
  return Object.freeze(rules);
}
