import type { TarEntry } from '../tar-entry';
import { TarError } from '../tar.error';
import type { ExtensionFlag } from './extension-headers';
import type { Member } from './member';
import type { MemberContent } from './member-content';
import type { PaxSparseMapReader } from './pax-sparse-map';
import type { SparseMap } from './sparse-map';

/** What the next bytes of an archive are, and what is needed to make sense of them. */
export type ReaderState =
  | { kind: 'header' }
  | { kind: 'extension-body'; flag: ExtensionFlag; headerOffset: number; size: number }
  | { kind: 'sparse-blocks'; member: Member; map: SparseMap }
  /** `left`: bytes of the member that remain for the map and the data after it. */
  | { kind: 'sparse-map'; member: Member; reader: PaxSparseMapReader; left: number }
  | { kind: 'content'; entry: TarEntry; content: MemberContent; padding: number }
  /** `path`: of the member whose data come before it; null after an extension header. */
  | { kind: 'padding'; left: number; path: string | null }
  | { kind: 'second-zero-block' }
  | { kind: 'trailing' };

/**
 * The error for an archive that ends in a state other than `trailing`.
 * @param at length of the archive
 * @param gathered the incomplete block it ended in
 */
export function truncationError(state: ReaderState, at: number, gathered: Buffer): TarError {
  const found = `the end of the file after ${gathered.length}`;
  switch (state.kind) {
    case 'extension-body':
      return new TarError('tar.truncated-header', { at, expected: `${state.size} bytes of extension header`, found });
    case 'sparse-blocks':
    case 'sparse-map':
      return new TarError('tar.truncated-header', {
        at,
        path: state.member.path,
        expected: 'a block of 512 bytes of sparse map',
        found,
      });
    case 'content': {
      const left = state.content.bytesLeft;
      return new TarError('tar.truncated-data', {
        at,
        path: state.entry.path,
        expected: `${state.entry.storedSize} bytes of data`,
        found: `the end of the file after ${state.entry.storedSize - left}`,
      });
    }
    case 'padding':
      return new TarError(state.path === null ? 'tar.truncated-header' : 'tar.truncated-data', {
        at,
        path: state.path ?? undefined,
        expected: `${state.left} more bytes to fill the block`,
        found: 'the end of the file',
      });
    case 'header':
      if (gathered.length > 0) {
        return new TarError('tar.truncated-header', { at, expected: 'a header block of 512 bytes', found });
      }
      return missingEnd(at, 'none');
    case 'second-zero-block':
      return missingEnd(at, gathered.length > 0 ? `one and ${gathered.length} bytes` : 'one');
    case 'trailing':
      throw new RangeError('the archive is complete');
  }
}

function missingEnd(at: number, found: string): TarError {
  const expected = "two zero blocks at the archive's end";
  return new TarError('tar.missing-end', { at, expected, found: `${found} before the end of the file` });
}
