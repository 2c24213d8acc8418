import { measureNoise, type SampledImage, verifyPrimaryBeam } from '@almagest/fits';
import type { Measurement } from '../facts/qa2-claim';
import {
  factsOf,
  type InspectedFiles,
  filesWithRole,
  imagesWithBeams,
  type InventoryEntry,
} from '../inventory/inventory';

/** Samples that wait for the other of their pair: 64 MiB. The two are usually adjacent in a tar. Drops the oldest. */
const MAX_WAITING = 128;
/** Primary beams kept after use: a second version of the image may follow without its own primary beam. */
const MAX_USED = 4;

const TOO_FAR = 'too many images are between the image and its primary beam in the delivery';

type Outcome = Pick<Measurement, 'noise' | 'agreement'> & { beam: InventoryEntry | null };

/**
 * Measures the images of a delivery (§4.1, §4.3) while they are read, each from a sample of its pixels (docs/adr/0018):
 * a corrected image together with its primary beam, as soon as both were read; an uncorrected image by itself.
 */
export class ImageMeasuring {
  private readonly waiting = new Map<InventoryEntry, SampledImage>();
  private readonly usedBeams = new Map<InventoryEntry, SampledImage>();
  private readonly outcomes = new Map<InventoryEntry, Outcome>();

  /** Adds a complete image. */
  take(entry: InventoryEntry, image: SampledImage): void {
    if (entry.role !== 'image.pbcor' && entry.role !== 'image.pb') {
      this.outcomes.set(entry, { beam: null, noise: measureNoise(image), agreement: null });
      image.sample.release();
      return;
    }
    if (!isIntensity(entry)) return image.sample.release();
    this.waiting.set(entry, image);
    const other = [...this.waiting.keys(), ...this.usedBeams.keys()].find((each) => isPair(entry, each));
    if (other !== undefined && entry.role === 'image.pb') this.compare(other, entry);
    else if (other !== undefined) this.compare(entry, other);
    else dropOldest(this.waiting, MAX_WAITING);
  }

  /** Returns the result for every image to measure. Call it after the whole delivery was read. */
  measurements(inventory: InspectedFiles): Measurement[] {
    return [...imagesToMeasure(inventory)].map(({ image, beam }) => {
      if (beam !== null && !this.outcomes.has(image)) this.compare(image, beam);
      const outcome = this.outcomes.get(image);
      const names = { image: image.path, primaryBeam: (outcome?.beam ?? beam)?.path ?? null };
      if (outcome === undefined) return { ...names, noise: null, agreement: null, problem: TOO_FAR };
      return { ...names, noise: outcome.noise, agreement: outcome.agreement, problem: null };
    });
  }

  private compare(image: InventoryEntry, beam: InventoryEntry): void {
    const [ofImage, ofBeam] = [this.waiting.get(image), this.waiting.get(beam) ?? this.usedBeams.get(beam)];
    if (ofImage === undefined || ofBeam === undefined) return;
    const agreement = verifyPrimaryBeam(ofImage, ofBeam);
    this.outcomes.set(image, { beam, noise: agreement, agreement });
    this.waiting.delete(image);
    ofImage.sample.release();
    this.waiting.delete(beam);
    this.usedBeams.delete(beam);
    this.usedBeams.set(beam, ofBeam);
    dropOldest(this.usedBeams, MAX_USED);
  }
}

function dropOldest(samples: Map<InventoryEntry, SampledImage>, most: number): void {
  const [oldest] = samples;
  if (samples.size <= most || oldest === undefined) return;
  const [entry, { sample }] = oldest;
  samples.delete(entry);
  sample.release();
}

/** Returns false for the higher terms of a multi-term continuum. */
function isIntensity({ image }: InventoryEntry): boolean {
  return (image?.taylorTerm ?? 0) === 0;
}

/** Returns true when the names are those of an image and its own primary beam, which needs no other to be known. */
function isPair(a: InventoryEntry, b: InventoryEntry): boolean {
  if (a.role === b.role || a.image?.version !== b.image?.version) return false;
  const sameTerm = (a.image?.taylorTerm ?? null) === (b.image?.taylorTerm ?? null);
  return sameTerm && a.image?.familyKey === b.image?.familyKey;
}

function* imagesToMeasure(inventory: InspectedFiles): Iterable<{ image: InventoryEntry; beam: InventoryEntry | null }> {
  const corrected = new Set<string | undefined>();
  for (const { image, beam } of imagesWithBeams(inventory)) {
    corrected.add(image.image?.familyKey);
    if (isIntensity(image)) yield { image, beam };
  }
  const read = new Set(factsOf(inventory, 'fits').flatMap(({ file, facts }) => (facts.image ? [file] : [])));
  for (const image of filesWithRole(inventory, 'image.dirty', 'image.singledish')) {
    if (read.has(image) && !corrected.has(image.image?.familyKey)) yield { image, beam: null };
  }
}
