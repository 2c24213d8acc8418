import type { Reading } from '../readers/reading';
import type { ContentReader } from './content-reader';
import type { ContentKind, FactsOfKind, FileContent } from './file-content';

/** Gathers a text up to a limit in bytes and reads it as a whole. */
export class TextContentReader<K extends ContentKind> implements ContentReader {
  private chunks: Buffer[] = [];
  private bytes = 0;

  constructor(
    private readonly kind: K,
    private readonly limit: number,
    private readonly read: (text: string) => Reading<FactsOfKind[K]>,
  ) {}

  data(chunk: Uint8Array): void {
    this.bytes += chunk.length;
    if (this.bytes <= this.limit) this.chunks.push(Buffer.from(chunk));
    else this.chunks = [];
  }

  end(): FileContent {
    const { kind, bytes, limit } = this;
    if (bytes > limit) {
      return { state: 'beyond-limits', kind, problem: { expected: `at most ${limit} bytes`, found: `${bytes} bytes` } };
    }
    const { facts, problem } = this.read(decode(Buffer.concat(this.chunks)));
    // The compiler does not follow K through the union.
    return problem ? { state: 'unreadable', kind, problem } : ({ state: 'read', kind, facts } as FileContent);
  }

  abandon(): void {
    this.chunks = [];
  }

  backlog(): null {
    return null;
  }
}

/** Old texts are in Latin-1 here and there; whatever is not UTF-8 is read as that. */
function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}
