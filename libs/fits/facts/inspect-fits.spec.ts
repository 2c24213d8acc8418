import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import {
  dataBytes,
  extensionRecords,
  headerBytes,
  imageFile,
  primaryRecords,
  record,
  skyRecords,
} from '../testing/fits-file.fixture';
import { FitsInspector } from './fits-inspector';
import { inspectFits } from './inspect-fits';

const PIXELS = Array.from({ length: 4000 }, (_, i) => i);
const IMAGE = imageFile([50, 80], PIXELS, skyRecords());

/** Returns the bytes as a stream of chunks of a kilobyte. */
function stream(bytes: Buffer): Readable {
  return Readable.from(
    Array.from({ length: Math.ceil(bytes.length / 1024) }, (_, i) => bytes.subarray(i * 1024, (i + 1) * 1024)),
  );
}

describe('inspecting a FITS file', () => {
  it('returns contents, facts and statistics in one pass', async () => {
    const inspection = await inspectFits(stream(IMAGE));
    expect(inspection).toMatchObject({
      size: IMAGE.length,
      hdus: 1,
      remarks: [],
      contents: [{ kind: 'primary', axes: [50, 80], dataOffset: 2880, dataLength: 16000, checksum: 'absent' }],
      imageHdu: 0,
      image: { shape: [50, 80], sky: { frame: 'ICRS' } },
      statistics: { pixels: 4000, minimum: 0, maximum: 3999, mean: 1999.5 },
    });
  });

  it('finds the image after an empty primary HDU', async () => {
    const extension = headerBytes([...extensionRecords('IMAGE', 8, [2, 2]), record('EXTNAME', 'SCI')]);
    const file = Buffer.concat([headerBytes(primaryRecords(8, [])), extension, dataBytes(Buffer.from([1, 2, 3, 4]))]);
    expect(await inspectFits(stream(file))).toMatchObject({ imageHdu: 1, statistics: { mean: 2.5 } });
  });

  it('keeps the facts of the first image only', async () => {
    const extension = headerBytes(extensionRecords('IMAGE', 8, [2, 2]));
    const file = Buffer.concat([IMAGE, extension, dataBytes(Buffer.alloc(4))]);
    expect(await inspectFits(stream(file))).toMatchObject({ hdus: 2, imageHdu: 0, statistics: { pixels: 4000 } });
  });

  it('recognises a compressed image, and does not decompress it', async () => {
    const records = [
      ...extensionRecords('BINTABLE', 8, [4, 1], { tfields: 1 }),
      record('TFORM1', '1J'),
      record('ZIMAGE', true),
    ];
    const file = Buffer.concat([headerBytes(primaryRecords(8, [])), headerBytes(records), dataBytes(Buffer.alloc(4))]);
    expect(await inspectFits(stream(file))).toMatchObject({
      image: null,
      statistics: null,
      contents: [{ isCompressedImage: false }, { kind: 'bintable', isCompressedImage: true }],
    });
  });

  it('reports the results so far for a truncated file', () => {
    const inspector = new FitsInspector();
    inspector.write(IMAGE.subarray(0, 2880 + 400));
    expect(() => inspector.end()).toThrow('the data of HDU 0 end after 400 of 16000 bytes');
    expect(inspector.soFar()).toMatchObject({ image: { shape: [50, 80] }, statistics: { pixels: 100, maximum: 99 } });
  });
});

describe('inspecting a stream', () => {
  it('passes errors of the source on unchanged', async () => {
    const source = new PassThrough();
    const failed = new Error('connection reset');
    source.write(IMAGE.subarray(0, 5000));
    source.destroy(failed);
    await expect(inspectFits(source)).rejects.toBe(failed);
  });

  it('destroys the source when the file is refused', async () => {
    const source = stream(Buffer.alloc(100_000, 'x'));
    await expect(inspectFits(source)).rejects.toMatchObject({ code: 'fits.not-fits' });
    expect(source.destroyed).toBe(true);
  });

  it('stops on abort', async () => {
    const abort = new AbortController();
    const source = new PassThrough();
    source.write(IMAGE.subarray(0, 5000));
    const inspection = inspectFits(source, { signal: abort.signal });
    abort.abort();
    await expect(inspection).rejects.toMatchObject({ name: 'AbortError' });
    expect(source.destroyed).toBe(true);
  });
});

describe('inspecting a .fits.gz', () => {
  const packed = gzipSync(IMAGE);

  it('returns the same as for the decompressed file', async () => {
    expect(await inspectFits(stream(packed), { compression: 'gzip' })).toEqual(await inspectFits(stream(IMAGE)));
  });

  it.each([
    ['is truncated', packed.subarray(0, -20), 'fits.gzip'],
    ['is damaged', Buffer.concat([packed.subarray(0, 100), Buffer.alloc(60, 0xff), packed.subarray(160)]), 'fits.gzip'],
    ['is not gzip', IMAGE, 'fits.gzip'],
    ['contains something else', gzipSync(Buffer.from('not FITS')), 'fits.not-fits'],
    ['is empty', Buffer.alloc(0), 'fits.gzip'],
  ])('refuses one that %s', async (_, bytes, code) => {
    const source = stream(bytes);
    await expect(inspectFits(source, { compression: 'gzip' })).rejects.toMatchObject({ name: 'FitsError', code });
  });

  it('stops decompressing at the limit', async () => {
    const bomb = gzipSync(Buffer.concat([headerBytes(primaryRecords(8, [10_000_000])), Buffer.alloc(10_000_000)]));
    const source = stream(bomb);
    const inspection = inspectFits(source, { compression: 'gzip', maxExpandedBytes: 1_000_000 });
    await expect(inspection).rejects.toMatchObject({ code: 'fits.limit' });
    expect(source.destroyed).toBe(true);
  });

  it('passes errors of the source on unchanged', async () => {
    const source = new PassThrough();
    const failed = new Error('connection reset');
    source.write(packed.subarray(0, 200));
    setImmediate(() => source.destroy(failed));
    await expect(inspectFits(source, { compression: 'gzip' })).rejects.toBe(failed);
  });

  it('reports gzip data in a file that should be plain FITS', async () => {
    await expect(inspectFits(stream(packed))).rejects.toThrow('it is gzip data');
  });
});
