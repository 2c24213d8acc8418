import { toFileForm, type Uid } from '@almagest/ous';
import type { ContentKind } from '../content/file-content';
import { filesWithRole, type Inventory } from '../inventory/inventory';
import type { Item, Role } from '../naming/role';
import type { Violation } from './rule';

/** Returns true when the item has any files. Rules about single files are silent when their whole item is missing. */
export function hasItem({ items }: Inventory, item: Item): boolean {
  return items.has(item);
}

/** Yields a violation when no file has one of the roles. */
export function* missing(
  inventory: Inventory,
  roles: readonly Role[],
  expected: string,
  message: string,
): Iterable<Violation> {
  if (filesWithRole(inventory, ...roles).length > 0) return;
  yield { file: null, message, expected, found: null };
}

/** Returns the used execution blocks for which no file has one of the roles. */
export function blocksWithout(inventory: Inventory, ...roles: readonly Role[]): Uid[] {
  const named = new Set(filesWithRole(inventory, ...roles).map((file) => file.executionBlock));
  return inventory.executionBlocks.filter((uid) => !named.has(uid));
}

/** Yields a violation for each used execution block without a file that has one of the roles. */
export function* missingPerBlock(
  inventory: Inventory,
  roles: readonly Role[],
  expected: (block: string) => string,
  what: string,
): Iterable<Violation> {
  for (const uid of blocksWithout(inventory, ...roles)) {
    yield {
      file: null,
      message: `execution block ${uid} has no ${what}`,
      expected: expected(toFileForm(uid)),
      found: null,
    };
  }
}

/** Yields a violation for each file of the kind that could not be read. */
export function* unreadableFiles({ contents }: Inventory, kind: ContentKind, message: string): Iterable<Violation> {
  for (const [{ path }, content] of contents) {
    if (content.state === 'unreadable' && content.kind === kind) yield { file: path, message, ...content.problem };
  }
}

/** Returns true when every inspected file whose content was received was read to its end. */
export function isAllRead({ contents }: Inventory): boolean {
  return [...contents.values()].every(({ state }) => state === 'read');
}
