import { createHash } from 'node:crypto';
import { DomainError } from '../../errors';

/**
 * Passes on the bytes of a content, each piece when the next one has arrived, and the last one only if all of them have
 * the digest.
 * @param sha256 hexadecimal
 * @throws DomainError `http.content-damaged` instead of the last piece
 */
export async function* verified(pieces: AsyncIterable<Buffer>, sha256: string): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let last: Buffer | undefined;
  for await (const piece of pieces) {
    if (last !== undefined) yield last;
    hash.update(piece);
    last = piece;
  }
  const found = hash.digest('hex');
  if (found !== sha256) {
    const cause = new Error(`the stored bytes have SHA-256 ${found}, expected ${sha256}`);
    throw new DomainError('unavailable', 'http.content-damaged', DAMAGED, {}, { cause });
  }
  if (last !== undefined) yield last;
}

const DAMAGED = 'The stored bytes do not have their SHA-256: they are damaged, and the archive must restore them';
