import type { Inventory } from '../inventory/inventory';
import type { Severity } from '../profile/profile';

/** One place where a delivery breaks a rule. */
export interface Violation {
  /** Path of the file, or name of the part; null when the violation is about the whole delivery. */
  file: string | null;
  message: string;
  expected: string | null;
  found: string | null;
  /** Set only where this case is less severe than the rule. */
  severity?: Severity;
  /** Set only where this case has another remedy than the rule. */
  remedy?: string;
  /** True when this case means that not all files of the delivery are known, although others of the rule do not. */
  hidesFiles?: true;
}

/** A requirement of the document, as code. */
export interface Rule {
  code: string;
  severity: Severity;
  /** Section of the document, such as `§4.2`. */
  section: string;
  /** The requirement. */
  statement: string;
  /** Why, in one sentence. */
  reason: string;
  /** A delivery that breaks the rule. */
  example: string;
  /** How to fix the delivery. */
  remedy: string;
  /** True when the rule reports missing files: it is not checked while parts are missing or unreadable. */
  needsAllFiles?: true;
  /** True when a violation means that not all files of the delivery are known. */
  hidesFiles?: true;
  /**
   * Yields every violation, lazily: the caller decides how many to read. A null in between is a good moment to pause, in
   * rules that compare some hundred thousand entries.
   */
  check(inventory: Inventory): Iterable<Violation | null>;
}

/** Entries that a rule compares before it offers a pause. */
const ENTRIES_AT_ONCE = 2_000;

/** Yields the entries of a delivery, and a null now and then, for the rule to pass on. */
export function* withPauses<T>(entries: readonly T[]): Iterable<T | null> {
  for (const [index, entry] of entries.entries()) {
    if (index % ENTRIES_AT_ONCE === ENTRIES_AT_ONCE - 1) yield null;
    yield entry;
  }
}

/** Returns the rules of one family, frozen. */
export function ruleFamily(rules: Rule[]): readonly Rule[] {
  return Object.freeze(rules);
}
