import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import {
  dataBytes,
  extensionRecords,
  floatBytes,
  headerBytes,
  imageFile,
  primaryRecords,
  raw,
  record,
  skyRecords,
} from '../testing/fits-file.fixture';
import { inspectFits } from './inspect-fits';
import { gzippedImageFacts, storedImageFacts } from './stored-image-facts';

const COLUMNS = ['BMAJ', 'BMIN', 'BPA'].flatMap((name, i) => [
  record(`TTYPE${i + 1}`, name),
  record(`TFORM${i + 1}`, '1E'),
  record(`TUNIT${i + 1}`, i < 2 ? 'arcsec' : 'deg'),
]);
const BEAMS = Buffer.concat([
  headerBytes([...extensionRecords('BINTABLE', 8, [12, 2], { tfields: 3 }), record('EXTNAME', 'BEAMS'), ...COLUMNS]),
  dataBytes(floatBytes([3, 2, 10, 5, 4, 20])),
]);
const HISTORY = Array.from({ length: 4000 }, (_, i) => raw(`HISTORY line ${i}`));
const IMAGE = imageFile([50, 80], Array(4000).fill(1) as number[], [...skyRecords(), ...HISTORY]);
const EMPTY = headerBytes(primaryRecords(8, []));
const EXTENSION = Buffer.concat([
  headerBytes([...extensionRecords('IMAGE', -32, [50, 80]), ...skyRecords()]),
  dataBytes(floatBytes(Array(4000).fill(1) as number[])),
]);

async function stored(file: Buffer): Promise<{ facts: unknown; read: number }> {
  let read = 0;
  const facts = await storedImageFacts(file.length, (start, end) => {
    read += end + 1 - start;
    return Promise.resolve(file.subarray(start, end + 1));
  });
  return { facts, read };
}

describe('the facts of a stored image', () => {
  it.each<[string, Buffer]>([
    ['a primary image with a long history and a table of beams', Buffer.concat([IMAGE, BEAMS])],
    ['an image in an extension', Buffer.concat([EMPTY, EXTENSION])],
    ['the first of two images', Buffer.concat([imageFile([4, 4], Array(16).fill(0) as number[]), EXTENSION])],
    ['no image', EMPTY],
    ['an image before other data', Buffer.concat([IMAGE, Buffer.alloc(2880, 7)])],
  ])('are those that a pass over the file finds: %s', async (_, file) => {
    const inspection = await inspectFits(Readable.from([file]));
    expect((await stored(file)).facts).toEqual(inspection.image);
  });

  it('are read without the pixels', async () => {
    const large = Buffer.concat([imageFile([1000, 1000], Array(1e6).fill(1) as number[], skyRecords()), BEAMS]);
    const { facts, read } = await stored(large);
    expect(facts).toMatchObject({ shape: [1000, 1000], beam: { count: 2, majorArcsec: 4 } });
    expect(read).toBeLessThan(200_000);
  });

  it('are those of the header for a gzip file, which is read no further', async () => {
    const bytes = gzipSync(Buffer.concat([IMAGE, BEAMS]), { level: 0 });
    let read = 0;
    const source = Readable.from(
      (function* () {
        for (let at = 0; at < bytes.length; at += 1024, read += 1024) yield bytes.subarray(at, at + 1024);
      })(),
    );
    expect(await gzippedImageFacts(source)).toEqual((await inspectFits(Readable.from([IMAGE]))).image);
    expect(source.destroyed).toBe(true);
    expect(read).toBeLessThan(bytes.length);
  });

  it.each([
    ['is no FITS file', Buffer.alloc(2880, 'x'), 'fits.not-fits'],
    ['has no END', IMAGE.subarray(0, 5760), 'fits.truncated'],
  ])('fail for a file that %s', async (_, file, code) => {
    await expect(stored(file)).rejects.toMatchObject({ code });
  });
});
