import { FitsError, FitsInspector, type SampledImage } from '@almagest/fits';
import { type ContentParser, ContentProblem } from './content-reader';
import type { FileContent } from './file-content';

/** Inspects a FITS file while it streams by: conformance, facts and statistics, and a sample for measuring its image. */
export class FitsParser implements ContentParser {
  readonly kind = 'fits';
  private readonly inspector: FitsInspector;

  /** @param onImage is given the image once the file was read whole; null when it is not to be measured */
  constructor(private readonly onImage: ((image: SampledImage) => void) | null) {
    this.inspector = new FitsInspector({ sample: onImage !== null });
  }

  write(chunk: Uint8Array): void {
    this.guard(() => this.inspector.write(chunk));
  }

  end(): FileContent {
    const facts = this.guard(() => this.inspector.end());
    const image = this.inspector.sampledImage(facts);
    if (image !== null) this.onImage?.(image);
    return { state: 'read', kind: this.kind, facts };
  }

  private guard<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof FitsError)) throw error;
      const state = error.code === 'fits.limit' ? 'beyond-limits' : 'unreadable';
      throw new ContentProblem(state, { expected: 'a complete FITS file', found: error.message });
    }
  }
}
