import { FitsError, type FitsSource, measureNoise, verifyPrimaryBeam } from '@almagest/fits';
import type { Measurement } from '../facts/qa2-claim';
import { imagesWithBeams } from '../inventory/image-pairs';
import type { Role } from '../naming/role';
import { factsOf, filesWithRole, type Inventory, type InventoryEntry } from '../inventory/inventory';

/** Roles of the files that are read a second time. */
export const MEASURED_ROLES: readonly Role[] = ['image.pbcor', 'image.pb', 'image.dirty', 'image.singledish'];

/** An image of the delivery that is to be read again, by the path it was read with. `part` counts from 0 as opened. */
export interface ImageFile {
  part: number;
  path: string;
}

/**
 * Opens a file of the delivery a second time: its stored bytes, from the first to the last. Each piece is used before
 * the next one is asked for.
 */
export type OpenImage = (file: ImageFile) => ReturnType<FitsSource['open']>;

export interface MeasuringOptions {
  signal?: AbortSignal;
  /** Hears which image comes next, counted from 1. */
  onImage?: (path: string, index: number, of: number) => void;
}

/**
 * The second pass (§4.1, §4.3): each corrected image is set against its primary beam, pixel by pixel; an uncorrected
 * one that has no corrected twin is measured as it is. One after the other, in bounded memory.
 * @throws what `open` or its streams fail with; the reason of the signal. A file that is no FITS is told instead.
 */
export async function measureImages(
  inventory: Inventory,
  open: OpenImage,
  { signal, onImage }: MeasuringOptions,
): Promise<Measurement[]> {
  const images = [...imagesToMeasure(inventory)];
  const measured: Measurement[] = [];
  for (const [index, { image, beam }] of images.entries()) {
    signal?.throwIfAborted();
    onImage?.(image.path, index + 1, images.length);
    measured.push(await measure(image, beam, open));
  }
  return measured;
}

async function measure(image: InventoryEntry, beam: InventoryEntry | null, open: OpenImage): Promise<Measurement> {
  const source = ({ part, path }: InventoryEntry): FitsSource => ({
    open: () => open({ part, path }),
    compression: path.endsWith('.gz') ? 'gzip' : 'none',
  });
  const names = { image: image.path, primaryBeam: beam?.path ?? null };
  try {
    if (beam === null) return { ...names, noise: await measureNoise(source(image)), agreement: null, problem: null };
    const agreement = await verifyPrimaryBeam(source(image), source(beam));
    return { ...names, noise: agreement, agreement, problem: null };
  } catch (error) {
    if (!(error instanceof FitsError)) throw error;
    return { ...names, noise: null, agreement: null, problem: error.message };
  }
}

function* imagesToMeasure(inventory: Inventory): Iterable<{ image: InventoryEntry; beam: InventoryEntry | null }> {
  const corrected = new Set<string | undefined>();
  for (const { image, beam } of imagesWithBeams(inventory)) {
    corrected.add(image.image?.familyKey);
    // Of a multi-term continuum only the first term is an intensity.
    if ((image.image?.taylorTerm ?? 0) === 0) yield { image, beam };
  }
  const read = new Set(factsOf(inventory, 'fits').flatMap(({ file, facts }) => (facts.image ? [file] : [])));
  for (const image of filesWithRole(inventory, 'image.dirty', 'image.singledish')) {
    if (read.has(image) && !corrected.has(image.image?.familyKey)) yield { image, beam: null };
  }
}
