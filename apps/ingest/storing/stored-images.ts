import type { ManifestFile } from '@almagest/contracts';
import { MEASURED_ROLES, type OpenImage } from '@almagest/delivery';
import type { ObjectStore } from '@almagest/object-store';
import { storedContent } from '@almagest/tar';
import type { TakenPart } from './part-intake';
import { memberPath } from './part-reading';

const MEASURED: ReadonlySet<string> = new Set(MEASURED_ROLES);

/** Opens images of parts that are in the store, each by its range of the object; nothing else is read again. */
export function storedImages(store: ObjectStore, parts: readonly TakenPart[], signal: AbortSignal): OpenImage {
  const images = parts.map(({ facts }) => {
    const measured = facts.files.filter(({ role }) => MEASURED.has(role));
    return new Map<string, ManifestFile>(measured.map((file) => [file.path, file]));
  });
  return ({ part, path }) => {
    const [taken, file] = [parts[part], images[part]?.get(memberPath(path))];
    if (taken === undefined || file === undefined) throw new RangeError(`${path} is no image of part ${part}`);
    const { key } = taken.order;
    const [start, end] = [file.offset, file.offset + file.size - 1];
    if (file.segments === null && file.size > 0) return store.scan(key, { range: { start, end }, signal });
    return storedContent(file, { start: 0, end: file.size - 1 }, (range) => store.read(key, { range, signal }));
  };
}
