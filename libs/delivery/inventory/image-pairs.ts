import type { FitsInspection, ImageFacts } from '@almagest/fits';
import { groupBy } from '../group-by';
import { factsOf, filesWithRole, type Inventory, type InventoryEntry } from './inventory';

/** A corrected image and the primary beam it was corrected by, both read. */
export interface ImagePair {
  image: InventoryEntry;
  beam: InventoryEntry;
  imageFacts: ImageFacts;
  beamFacts: ImageFacts;
}

/** As much of an inventory as tells which files there are, and what was read of them. */
export type FilesRead = Pick<Inventory, 'contents' | 'byRole'>;

/** Every corrected image that was read, with its primary beam that was read too. */
export function* imagesWithBeams(inventory: FilesRead): Iterable<ImagePair> {
  const read = new Map<InventoryEntry, FitsInspection>(
    factsOf(inventory, 'fits').map(({ file, facts }) => [file, facts]),
  );
  const beams = groupBy(filesWithRole(inventory, 'image.pb'), ({ image }) => image?.familyKey);
  for (const image of filesWithRole(inventory, 'image.pbcor')) {
    const ofFamily = beams.get(image.image?.familyKey) ?? [];
    // A second version of an image may have come with a beam of its own, or not.
    const beam = ofFamily.find((each) => each.image?.version === image.image?.version) ?? ofFamily.at(-1);
    const [imageFacts, beamFacts] = [read.get(image)?.image, beam && read.get(beam)?.image];
    if (beam && imageFacts && beamFacts) yield { image, beam, imageFacts, beamFacts };
  }
}
