import type { Readable } from 'node:stream';
import type { ManifestFile } from '@almagest/contracts';
import type { ByteRange } from '@almagest/object-store';

const ZEROS = Buffer.alloc(64 * 1024);

/** The logical content of a sparse member in a range: its stored runs, and zeros between them. */
export async function* sparseContent(
  segments: NonNullable<ManifestFile['segments']>,
  { start, end }: ByteRange,
  stored: (from: number, to: number) => Promise<Readable>,
): AsyncGenerator<Buffer> {
  let at = start;
  for (const segment of segments) {
    const from = Math.max(at, segment.at);
    const to = Math.min(end, segment.at + segment.length - 1);
    if (to < from) continue;
    yield* zeros(from - at);
    const shift = segment.offset - segment.at;
    for await (const chunk of await stored(from + shift, to + shift)) yield chunk as Buffer;
    at = to + 1;
  }
  yield* zeros(end + 1 - at);
}

function* zeros(count: number): Generator<Buffer> {
  for (let left = count; left > 0; left -= ZEROS.length) yield ZEROS.subarray(0, Math.min(left, ZEROS.length));
}
