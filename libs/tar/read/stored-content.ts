import { Readable } from 'node:stream';
import { ZEROS } from '../blocks';
import type { TarEntry } from '../tar-entry';

/** Bytes counted from 0, the first and the last one both included. */
interface Stretch {
  start: number;
  end: number;
}

/**
 * The content of a member of an archive that is kept somewhere, or a stretch of it: what is stored is read as it is
 * needed, and the holes of a sparse member come as zeros.
 * @param stretch of the member's logical content, within its size; empty when its end lies before its start
 * @param read gives bytes of the archive; what it fails with passes through
 */
export async function storedContent(
  { offset, segments }: Pick<TarEntry, 'offset' | 'segments'>,
  { start, end }: Stretch,
  read: (stored: Stretch) => Readable | Promise<Readable>,
): Promise<Readable> {
  if (end < start) return Readable.from([]);
  if (segments === null) return read({ start: offset + start, end: offset + end });
  return Readable.from(filled(segments, { start, end }, read), { objectMode: false });
}

async function* filled(
  segments: NonNullable<TarEntry['segments']>,
  { start, end }: Stretch,
  read: (stored: Stretch) => Readable | Promise<Readable>,
): AsyncGenerator<Buffer> {
  let at = start;
  for (const segment of segments) {
    const from = Math.max(at, segment.at);
    const to = Math.min(end, segment.at + segment.length - 1);
    if (to < from) continue;
    yield* zeros(from - at);
    const shift = segment.offset - segment.at;
    for await (const chunk of await read({ start: from + shift, end: to + shift })) yield chunk as Buffer;
    at = to + 1;
  }
  yield* zeros(end + 1 - at);
}

function* zeros(count: number): Generator<Buffer> {
  for (let left = count; left > 0; left -= ZEROS.length) yield ZEROS.subarray(0, Math.min(left, ZEROS.length));
}
