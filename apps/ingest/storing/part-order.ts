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

/** A part that goes on beyond the size that was posted; the rest of it is not read. */
export class OverlongPart extends Error {
  readonly code = 'transfer.size';
  readonly retryable = false;

  constructor(readonly order: PartOrder) {
    super(`${order.name} is longer than the ${order.size} bytes announced`);
    this.name = 'OverlongPart';
  }
}
