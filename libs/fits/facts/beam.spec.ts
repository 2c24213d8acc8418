import { dataBytes, extensionRecords, headerBytes, headerOf, imageFile, record } from '../testing/fits-file.fixture';
import { headerBeam, medianBeam, pixelsPerBeam } from './beam';
import { FitsInspection, FitsInspector } from './fits-inspector';

const beam = (majorArcsec: number, minorArcsec: number, paDeg: number) => ({ majorArcsec, minorArcsec, paDeg });

describe('the beam of a header', () => {
  it('is converted from degrees to arcsec', () => {
    const facts = headerBeam(headerOf([record('BMAJ', 1 / 3600), record('BMIN', 0.5 / 3600), record('BPA', -75)]));
    expect(facts?.majorArcsec).toBeCloseTo(1, 9);
    expect(facts?.minorArcsec).toBeCloseTo(0.5, 9);
    expect(facts).toMatchObject({ paDeg: -75, count: 1 });
    expect(facts?.smallest).toEqual(facts?.largest);
  });

  it.each([
    [1, 1 + 1e-10],
    [7.3, 7.3000005],
  ])('of %d by %d arcsec is round', (major, minor) => {
    const facts = headerBeam(headerOf([record('BMAJ', major / 3600), record('BMIN', minor / 3600)]));
    expect(facts?.majorArcsec).toBeCloseTo(minor, 9);
    expect(facts?.minorArcsec).toBeCloseTo(major, 9);
  });

  it.each([
    ['absent', []],
    ['incomplete', [record('BMAJ', 1)]],
    ['of size zero', [record('BMAJ', 1), record('BMIN', 0)]],
    ['larger than the sky', [record('BMAJ', 1e308), record('BMIN', 1)]],
    ['wider than long', [record('BMAJ', 1), record('BMIN', 2)]],
  ])('is null when it is %s', (_, records) => {
    expect(headerBeam(headerOf(records))).toBeNull();
  });
});

describe('the median of several beams', () => {
  it('has the median of each parameter, the smallest and the largest beam', () => {
    const beams = [beam(3, 1, 10), beam(1, 1, 12), beam(2, 2, 11), beam(4, 1.5, 9)];
    expect(medianBeam(beams)).toEqual({
      ...beam(2.5, 1.25, 10.5),
      count: 4,
      smallest: beams[1],
      largest: beams[3],
    });
  });

  it('treats angles on both sides of 90 degrees as neighbours', () => {
    expect(medianBeam([beam(2, 1, 89), beam(2, 1, -89), beam(2, 1, -88)])?.paDeg).toBe(91);
  });

  it('is null without beams', () => {
    expect(medianBeam([])).toBeNull();
  });
});

it('a round beam of 2 arcsec covers 4.53 pixels of 1 arcsec', () => {
  expect(pixelsPerBeam(beam(2, 2, 0), [1, 1])).toBeCloseTo(4.532, 3);
});

interface TableOptions {
  name?: string;
  units?: [string, string];
  forms?: [string, string, string];
  rows?: [number, number, number][];
}

/** A cube of two channels and CASA's table of its beams: BMAJ, BMIN, BPA as E, channel as J. */
function cubeWithBeams(options: TableOptions = {}): Buffer {
  const { name = 'BEAMS', units = ['arcsec', 'deg'], forms = ['1E', '1E', '1E'] } = options;
  const rows = options.rows ?? [
    [2, 1, 10],
    [4, 3, 20],
  ];
  const columns = ['BMAJ', 'BMIN', 'BPA'].flatMap((column, i) => [
    record(`TTYPE${i + 1}`, column),
    record(`TFORM${i + 1}`, forms[i] ?? ''),
    record(`TUNIT${i + 1}`, i < 2 ? units[0] : units[1]),
  ]);
  const channel = [record('TTYPE4', 'CHAN'), record('TFORM4', '1J')];
  const width = forms.reduce((sum, form) => sum + (form.endsWith('D') ? 8 : 4), 4);
  const header = headerBytes([
    ...extensionRecords('BINTABLE', 8, [width, rows.length], { tfields: 4 }),
    record('EXTNAME', name),
    ...columns,
    ...channel,
  ]);
  const data = Buffer.concat(rows.map((row) => rowBytes(row, forms)));
  return Buffer.concat([
    imageFile([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8], [record('BMAJ', 1), record('BMIN', 1)]),
    header,
    dataBytes(data),
  ]);
}

function rowBytes(row: readonly number[], forms: readonly string[]): Buffer {
  const cells = row.map((value, i) => {
    const cell = Buffer.alloc(forms[i] === '1D' ? 8 : 4);
    if (forms[i] === '1D') cell.writeDoubleBE(value);
    else cell.writeFloatBE(value);
    return cell;
  });
  return Buffer.concat([...cells, Buffer.alloc(4)]);
}

function inspect(file: Buffer, chunk = file.length): FitsInspection {
  const inspector = new FitsInspector();
  for (let at = 0; at < file.length; at += chunk) inspector.write(file.subarray(at, at + chunk));
  return inspector.end();
}

describe('the BEAMS table of a cube', () => {
  it('replaces the beam in the header', () => {
    expect(inspect(cubeWithBeams()).image?.beam).toMatchObject({ majorArcsec: 3, minorArcsec: 2, paDeg: 15, count: 2 });
  });

  it('is read the same for any chunks', () => {
    expect(inspect(cubeWithBeams(), 7).image?.beam).toEqual(inspect(cubeWithBeams()).image?.beam);
  });

  it('can be in degrees, radians and double precision', () => {
    const degrees = cubeWithBeams({
      units: ['deg', 'rad'],
      forms: ['1D', '1D', '1D'],
      rows: [[2 / 3600, 1 / 3600, Math.PI / 4]],
    });
    const beam = inspect(degrees).image?.beam;
    expect(beam?.majorArcsec).toBeCloseTo(2, 9);
    expect(beam?.paDeg).toBeCloseTo(45, 9);
  });

  it('is skipped for channels that were not imaged', () => {
    const rows: [number, number, number][] = [
      [0, 0, 0],
      [2, 1, 10],
      [NaN, NaN, NaN],
    ];
    expect(inspect(cubeWithBeams({ rows })).image?.beam).toMatchObject({ majorArcsec: 2, count: 1 });
  });

  it.each([
    ['another name', { name: 'OTHER' }],
    ['columns without numbers', { forms: ['1A', '1E', '1E'] as [string, string, string] }],
    ['columns of more than one number', { forms: ['2E', '1E', '1E'] as [string, string, string] }],
    ['no rows', { rows: [] }],
    ['an unknown unit', { units: ['pixel', 'deg'] as [string, string] }],
  ])('is ignored with %s', (_, options) => {
    expect(inspect(cubeWithBeams(options)).image?.beam).toMatchObject({ majorArcsec: 3600, count: 1 });
  });
});
