import type { TarEntry } from '../tar-entry';
import { BLOCK } from '../tar-format';
import { TarError } from '../tar.error';
import type { ExtensionFlag } from './extension-headers';
import type { Member } from './member';
import type { MemberContent } from './member-content';
import type { PaxSparseMapReader, SparseMap } from './sparse-map';

/** What the next bytes of an archive are, and what the reader needs to interpret them. */
export type ReaderState =
  | { kind: 'header' }
  | { kind: 'extension-body'; flag: ExtensionFlag; headerOffset: number; size: number }
  | { kind: 'sparse-blocks'; member: Member; map: SparseMap }
  /** `left`: remaining bytes of the member, for the map and the data after it. */
  | { kind: 'sparse-map'; member: Member; reader: PaxSparseMapReader; left: number }
  | { kind: 'content'; entry: TarEntry; content: MemberContent; padding: number }
  /** `path`: the member whose data the padding follows; null after an extension header. */
  | { kind: 'padding'; left: number; path: string | null }
  | { kind: 'second-zero-block' }
  | { kind: 'trailing' };

/**
 * Returns the error for an archive that ends in a state other than `trailing`.
 * @param at length of the archive
 * @param gathered the incomplete block at its end
 */
export function truncationError(state: ReaderState, at: number, gathered: Buffer): TarError {
  const found = `the end of the file after ${gathered.length} bytes`;
  switch (state.kind) {
    case 'extension-body':
      return new TarError('tar.truncated-header', {
        at,
        expected: `an extension header of ${state.size} bytes`,
        found,
      });
    case 'sparse-blocks':
    case 'sparse-map':
      return new TarError('tar.truncated-header', {
        at,
        path: state.member.path,
        expected: 'a sparse map block of 512 bytes',
        found,
      });
    case 'content': {
      const left = state.content.bytesLeft;
      return new TarError('tar.truncated-data', {
        at,
        path: state.entry.path,
        expected: `${state.entry.storedSize} bytes of data`,
        found: `the end of the file after ${state.entry.storedSize - left} bytes`,
      });
    }
    case 'padding':
      return new TarError(state.path === null ? 'tar.truncated-header' : 'tar.truncated-data', {
        at,
        path: state.path ?? undefined,
        expected: `${state.left} more bytes of padding`,
        found: 'the end of the file',
      });
    case 'header':
      if (gathered.length > 0) {
        return new TarError('tar.truncated-header', { at, expected: 'a header block of 512 bytes', found });
      }
      return missingEnd(at, 'none');
    case 'second-zero-block':
      return missingEnd(at, gathered.length > 0 ? `one and ${gathered.length} bytes of the second` : 'one');
    case 'trailing':
      throw new RangeError('the archive is complete');
  }
}

function missingEnd(at: number, found: string): TarError {
  const expected = 'two zero blocks at the end of the archive';
  return new TarError('tar.missing-end', { at, expected, found: `${found} before the end of the file` });
}

/** Gathers a given number of bytes from chunks of any size. Copies them only when they span several chunks. */
export class ByteGatherer {
  private readonly block = Buffer.alloc(BLOCK);
  private buffer = this.block;
  private wanted = BLOCK;
  private have = 0;
  private complete: Buffer | null = null;

  /** Starts over with the next `length` bytes, at least one. */
  expect(length: number): void {
    this.wanted = length;
    this.have = 0;
    this.complete = null;
  }

  /** The bytes gathered so far, while some are still missing. */
  get partial(): Buffer {
    return this.buffer.subarray(0, this.have);
  }

  /** All of the expected bytes, valid until the next `take`; null while some are missing. */
  get whole(): Buffer | null {
    return this.complete;
  }

  /** Takes the missing bytes from `bytes`, and returns how many it took. */
  take(bytes: Buffer, from: number): number {
    const length = Math.min(this.wanted - this.have, bytes.length - from);
    if (length === this.wanted) {
      this.complete = bytes.subarray(from, from + length);
      return length;
    }
    if (this.have === 0) this.buffer = this.wanted <= BLOCK ? this.block : Buffer.alloc(this.wanted);
    this.have += bytes.copy(this.buffer, this.have, from, from + length);
    if (this.have === this.wanted) this.complete = this.buffer.subarray(0, this.wanted);
    return length;
  }
}
