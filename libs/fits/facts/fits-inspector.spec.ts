import fc from 'fast-check';
import { FitsError } from '../fits.error';
import {
  dataBytes,
  doubleImageFile,
  extensionRecords,
  headerBytes,
  imageFile,
  primaryRecords,
  raw,
  record,
  skyRecords,
} from '../testing/fits-file.fixture';
import { FitsInspection, FitsInspector } from './fits-inspector';

/** A cube with all keywords that the facts use, and a BEAMS table. */
const CUBE = Buffer.concat([
  imageFile(
    [4, 3, 2, 1],
    Array.from({ length: 24 }, (_, i) => i),
    [
      ...skyRecords(),
      record('CTYPE3', 'VOPT-F2W'),
      record('CRVAL3', 1e5),
      record('CDELT3', 1e3),
      record('RESTFRQ', 2.3e11),
      record('CTYPE4', 'STOKES'),
      record('CRVAL4', 1),
      record('CDELT4', 1),
      record('CRPIX4', 1),
      record('PC1_1', 1),
      record('PC1_2', 0.1),
      record('PV2_1', 0.1),
      record('PV2_2', 0.1),
      record('LONPOLE', 180),
      record('BMAJ', 2e-4),
      record('BMIN', 1e-4),
      record('BPA', 3),
      record('BSCALE', 1),
      record('BZERO', 0),
      record('CHECKSUM', '0000000000000000'),
      record('DATASUM', '0'),
      raw("LONG = 'a&'"),
      raw("CONTINUE  'b'"),
    ],
  ),
  headerBytes([
    ...extensionRecords('BINTABLE', 8, [12, 2], { tfields: 3 }),
    ...['BMAJ', 'BMIN', 'BPA'].flatMap((name, i) => [record(`TTYPE${i + 1}`, name), record(`TFORM${i + 1}`, '1E')]),
    record('EXTNAME', 'BEAMS'),
  ]),
  dataBytes(Buffer.alloc(24, 0x40)),
]);

/** The bytes to mutate: everything but the padding. */
const PLACES = [...CUBE.keys()].filter((at) => CUBE[at] !== 0x20 && CUBE[at] !== 0);

function inspect(file: Buffer): FitsInspection | FitsError {
  const inspector = new FitsInspector();
  try {
    inspector.write(file);
    return inspector.end();
  } catch (error) {
    if (error instanceof FitsError) return error;
    throw error;
  }
}

/** Returns all numbers in a value, at any depth. */
function numbers(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbers) : [];
}

it('returns the same statistics for an image in double precision as in single', () => {
  const values = Array.from({ length: 100_000 }, (_, i) => (i % 97 === 0 ? NaN : (i % 1000) - 400));
  const [single, double] = [imageFile, doubleImageFile].map((file) => inspect(file([1000, 100], values)));
  expect(double).toMatchObject({ statistics: { pixels: 100_000, undefinedPixels: 1031, minimum: -400, maximum: 599 } });
  expect(double).toMatchObject({ statistics: (single as FitsInspection).statistics });
});

describe('a damaged file', () => {
  it('is inspected or refused, and the result has finite numbers only, as JSON requires', () => {
    const text = fc.constantFrom(..."0123456789.'-+=/ ETFDX");
    const damage = fc.record({
      place: fc.nat(PLACES.length - 1),
      byte: fc.oneof(text, fc.string({ unit: 'binary', maxLength: 1 })),
    });
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 30 }), (damages) => {
        const file = Buffer.from(CUBE);
        for (const { place, byte } of damages) file.write(byte, PLACES[place] ?? 0, 'latin1');
        const result = inspect(file);
        if (result instanceof FitsError) return;
        expect(result.remarks.length).toBeLessThanOrEqual(1000);
        expect(numbers({ ...result, statistics: null }).filter((number) => !Number.isFinite(number))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('is valid before it is damaged', () => {
    expect(inspect(CUBE)).toMatchObject({
      hdus: 2,
      image: { stokes: ['I'], spectral: { type: 'VOPT-F2W' }, beam: { count: 2 } },
    });
  });

  it.each([
    ['a reference pixel far away', 'CRPIX1', 1e300],
    ['a huge reference value', 'CRVAL1', 1e308],
    ['huge pixels', 'CDELT1', 1e308],
    ['a huge rotation', 'PC1_2', 1e308],
    ['a huge LONPOLE', 'LONPOLE', 1e308],
    ['a huge slant', 'PV2_1', 1e308],
    ['a huge frequency', 'CRVAL3', 1e308],
  ])('has finite results only for %s', (_, keyword, value) => {
    const changed = CUBE.toString('latin1').replace(new RegExp(`${keyword.padEnd(8)}=.{71}`), record(keyword, value));
    const result = inspect(Buffer.from(changed, 'latin1'));
    expect(result).toMatchObject({ hdus: 2, image: { shape: [4, 3, 2, 1] } });
    expect(numbers(result).filter((number) => !Number.isFinite(number))).toEqual([]);
  });

  it.each([
    ['parameters', extensionRecords('IMAGE', 8, [0, 4], { pcount: 8 }), 8],
    ['parameters and pixels', extensionRecords('IMAGE', 8, [2, 4], { pcount: 8 }), 16],
    ['groups', extensionRecords('IMAGE', 8, [2, 4], { gcount: 2 }), 16],
    ['no pixels', extensionRecords('IMAGE', 8, [0, 4]), 0],
    ['a single axis', extensionRecords('IMAGE', 8, [4]), 4],
  ])('has no image where an IMAGE extension has %s', (_, records, bytes) => {
    const file = [headerBytes(primaryRecords(8, [])), headerBytes(records), dataBytes(Buffer.alloc(bytes))];
    expect(inspect(Buffer.concat(file))).toMatchObject({ hdus: 2, image: null, statistics: null });
  });
});
