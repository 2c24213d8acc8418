import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { exactly } from './exact-read';
import { ObjectStoreError } from './object-store.error';

const toError = (cause: unknown): ObjectStoreError =>
  new ObjectStoreError('object-store.unavailable', 'the source broke', { cause });

const PIECE = Buffer.alloc(64 * 1024);

describe('exactly', () => {
  it('passes on the bytes', async () => {
    const pieces = [Buffer.from('ab'), Buffer.from('cde')];
    expect((await buffer(exactly(Readable.from(pieces), 5, toError))).toString()).toBe('abcde');
  });

  it.each([4, 6])('fails when %d bytes are expected and 5 arrive', async (length) => {
    const reading = buffer(exactly(Readable.from([Buffer.from('ab'), Buffer.from('cde')]), length, toError));
    await expect(reading).rejects.toMatchObject({ code: 'object-store.failed', retryable: true });
  });

  it('never passes on more bytes than expected', async () => {
    const seen: Buffer[] = [];
    const reading = exactly(Readable.from([Buffer.from('ab'), Buffer.from('cde')]), 4, toError);
    reading.on('data', (piece: Buffer) => seen.push(piece));
    const [error] = await once(reading, 'close').catch((cause: unknown) => [cause]);
    expect(error).toMatchObject({ code: 'object-store.failed' });
    expect(Buffer.concat(seen).toString()).toBe('ab');
  });

  it('fails with the error of the store when the source fails or closes early', async () => {
    for (const cause of [new Error('EIO'), undefined]) {
      const source = new PassThrough();
      const reading = buffer(exactly(source, 5, toError));
      source.write('ab');
      source.destroy(cause);
      await expect(reading).rejects.toMatchObject({ code: 'object-store.unavailable' });
    }
  });

  it('reads ahead of a slow reader by a few pieces only', async () => {
    let pieces = 0;
    const source = new Readable({
      highWaterMark: PIECE.length,
      read() {
        pieces += 1;
        this.push(PIECE);
      },
    });
    const result = exactly(source, 100 * PIECE.length, toError);
    const reader = result[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    for (let read = 1; read <= 10; read++) {
      await reader.next();
      await new Promise(setImmediate);
      expect(pieces - read).toBeLessThanOrEqual(3);
    }
    result.destroy();
  });

  it('destroys the source when the reader destroys the result', async () => {
    const source = new PassThrough();
    const result = exactly(source, 5, toError);
    const closed = new Promise((resolve) => source.once('close', resolve));
    result.destroy();
    await closed;
    expect(source.destroyed).toBe(true);
  });
});
