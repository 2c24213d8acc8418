import { PprReader } from '../readers/ppr';
import { type ContentParser, ContentProblem } from './content-reader';
import type { FileContent } from './file-content';

/** A real PPR is some hundred kilobytes; what is far larger is none. */
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
