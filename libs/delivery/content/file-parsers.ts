import { FitsError, FitsInspector, type SampledImage } from '@almagest/fits';
import { PprReader } from '../readers/ppr';
import type { Reading } from '../readers/reading';
import { type ContentParser, ContentProblem } from './content-reader';
import type { ContentKind, FactsOfKind, FileContent } from './file-content';

/** Collects a text, up to a limit in bytes, and reads it at its end. */
export class TextParser<K extends ContentKind> implements ContentParser {
  private readonly chunks: Buffer[] = [];
  private bytes = 0;

  constructor(
    readonly kind: K,
    private readonly limit: number,
    private readonly read: (text: string) => Reading<FactsOfKind[K]>,
  ) {}

  write(chunk: Uint8Array): void {
    this.bytes += chunk.length;
    if (this.bytes <= this.limit) {
      this.chunks.push(Buffer.from(chunk));
      return;
    }
    this.chunks.length = 0;
    throw new ContentProblem('beyond-limits', { expected: `at most ${this.limit} bytes`, found: 'more' });
  }

  end(): FileContent {
    const { facts, problem } = this.read(decode(Buffer.concat(this.chunks)));
    if (problem) throw new ContentProblem('unreadable', problem);
    // The compiler does not narrow the union by K.
    return { state: 'read', kind: this.kind, facts } as FileContent;
  }
}

/** Finds out whether a file has anything but blanks, and does not look further. */
export class BlankParser implements ContentParser {
  readonly kind = 'text';
  private isBlank = true;

  write(chunk: Uint8Array): void {
    if (this.isBlank) this.isBlank = chunk.every((byte) => BLANKS.has(byte));
  }

  end(): FileContent {
    return { state: 'read', kind: this.kind, facts: { isBlank: this.isBlank } };
  }
}

/** Spaces, line ends and tabs, and the bytes of a byte order mark of UTF-8. */
const BLANKS: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0xef, 0xbb, 0xbf]);

/** Decodes UTF-8, or Latin-1 when the bytes are not valid UTF-8: some old texts are in Latin-1. */
function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}

/** A real PPR has some hundred kilobytes. */
const LIMIT = 16 * 1024 * 1024;

/** Reads a PPR while it streams by. */
export class PprParser implements ContentParser {
  readonly kind = 'ppr';
  private readonly reader = new PprReader();
  private bytes = 0;

  write(chunk: Uint8Array): void {
    this.bytes += chunk.length;
    if (this.bytes > LIMIT) {
      throw new ContentProblem('unreadable', { expected: `at most ${LIMIT} bytes`, found: 'more' });
    }
    this.reader.write(chunk);
  }

  end(): FileContent {
    const { facts, problem } = this.reader.end();
    if (problem) throw new ContentProblem('unreadable', problem);
    return { state: 'read', kind: this.kind, facts };
  }
}

/** Inspects a FITS file while it streams by: conformance, facts, statistics, and a sample for measuring its image. */
export class FitsParser implements ContentParser {
  readonly kind = 'fits';
  private readonly inspector: FitsInspector;

  /** @param onImage called with the image at the end of the file; null when the image is not to be measured */
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
      // A file beyond the limits of the reader claims more than any image of the observatory has: QA2 cannot have seen it.
      throw new ContentProblem('unreadable', { expected: 'a complete FITS file', found: error.message });
    }
  }
}
