import { toFileForm, type Uid } from '@almagest/ous';
import type { ContentKind } from '../content/file-content';
import { filesWithRole, type Inventory } from '../inventory/inventory';
import type { Item, Role } from '../naming/role';
import type { Violation } from './rule';

/** True when the item has files at all; rules about single files of an item that is missing whole stay silent. */
export function hasItem({ items }: Inventory, item: Item): boolean {
  return items.has(item);
}

/** A violation when no file has one of the roles. */
export function* missing(
  inventory: Inventory,
  roles: readonly Role[],
  expected: string,
  message: string,
): Iterable<Violation> {
  if (filesWithRole(inventory, ...roles).length > 0) return;
  yield { file: null, message, expected, found: null };
}

/** The used execution blocks that no file with one of the roles bears. */
export function blocksWithout(inventory: Inventory, ...roles: readonly Role[]): Uid[] {
  const named = new Set(filesWithRole(inventory, ...roles).map((file) => file.executionBlock));
  return inventory.executionBlocks.filter((uid) => !named.has(uid));
}

/** A violation for each used execution block without a file of the roles. */
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
