import type { Source } from '@almagest/sources';

/** A part that is to be taken in. */
export interface PartOrder {
  name: string;
  /** Its key in the object store. */
  key: string;
  source: Source;
  size: number;
  /** What was posted; null for a part this archive packs itself. */
  sha256: string | null;
}
