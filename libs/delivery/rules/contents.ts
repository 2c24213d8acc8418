import type { FileContent } from '../content/file-content';
import type { Inventory, InventoryEntry } from '../inventory/inventory';
import type { Violation } from './rule';

/** The files whose content came to the state. */
export function* contentsIn<S extends FileContent['state']>(
  { contents }: Inventory,
  state: S,
): Iterable<[InventoryEntry, Extract<FileContent, { state: S }>]> {
  for (const [file, content] of contents) {
    if (content.state === state) yield [file, content as Extract<FileContent, { state: S }>];
  }
}

/** A violation for each file of the kind that breaks its format. */
export function* unreadableFiles(
  inventory: Inventory,
  kind: FileContent['kind'],
  message: string,
): Iterable<Violation> {
  for (const [file, content] of contentsIn(inventory, 'unreadable')) {
    if (content.kind === kind) yield { file: file.path, message, ...content.problem };
  }
}
