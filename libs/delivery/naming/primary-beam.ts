import type { ImageName } from './classification';

/** What decides whether a primary beam belongs to an image. */
interface NamedImage {
  path: string;
  image: ImageName | null;
}

/** `X.cont.I.pb.tt0.fits`: the primary beam of all Taylor terms of an image (docs/standard/real-deliveries.md §4). */
const SHARED = /\.pb\.tt0(?:\.v\d+)?\.fits(?:\.gz)?$/;

/**
 * Returns the primary beam that an image was corrected with, by its name; null when there is none. The beam of the same
 * Taylor term comes first, then one that names no term, then `X.pb.tt0.fits`, which all terms share. A beam of another
 * term is never that of the image. The second version of an image may have its own primary beam, or not.
 */
export function primaryBeamOf<T extends NamedImage>(image: NamedImage, beams: readonly T[]): T | null {
  const ofFamily = beams.filter((beam) => beam.image?.familyKey === image.image?.familyKey);
  const term = image.image?.taylorTerm ?? null;
  const forms = [
    ofFamily.filter((beam) => (beam.image?.taylorTerm ?? null) === term),
    ofFamily.filter((beam) => (beam.image?.taylorTerm ?? null) === null),
    ofFamily.filter(({ path }) => SHARED.test(path)),
  ];
  const candidates = forms.find((form) => form.length > 0) ?? [];
  return candidates.find((beam) => beam.image?.version === image.image?.version) ?? candidates.at(-1) ?? null;
}
