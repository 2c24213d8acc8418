import type { ContentKind } from '../content/file-content';
import type { Inventory } from '../inventory/inventory';
import type { Violation } from './rule';

/** A violation for each file of the kind that breaks its format. */
export function* unreadableFiles({ contents }: Inventory, kind: ContentKind, message: string): Iterable<Violation> {
  for (const [{ path }, content] of contents) {
    if (content.state === 'unreadable' && content.kind === kind) yield { file: path, message, ...content.problem };
  }
}

/** True when every file that is looked into, and whose content came, was read to its end. */
export function isAllRead({ contents }: Inventory): boolean {
  return [...contents.values()].every(({ state }) => state === 'read');
}
