import { Readable } from 'node:stream';

/** What a body may have at most. */
export interface BodyLimits {
  readonly bytes: number;
  /** Until the body is complete. */
  readonly milliseconds: number;
  /** Aborts the reading; its reason is thrown. */
  readonly signal?: AbortSignal;
}

/** A body of another program that is longer, or takes longer, than anything it has reason to send. */
export class BodyLimitError extends Error {
  constructor(limit: string) {
    super(`the body has more than ${limit}`);
    this.name = 'BodyLimitError';
  }
}

/**
 * Reads a body that must be small, from any sender: a status, an error, a list of keys. Reads no further than a limit,
 * and in every case closes the connection of a body that it has not read to its end.
 * @param body a stream of Node, or the body of an answer of `fetch`, which is null when there is none
 * @throws BodyLimitError; the reason of the signal; the error of the stream
 */
export async function readBody(
  body: Readable | ReadableStream<Uint8Array> | null,
  { bytes, milliseconds, signal }: BodyLimits,
): Promise<Buffer> {
  const stream = body instanceof Readable ? body : body === null ? Readable.from([]) : Readable.fromWeb(body);
  const stop = (): void => void stream.destroy(signal?.reason as Error);
  const timer = setTimeout(() => stream.destroy(new BodyLimitError(`${milliseconds} ms`)), milliseconds);
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted === true) stop();
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const piece of stream as AsyncIterable<Uint8Array>) {
      length += piece.length;
      if (length > bytes) throw new BodyLimitError(`${bytes} bytes`);
      pieces.push(piece);
    }
    return Buffer.concat(pieces);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
    // Destroying a body that is not read to its end emits an error, which would end the process if nothing listened.
    stream.on('error', () => undefined).destroy();
  }
}
