import type { Ending, Row } from './field';
import type { RowBatch } from './row-batch';
import type { RowEncoder } from './row-encoder';

/** What `batches` throws to end before all rows are sent, where a limit counts something else than rows. */
export class Overflow extends Error {
  constructor() {
    super('the rows end at a limit');
    this.name = 'Overflow';
  }
}

/**
 * Encodes rows while they arrive, and asks for more only when the last ones are taken: the bytes of a piece stay until the
 * next is asked for. A fault after the first piece ends
 * the document as well-formed, with `QUERY_STATUS` `ERROR`, where the format has that.
 * @param limit rows at most; one more row that arrives means OVERFLOW, and so does the limit 0 (DALI 1.1, 3.4.4)
 * @param messageOf says what the reader of the document learns about a fault
 * @throws the error of `batches` when the format cannot show it
 */
export async function* encode(
  encoder: RowEncoder,
  batches: AsyncIterable<RowBatch | readonly Row[]>,
  limit: number,
  messageOf: (error: unknown) => string,
): AsyncGenerator<Buffer> {
  const { form } = encoder;
  yield Buffer.from(encoder.begin());
  let left = limit;
  let ending: Ending = limit === 0 ? { status: 'OVERFLOW' } : { status: 'OK' };
  try {
    for await (const given of batches) {
      const batch = 'count' in given ? given : form.batchOf(given);
      const taken = batch.count > left ? form.firstRows(batch, left) : batch;
      left -= taken.count;
      const piece = taken.count === 0 ? null : encoder.rows(taken);
      if (piece !== null && piece.length > 0) yield Buffer.from(piece.buffer, piece.byteOffset, piece.length);
      if (taken.count < batch.count) {
        ending = { status: 'OVERFLOW' };
        break;
      }
    }
  } catch (error) {
    if (error instanceof Overflow) {
      yield Buffer.from(encoder.end({ status: 'OVERFLOW' }) ?? '');
      return;
    }
    const end = encoder.end({ status: 'ERROR', message: messageOf(error) });
    if (end === null) throw error;
    yield Buffer.from(end);
    return;
  }
  yield Buffer.from(encoder.end(ending) ?? '');
}
