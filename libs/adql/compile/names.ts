import { Identifier } from '../grammar/ast';

/** §2.1.6: without quotes, case does not matter. */
export function isNamed(identifier: Identifier, name: string): boolean {
  return identifier.delimited ? identifier.name === name : identifier.name.toLowerCase() === name.toLowerCase();
}

/** Returns whether a path names a table: its last parts, from the innermost outwards. */
export function pathMatches(path: readonly Identifier[], name: readonly string[]): boolean {
  return (
    path.length <= name.length &&
    path.every((part, index) => isNamed(part, name[name.length - path.length + index] ?? ''))
  );
}

export function pathText(path: readonly Identifier[]): string {
  return path.map(({ name }) => name).join('.');
}

const LONGEST = 64;

/** Returns the candidate with the fewest typing errors; undefined if all have too many. */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = name.slice(0, LONGEST).toLowerCase();
  let best: string | undefined;
  let fewest = Math.max(2, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    const errors = distance(wanted, candidate.slice(0, LONGEST).toLowerCase());
    if (errors < fewest) [best, fewest] = [candidate, errors];
  }
  return best;
}

/** Levenshtein's distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
