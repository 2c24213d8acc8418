import type { Readable } from 'node:stream';
import type { AxisCut } from './plan-cutout';

/** A part of the data to read: from `start`, `count` pieces of `length` bytes, the beginnings `stride` bytes apart. */
export interface PixelRead {
  readonly start: number;
  readonly length: number;
  readonly stride: number;
  readonly count: number;
}

/** Between two rows of a plane, at most so many bytes are read for nothing; otherwise each row is a read of its own. */
const MAX_GAP = 128 * 1024;
/** Reads that are opened ahead: a store needs some time until the first byte of each. */
const AHEAD = 4;
const PIECE_BYTES = 64 * 1024;

/**
 * Yields the reads for the pixels that the cuts select, in the order of the data: of the planes with selected pixels, the
 * rows with selected pixels, and no others.
 * @param shape lengths of the axes, the fastest first
 * @param pixel bytes of a pixel
 */
export function* pixelReads(
  shape: readonly number[],
  cuts: readonly AxisCut[],
  pixel: number,
): Generator<PixelRead, void> {
  let axis = 0;
  let unit = pixel;
  let offset = 0;
  /** Takes the axes that are complete, and after them a part of one: together they are adjacent units. */
  const adjacent = (): number => {
    let count = 1;
    for (; axis < shape.length; axis++) {
      const [length, cut] = [shape[axis] ?? 1, cuts[axis] ?? { first: 1, count: 1, step: 1 }];
      if (cut.step !== 1) break;
      offset += (cut.first - 1) * unit;
      count *= cut.count;
      unit *= length;
      if (cut.count < length) {
        axis += 1;
        break;
      }
    }
    return count;
  };
  const length = pixel * adjacent();
  const [stride, isRows] = [unit, axis === 1];
  const rows = isRows ? adjacent() : 1;
  const isApart = stride - length > MAX_GAP;
  for (const plane of offsets(shape.slice(axis), cuts.slice(axis), unit)) {
    const start = offset + plane;
    if (!isApart) yield { start, length, stride, count: rows };
    else for (let row = 0; row < rows; row++) yield { start: start + row * stride, length, stride, count: 1 };
  }
}

/** Yields the offsets of the selected positions on the axes; the position on the last axis changes slowest. */
function* offsets(shape: readonly number[], cuts: readonly AxisCut[], unit: number): Generator<number, void> {
  const cut = cuts.at(-1);
  if (cut === undefined) {
    yield 0;
    return;
  }
  const [inner, innerCuts] = [shape.slice(0, -1), cuts.slice(0, -1)];
  const plane = inner.reduce((product, length) => product * length, unit);
  for (let i = 0; i < cut.count; i++) {
    for (const offset of offsets(inner, innerCuts, unit)) yield (cut.first - 1 + i * cut.step) * plane + offset;
  }
}

/**
 * Yields the bytes of the reads, one piece of at most 64 KiB after the other. At most some reads are open at the same time;
 * all of them are closed when the caller stops.
 * @param open opens the bytes `start` to `end`, both included
 */
export async function* pixelBytes(
  reads: Iterable<PixelRead>,
  open: (start: number, end: number) => Promise<Readable>,
): AsyncGenerator<Buffer, void> {
  const waiting: { read: PixelRead; stream: Promise<Readable> }[] = [];
  const iterator = reads[Symbol.iterator]();
  const openNext = (): void => {
    const next = iterator.next();
    if (next.done === true) return;
    const read = next.value;
    const stream = open(read.start, read.start + (read.count - 1) * read.stride + read.length - 1);
    // Its failure is thrown when its turn comes.
    stream.then(
      (opened) => opened.on('error', () => undefined),
      () => undefined,
    );
    waiting.push({ read, stream });
  };
  const piece = new Pieces();
  try {
    for (let i = 0; i < AHEAD; i++) openNext();
    for (let current = waiting[0]; current !== undefined; current = waiting[0]) {
      yield* selected(await current.stream, current.read, piece);
      waiting.shift();
      openNext();
    }
    yield* piece.rest();
  } finally {
    for (const { stream } of waiting) void stream.then((opened) => opened.destroy()).catch(() => undefined);
  }
}

/** Yields what is selected of the bytes of a read. */
async function* selected(stream: Readable, read: PixelRead, pieces: Pieces): AsyncGenerator<Buffer, void> {
  let at = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    for (let from = 0; from < chunk.length;) {
      const within = (at + from) % read.stride;
      if (within < read.length) {
        const taken = Math.min(read.length - within, chunk.length - from);
        yield* pieces.add(chunk.subarray(from, from + taken));
        from += taken;
      } else from += read.stride - within;
    }
    at += chunk.length;
  }
}

/** Puts short runs of bytes together. */
class Pieces {
  private buffer = Buffer.allocUnsafe(PIECE_BYTES);
  private filled = 0;

  *add(bytes: Buffer): Generator<Buffer, void> {
    for (let from = 0; from < bytes.length;) {
      const taken = bytes.copy(this.buffer, this.filled, from);
      this.filled += taken;
      from += taken;
      if (this.filled < PIECE_BYTES) continue;
      yield this.buffer;
      this.buffer = Buffer.allocUnsafe(PIECE_BYTES);
      this.filled = 0;
    }
  }

  *rest(): Generator<Buffer, void> {
    if (this.filled > 0) yield this.buffer.subarray(0, this.filled);
  }
}
