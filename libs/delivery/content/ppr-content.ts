import { PprReader } from '../readers/ppr';
import type { ContentReader } from './content-reader';
import type { FileContent } from './file-content';

/** A real PPR is some hundred kilobytes. */
const LIMIT = 16 * 1024 * 1024;

/** Reads a PPR while it streams by. */
export class PprContentReader implements ContentReader {
  private readonly reader = new PprReader();
  private bytes = 0;

  data(chunk: Uint8Array): void {
    this.bytes += chunk.length;
    if (this.bytes <= LIMIT) this.reader.write(chunk);
  }

  end(): FileContent {
    if (this.bytes > LIMIT) {
      const problem = { expected: `at most ${LIMIT} bytes`, found: `${this.bytes} bytes` };
      return { state: 'unreadable', kind: 'ppr', problem };
    }
    const { facts, problem } = this.reader.end();
    return problem ? { state: 'unreadable', kind: 'ppr', problem } : { state: 'read', kind: 'ppr', facts };
  }

  abandon(): void {
    this.bytes = Infinity;
  }

  backlog(): null {
    return null;
  }
}
