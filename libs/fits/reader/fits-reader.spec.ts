import fc from 'fast-check';
import { FitsError } from '../fits.error';
import {
  dataBytes,
  extensionRecords,
  headerBytes,
  imageFile,
  primaryRecords,
  raw,
  record,
} from '../testing/fits-file.fixture';
import { FitsHandler, FitsReader, FitsSummary } from './fits-reader';
import { FitsLimits } from './hdu';

/** Records all calls of the reader in order, with the data of each HDU joined. */
class Recorder implements FitsHandler {
  readonly events: string[] = [];
  readonly data: Buffer[] = [];

  onHeader(hdu: Parameters<Required<FitsHandler>['onHeader']>[0]): void {
    const { index, kind, name, axes, dataOffset, dataLength } = hdu;
    this.events.push(`header ${index} ${kind} ${name} [${axes.join()}] at ${dataOffset}, ${dataLength} bytes`);
    this.data.push(Buffer.alloc(0));
  }

  onData(_hdu: unknown, bytes: Uint8Array): void {
    const last = this.data.length - 1;
    this.data[last] = Buffer.concat([this.data[last] ?? Buffer.alloc(0), bytes]);
  }

  onHduEnd(hdu: { index: number }, checksum: string): void {
    this.events.push(`end ${hdu.index} ${checksum}`);
  }
}

function read(chunks: readonly Uint8Array[], limits: Partial<FitsLimits> = {}): Recorder & { summary: FitsSummary } {
  const recorder = new Recorder();
  const reader = new FitsReader(recorder, limits);
  for (const chunk of chunks) reader.write(chunk);
  return Object.assign(recorder, { summary: reader.end() });
}

function failure(chunks: readonly Uint8Array[], limits: Partial<FitsLimits> = {}): FitsError {
  try {
    read(chunks, limits);
  } catch (error) {
    if (error instanceof FitsError) return error;
    throw error;
  }
  throw new Error('the file was read');
}

const ROWS = Buffer.from('0123456789', 'latin1');
const SAMPLE = Buffer.concat([
  imageFile([3, 2], [1, 2, 3, 4, 5, 6], [record('DATASUM', '1')]),
  headerBytes([...extensionRecords('BINTABLE', 8, [5, 1], { pcount: 5, tfields: 1 }), record('TFORM1', '1PE')]),
  dataBytes(ROWS),
  headerBytes([...extensionRecords('IMAGE', 16, []), record('EXTNAME', 'NOTHING')]),
]);

describe('reading a FITS file', () => {
  it('reports each HDU, its data without padding, and its end', () => {
    const result = read([SAMPLE]);
    expect(result.events).toEqual([
      'header 0 primary null [3,2] at 2880, 24 bytes',
      'end 0 invalid',
      'header 1 bintable null [5,1] at 8640, 10 bytes',
      'end 1 absent',
      'header 2 image NOTHING [] at 14400, 0 bytes',
      'end 2 absent',
    ]);
    expect(result.data.map((bytes) => bytes.length)).toEqual([24, 10, 0]);
    expect(result.data[1]).toEqual(ROWS);
    expect(result.summary).toMatchObject({ size: 14400, hdus: 3, remarksOmitted: 0 });
  });

  it('reports the same for any chunks', () => {
    const whole = read([SAMPLE]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: SAMPLE.length })), (cuts) => {
        const edges = [0, ...cuts.sort((a, b) => a - b), SAMPLE.length];
        const chunks = edges.slice(1).map((edge, i) => SAMPLE.subarray(edges[i], edge));
        const result = read(chunks);
        expect(result.events).toEqual(whole.events);
        expect(result.data).toEqual(whole.data);
        expect(result.summary).toEqual(whole.summary);
      }),
      { numRuns: 50 },
    );
  });

  it('reads byte by byte', () => {
    expect(read([...SAMPLE].map((byte) => Uint8Array.of(byte))).events).toEqual(read([SAMPLE]).events);
  });

  it("passes views of the caller's chunk on, not copies", () => {
    const seen: ArrayBufferLike[] = [];
    const chunk = new Uint8Array(SAMPLE);
    new FitsReader({ onData: (_hdu, bytes) => seen.push(bytes.buffer) }).write(chunk);
    expect(seen).toHaveLength(2);
    for (const buffer of seen) expect(buffer).toBe(chunk.buffer);
  });

  it.each([
    ['8-bit', headerBytes(primaryRecords(8, [7, 3])), 21],
    ['64-bit', headerBytes(primaryRecords(64, [7, 3])), 168],
    ['double precision', headerBytes(primaryRecords(-64, [7, 3])), 168],
    ['empty', headerBytes(primaryRecords(-64, [7, 0])), 0],
    [
      'random groups',
      headerBytes([...primaryRecords(-32, [0, 3]), record('GROUPS', true), record('PCOUNT', 2), record('GCOUNT', 4)]),
      80,
    ],
  ])('computes the size of %s data', (_, header, bytes) => {
    const reader = new FitsReader({ onHeader: (hdu) => sizes.push(hdu.dataLength) });
    const sizes: number[] = [];
    reader.write(header);
    expect(sizes).toEqual([bytes]);
  });
});

