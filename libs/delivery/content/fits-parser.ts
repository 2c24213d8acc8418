import { FitsError, FitsInspector } from '@almagest/fits';
import { type ContentParser, ContentProblem } from './content-reader';
import type { FileContent } from './file-content';

/** Inspects a FITS file while it streams by: conformance, facts and statistics. */
export class FitsParser implements ContentParser {
  readonly kind = 'fits';
  private readonly inspector = new FitsInspector();

  write(chunk: Uint8Array): void {
    this.guard(() => this.inspector.write(chunk));
  }

  end(): FileContent {
    return this.guard(() => ({ state: 'read', kind: this.kind, facts: this.inspector.end() }));
  }

  private guard<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof FitsError)) throw error;
      const state = error.code === 'fits.limit' ? 'beyond-limits' : 'unreadable';
      throw new ContentProblem(state, { expected: 'a whole FITS file', found: error.message });
    }
  }
}
