import type { Reading } from '../readers/reading';
import { type ContentParser, ContentProblem } from './content-reader';
import type { ContentKind, FactsOfKind, FileContent } from './file-content';

/** Gathers a text up to a limit in bytes and reads it as a whole. */
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
    // The compiler does not follow K through the union.
    return { state: 'read', kind: this.kind, facts } as FileContent;
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
