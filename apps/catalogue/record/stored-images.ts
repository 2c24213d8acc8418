import { buffer } from 'node:stream/consumers';
import type { ImageRecord, ManifestFile } from '@almagest/contracts';
import { type BesidesHeader, classify, makeImageRecord } from '@almagest/delivery';
import { FitsError, gzippedImageFacts, type ImageFacts, storedImageFacts } from '@almagest/fits';
import { type ObjectStore, ObjectStoreError } from '@almagest/object-store';
import { storedContent } from '@almagest/tar';

/** Images whose headers are read at the same time. */
const AT_ONCE = 8;
const IMAGE_ROLE = /^(?:image|calibrator)(?:\.|$)/;
const IMAGE_NAME = /\.fits(?:\.gz)?$/;

/** A file of a part, and the key of that part in the object store. */
export type StoredFile = Pick<ManifestFile, 'path' | 'offset' | 'size' | 'role' | 'segments'> & { partKey: string };

/**
 * Returns what the images among the files show, null for other files, from their headers, which it reads from the store by
 * range: manifests of version 1 do not say it. The pixels are not read, so the region is the outline of the image, and
 * the noise is what `noiseOf` knows. Null, too, for an image that is missing in the store or unreadable.
 * @throws ObjectStoreError when the store fails
 */
export async function readStoredImages(
  store: ObjectStore,
  files: readonly StoredFile[],
  noiseOf: (path: string) => BesidesHeader['noise'],
): Promise<(ImageRecord | null)[]> {
  const images: (ImageRecord | null)[] = [];
  for (let at = 0; at < files.length; at += AT_ONCE) {
    images.push(...(await Promise.all(files.slice(at, at + AT_ONCE).map((file) => readImage(store, file, noiseOf)))));
  }
  return images;
}

async function readImage(
  store: ObjectStore,
  file: StoredFile,
  noiseOf: (path: string) => BesidesHeader['noise'],
): Promise<ImageRecord | null> {
  if (!IMAGE_ROLE.test(file.role) || !IMAGE_NAME.test(file.path)) return null;
  try {
    const facts = await readFacts(store, file);
    const spectralWindows = classify(file.path).image?.spws ?? [];
    return facts && makeImageRecord(facts, { spectralWindows, noise: noiseOf(file.path) });
  } catch (error) {
    if (error instanceof FitsError || isMissing(error)) return null;
    throw error;
  }
}

async function readFacts(store: ObjectStore, file: StoredFile): Promise<ImageFacts | null> {
  const content = (start: number, end: number): ReturnType<typeof storedContent> =>
    storedContent(file, { start, end }, (range) => store.read(file.partKey, { range }));
  if (file.path.endsWith('.gz')) return gzippedImageFacts(await content(0, file.size - 1));
  return storedImageFacts(file.size, async (start, end) => buffer(await content(start, end)));
}

/** The part is not in the store, or is shorter than the manifest says. */
function isMissing(error: unknown): boolean {
  return (
    error instanceof ObjectStoreError &&
    (error.code === 'object-store.not-found' || error.code === 'object-store.bad-range')
  );
}