describe('a file that cannot be read to its end', () => {
  it.each<[string, Buffer[], string, number | null]>([
    ['an empty file', [], 'fits.truncated', 0],
    ['text', [Buffer.from('<html>')], 'fits.not-fits', 0],
    ['gzip data', [Buffer.from([0x1f, 0x8b, 8, 0])], 'fits.not-fits', 0],
    ['a file of five bytes', [Buffer.from('SIMPL')], 'fits.not-fits', 0],
    ['a header without END', [headerBytes(primaryRecords(8, [])).subarray(0, 240)], 'fits.truncated', 240],
    ['a header that ends after a block', [blocks(1)], 'fits.truncated', 2880],
    ['truncated data', [SAMPLE.subarray(0, 2890)], 'fits.truncated', 2890],
    ['a truncated extension', [SAMPLE.subarray(0, 6000)], 'fits.truncated', 6000],
    ['no BITPIX', [headerBytes([record('SIMPLE', true), record('NAXIS', 0)])], 'fits.structure', 0],
    ['a BITPIX of 12', [headerBytes(primaryRecords(12, []))], 'fits.structure', 0],
    [
      'NAXIS as a string',
      [headerBytes([...primaryRecords(8, []).slice(0, 2), record('NAXIS', 'two')])],
      'fits.structure',
      0,
    ],
    [
      'a negative NAXIS',
      [headerBytes([...primaryRecords(8, []).slice(0, 2), record('NAXIS', -1)])],
      'fits.structure',
      0,
    ],
    [
      'no NAXIS2',
      [headerBytes([...primaryRecords(8, []).slice(0, 2), record('NAXIS', 2), record('NAXIS1', 1)])],
      'fits.structure',
      0,
    ],
    ['a negative axis', [headerBytes(primaryRecords(8, [-5]))], 'fits.structure', 0],
    [
      'a negative PCOUNT',
      [SAMPLE.subarray(0, 5760), headerBytes(extensionRecords('X', 8, [1], { pcount: -9 }))],
      'fits.structure',
      5760,
    ],
    ['more data than the limit', [headerBytes(primaryRecords(-64, [2 ** 40, 2 ** 40]))], 'fits.limit', 0],
  ])('%s', (_, chunks, code, offset) => {
    expect(failure(chunks)).toMatchObject({ code, offset, retryable: false });
  });

  it('is refused over a limit', () => {
    expect(failure([blocks(3)], { headerBytes: 3 * 2880 })).toMatchObject({ code: 'fits.limit', offset: 0 });
    expect(failure([SAMPLE], { hdus: 2 })).toMatchObject({ code: 'fits.limit', offset: 11520 });
    expect(failure([SAMPLE], { axes: 1 })).toMatchObject({ code: 'fits.limit' });
    expect(failure([SAMPLE], { valueRecords: 1 })).toMatchObject({ code: 'fits.limit', offset: 0 });
    expect(failure([SAMPLE], { dataBytes: 23 })).toMatchObject({ code: 'fits.limit' });
    expect(read([SAMPLE], { headerBytes: 2880, hdus: 3, axes: 2, dataBytes: 24 }).summary.hdus).toBe(3);
  });

  it('is reported as gzip data', () => {
    expect(failure([Buffer.from([0x1f, 0x8b])]).message).toContain('gzip');
  });

  it('refuses calls after an error or the end', () => {
    const reader = new FitsReader({});
    expect(() => reader.write(Buffer.from('junk'))).toThrow(FitsError);
    expect(() => reader.write(SAMPLE)).toThrow('the reader has failed');
    const ended = new FitsReader({});
    ended.write(SAMPLE);
    ended.end();
    expect(() => ended.end()).toThrow('the reader has ended');
  });

  it('still has a summary of what came before', () => {
    const reader = new FitsReader({});
    reader.write(SAMPLE.subarray(0, 6000));
    expect(() => reader.end()).toThrow(FitsError);
    expect(reader.summary()).toMatchObject({ hdus: 1, size: 6000 });
  });
});

describe('a file with other data after its last HDU', () => {
  it('is read, with a remark on the number of bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 6000 }), fc.integer({ min: 1, max: 4000 }), (tail, cut) => {
        fc.pre(!Buffer.from(tail).toString('latin1').startsWith('XTENSION'));
        const result = read([SAMPLE, tail.subarray(0, cut), tail.subarray(cut)]);
        expect(result.summary.hdus).toBe(3);
        expect(result.summary.remarks.at(-1)).toMatchObject({
          code: 'fits.trailing-bytes',
          found: `${tail.length} bytes`,
        });
      }),
    );
  });
});

describe('a damaged file', () => {
  it('is read or refused, with a limited number of remarks', () => {
    const place = fc.record({ at: fc.nat(SAMPLE.length - 1), byte: fc.integer({ min: 0, max: 255 }) });
    fc.assert(
      fc.property(fc.array(place, { minLength: 1, maxLength: 40 }), fc.nat(SAMPLE.length), (places, length) => {
        const file = Buffer.from(SAMPLE.subarray(0, length));
        for (const { at, byte } of places) if (at < length) file[at] = byte;
        const outcome = attempt(file);
        expect(outcome).toBeLessThanOrEqual(1000);
      }),
      { numRuns: 2000 },
    );
  });

  it('cannot make the reader buffer a header without END', () => {
    const reader = new FitsReader({}, { headerBytes: 10 * 2880 });
    reader.write(blocks(9));
    expect(() => reader.write(Buffer.alloc(2880, 'A'))).toThrow('no END');
  });
});

/** Returns the number of remarks; 0 for a file that was refused. */
function attempt(file: Buffer): number {
  const reader = new FitsReader({});
  try {
    reader.write(file);
    return reader.end().remarks.length;
  } catch (error) {
    expect(error).toBeInstanceOf(FitsError);
    return 0;
  }
}

/** Returns header blocks full of records, without END. */
function blocks(count: number): Buffer {
  const start = primaryRecords(8, []);
  const rest = Array.from({ length: count * 36 - start.length }, () => raw('HISTORY and so on'));
  return Buffer.from([...start, ...rest].join(''), 'latin1');
}
