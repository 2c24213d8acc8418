import { Readable } from 'node:stream';
import { paddingAfter } from '../blocks';
import { TarError } from '../tar.error';
import { encodeHeaders } from './header-encoder';
import type { PlannedPart } from './part-plan';
import type { PlannedEntry } from './planned-entry';
import { checkUnchanged, readPlannedFile } from './planned-file';

/** Pieces below this are gathered into chunks of at least this many bytes, so that small files do not cost a chunk each. */
const GATHER = 64 * 1024;

/**
 * Packs one planned part: a stream of exactly `part.size - from` bytes, the same every time for the same tree, read as
 * the consumer takes them. It fails with TarError `tar.tree-changed` (retryable: plan again) when a file or directory
 * of the part is no longer what was planned, at the latest at its end: what came out is good only once it has ended.
 * @param options.from byte of the part to begin at, to go on with a part that was begun; 0 unless given. Compare the
 *   part's `fingerprint` with that of the plan it was begun under.
 * @throws TarError `tar.plan-invalid` when `from` is outside the part
 */
export function packPart(part: PlannedPart, options: { from?: number } = {}): Readable {
  const from = options.from ?? 0;
  if (!Number.isSafeInteger(from) || from < 0 || from > part.size) {
    throw new TarError('tar.plan-invalid', { expected: `a byte from 0 to ${part.size}`, found: `${from}` });
  }
  return Readable.from(gathered(pieces(part, from)), { objectMode: false });
}

/** The part from byte `from` on. Its last bytes come only after a last look at everything that was packed. */
async function* pieces(part: PlannedPart, from: number): AsyncGenerator<Buffer> {
  let end = 0;
  for (const entry of part.entries) {
    end = entry.offset + entry.size + paddingAfter(entry.size);
    if (end > from) yield* entryPieces(part.root, entry, from);
  }
  for (const entry of part.entries) await checkUnchanged(part.root, part.treeRoot, entry);
  yield Buffer.alloc(part.size - Math.max(from, end));
}

async function* entryPieces(root: string, entry: PlannedEntry, from: number): AsyncGenerator<Buffer> {
  const dataEnd = entry.offset + entry.size;
  if (from < entry.offset) yield encodeHeaders(entry).subarray(Math.max(0, from - entry.headerOffset));
  if (entry.size > 0 && from < dataEnd) yield* readPlannedFile(root, entry, Math.max(0, from - entry.offset));
  yield Buffer.alloc(paddingAfter(entry.size) - Math.max(0, from - dataEnd));
}

async function* gathered(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let pending: Buffer[] = [];
  let bytes = 0;
  for await (const piece of source) {
    pending.push(piece);
    bytes += piece.length;
    if (bytes < GATHER) continue;
    yield pending.length === 1 ? piece : Buffer.concat(pending, bytes);
    pending = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(pending, bytes);
}
