import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pointer, type Violation } from '@almagest/contracts';

const WITH_SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:/;

type JsonObject = { [name: string]: unknown };

/** A local path in a document, with its JSON pointer. */
export interface LocalPath {
  pointer: string;
  path: string;
}

/**
 * Copies a QA2 result and replaces every location that is a path with a `file://` URL: those of the parts, the tree and
 * the ASDMs. Relative paths are resolved from `directory`. Leaves anything else to the validation of the QA2 result.
 * @returns the copy; `local` lists the parts and the tree that were paths
 */
export function resolveLocations(document: unknown, directory: string): { document: unknown; local: LocalPath[] } {
  if (!isObject(document)) return { document, local: [] };
  const local: LocalPath[] = [];
  const copy = structuredClone(document);
  for (const { holder, path } of holdersOf(copy)) {
    const { location } = holder;
    if (typeof location !== 'string' || location === '' || WITH_SCHEME.test(location)) continue;
    const absolute = resolve(directory, location);
    holder['location'] = pathToFileURL(absolute).href;
    if (path.at(-1) !== 'asdm') local.push({ pointer: pointer([...path, 'location']), path: absolute });
  }
  return { document: copy, local };
}

/** Reports local paths that do not exist; the archive would reject the delivery because of them. */
export async function missingPaths(local: readonly LocalPath[]): Promise<Violation[]> {
  const found: Violation[] = [];
  for (const { pointer: at, path } of local) {
    const exists = await stat(path).then(
      () => true,
      () => false,
    );
    if (!exists) found.push({ pointer: at, message: `${path} does not exist` });
  }
  return found;
}

/** Every object of a QA2 result that may have a `location`, with its path in the document. */
function holdersOf(document: JsonObject): { holder: JsonObject; path: (string | number)[] }[] {
  const { parts, tree, executionBlocks, alsoServes } = document;
  const candidates: [unknown, (string | number)[]][] = [
    ...itemsOf(parts).map((part, index): [unknown, (string | number)[]] => [part, ['parts', index]]),
    [tree, ['tree']],
    ...asdmsOf(executionBlocks, ['executionBlocks']),
    ...itemsOf(alsoServes).flatMap((served, index) =>
      asdmsOf(isObject(served) ? served['executionBlocks'] : undefined, ['alsoServes', index, 'executionBlocks']),
    ),
  ];
  return candidates.flatMap(([holder, path]) => (isObject(holder) ? [{ holder, path }] : []));
}

function asdmsOf(blocks: unknown, at: (string | number)[]): [unknown, (string | number)[]][] {
  return itemsOf(blocks).map((block, index) => [isObject(block) ? block['asdm'] : undefined, [...at, index, 'asdm']]);
}

function itemsOf(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
