import { writeSync } from 'node:fs';
import { Writable } from 'node:stream';

/**
 * Standard output that is a file. Node's own stream ignores that a nearly full disk takes only the first part of a
 * write: the rest would be missing without an error.
 */
export class FileOutput extends Writable {
  constructor(private readonly fd: number) {
    super({ decodeStrings: true });
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (cause?: Error | null) => void): void {
    try {
      for (let at = 0; at < chunk.length;) at += writeSync(this.fd, chunk, at);
      done();
    } catch (cause) {
      done(cause as Error);
    }
  }
}
