import fc from 'fast-check';
import {
  asdmDirectoryName,
  isProjectCode,
  parsePackageName,
  productTarName,
  PROJECT_CODE_IN_FILE_NAME,
  rawTarName,
} from './package-name';
import { parseUid } from './uid';

const CODE = '2012.1.12345.S';
const OUS = parseUid('uid://A001/X12b/X239');
const EB = parseUid('uid://A002/X85c183/X36f');

describe("a product tar's name", () => {
  it('is that of §2', () => {
    expect(productTarName(CODE, OUS, 1, 1)).toBe('2012.1.12345.S_uid___A001_X12b_X239_1_of_1.tar');
  });

  it.each(['1_of_12', '001_of_012', '0001_of_0012', '01_of_12'])('is read with %s', (numbers) => {
    const parsed = parsePackageName(`${CODE}_uid___A001_X12b_X239_${numbers}.tar`);
    expect(parsed).toEqual({ kind: 'product', project: CODE, ous: OUS, part: 1, of: 12 });
  });

  it('is read as decimal numbers, with or without leading zeros', () => {
    expect(parsePackageName(`${CODE}_uid___A001_X12b_X239_010_of_015.tar`)).toMatchObject({ part: 10, of: 15 });
  });

  it('is read with a commissioning code', () => {
    const parsed = parsePackageName('0000.0.00341.CSV_uid___A001_X12b_X239_001_of_001.tar');
    expect(parsed).toMatchObject({ kind: 'product', project: '0000.0.00341.CSV', ous: OUS });
  });

  it('is parsed to the values that it was made of', () => {
    const number = fc.integer({ min: 1, max: 9999 });
    fc.assert(
      fc.property(number, number, (part, of) => {
        const parsed = parsePackageName(productTarName(CODE, OUS, part, of));
        expect(parsed).toEqual({ kind: 'product', project: CODE, ous: OUS, part, of });
      }),
    );
  });
});

describe("an auxiliary tar's name", () => {
  it('is read', () => {
    const parsed = parsePackageName(`${CODE}_uid___A001_X12b_X239_auxiliary.tar`);
    expect(parsed).toEqual({ kind: 'auxiliary', project: CODE, ous: OUS });
  });

  it('is not read without a project code', () => {
    expect(parsePackageName('uid___A001_X12b_X239_auxiliary.tar')).toBeNull();
  });
});

describe("a raw tar's name", () => {
  it('is read with a project code in front', () => {
    const name = rawTarName(CODE, EB);
    expect(name).toBe('2012.1.12345.S_uid___A002_X85c183_X36f.asdm.sdm.tar');
    expect(parsePackageName(name)).toEqual({ kind: 'raw', project: CODE, executionBlock: EB });
  });

  it('is read without a project code', () => {
    const parsed = parsePackageName('uid___A002_X85c183_X36f.asdm.sdm.tar');
    expect(parsed).toEqual({ kind: 'raw', project: null, executionBlock: EB });
  });

  it('has the name of the directory that it unpacks to below raw/', () => {
    expect(asdmDirectoryName(EB)).toBe('uid___A002_X85c183_X36f.asdm.sdm');
  });
});

describe('parsePackageName', () => {
  const uid = 'uid___A001_X12b_X239';

  it.each([
    ['a directory in front', `x/${CODE}_${uid}_001_of_001.tar`],
    ['the root in front', `/${CODE}_${uid}_001_of_001.tar`],
    ['a way up in front', `../${CODE}_${uid}_001_of_001.tar`],
    ['a way up in the middle', `${CODE}_${uid}_/../001_of_001.tar`],
    ['a way up for a code', `.._${uid}_001_of_001.tar`],
    ['a way up before raw data', `../${uid}.asdm.sdm.tar`],
    ['a directory behind', `${CODE}_${uid}_001_of_001.tar/x`],
    ['a canonical uid', `${CODE}_uid://A001/X12b/X239_001_of_001.tar`],
    ['a newline behind', `${CODE}_${uid}_001_of_001.tar\n`],
    ['a newline behind an auxiliary', `${CODE}_${uid}_auxiliary.tar\n`],
    ['a newline behind raw data', `${uid}.asdm.sdm.tar\n`],
    ['a newline in front', `\n${CODE}_${uid}_001_of_001.tar`],
    ['a newline inside', `${CODE}\n_${uid}_001_of_001.tar`],
    ['a NUL behind', `${CODE}_${uid}_001_of_001.tar\0`],
    ['any character for the dot of .tar', `${CODE}_${uid}_001_of_001xtar`],
    ['any character for the dot of .asdm', `${uid}xasdm.sdm.tar`],
    ['another ending', `${CODE}_${uid}_001_of_001.tar.gz`],
    ['an upper-case ending', `${CODE}_${uid}_001_of_001.TAR`],
    ['no numbers', `${CODE}_${uid}.tar`],
    ['one number', `${CODE}_${uid}_001.tar`],
    ['five digits', `${CODE}_${uid}_00001_of_00001.tar`],
    ['a negative number', `${CODE}_${uid}_-1_of_1.tar`],
    ['a hexadecimal number', `${CODE}_${uid}_0x1_of_0x1.tar`],
    ['a product without a code', `${uid}_001_of_001.tar`],
    ['a wrong code', `2012.1.1234.S_${uid}_001_of_001.tar`],
    ['an upper-case uid', `${CODE}_uid___A001_X12B_X239_001_of_001.tar`],
    ['a zero-padded uid', `${CODE}_uid___A001_X012b_X239_001_of_001.tar`],
    ['a date for the uid', `${CODE}_2012-05-03_001_of_003.tar`],
    ['nothing', ''],
  ])('rejects a name with %s', (_, name) => {
    expect(parsePackageName(name)).toBeNull();
  });

  it('rejects very long names', () => {
    expect(parsePackageName(`${CODE}_uid___A001_X${'1'.repeat(1_000_000)}_X1_1_of_1.tar`)).toBeNull();
    expect(parsePackageName(`${CODE}_${`${uid}_`.repeat(50_000)}1_of_1.tar`)).toBeNull();
  });

  it.each([
    `${CODE}_${uid}_001_of_001.tar`,
    `${CODE}_${uid}_auxiliary.tar`,
    `${CODE}_${uid}.asdm.sdm.tar`,
    `${uid}.asdm.sdm.tar`,
  ])('rejects any hostile text in %s', (good) => {
    expect(parsePackageName(good)).not.toBeNull();
    for (const hostile of ['/', '..', '../', '\n', '\0', '\\', ' ', '%2f', '\u202e', '~']) {
      for (let at = 0; at <= good.length; at++) {
        expect(parsePackageName(good.slice(0, at) + hostile + good.slice(at))).toBeNull();
      }
    }
  });
});

describe('a project code', () => {
  it.each([
    ['standard', '2013.1.09999.S'],
    ['target of opportunity', '2013.1.00001.T'],
    ['VLBI', '2016.1.00413.V'],
    ['large', '2017.1.00161.L'],
    ['phased', '2022.1.00001.P'],
    ['commissioning', '0000.0.00341.CSV'],
    ['calibration', '2013.1.00002.CAL'],
    ['simulation', '2013.1.00003.SIM'],
    ['science verification', '2011.0.00010.SV'],
    ['extension', '2011.0.00003.E'],
    ["director's time", '2013.A.00014.S'],
    ['second call', '2019.2.00001.S'],
  ])('may be of the kind %s', (_, code) => {
    expect(isProjectCode(code)).toBe(true);
  });

  it.each([
    ['an unknown kind', '2013.1.09999.X'],
    ['no kind', '2013.1.09999'],
    ['an empty kind', '2013.1.09999.'],
    ['two kinds', '2013.1.09999.ST'],
    ['a lower-case kind', '2013.1.09999.s'],
    ['a lower-case call', '2013.a.00014.S'],
    ['a call of two digits', '2013.10.09999.S'],
    ['no call', '2013.09999.S'],
    ['four digits', '2013.1.9999.S'],
    ['six digits', '2013.1.099999.S'],
    ['a short year', '13.1.09999.S'],
    ['another separator', '2013-1-09999-S'],
    ['any character for a dot', '2013x1x09999xS'],
    ['a space before it', ' 2013.1.09999.S'],
    ['a space behind it', '2013.1.09999.S '],
    ['a newline behind it', '2013.1.09999.S\n'],
    ['a second line', '2013.1.09999.S\n2013.1.09999.S'],
    ['a directory behind it', '2013.1.09999.S/..'],
    ['digits of another script', '٢٠١٣.1.09999.S'],
    ['nothing', ''],
  ])('cannot have %s', (_, text) => {
    expect(isProjectCode(text)).toBe(false);
  });

  it('cannot be very long', () => {
    expect(isProjectCode(`2013.1.${'9'.repeat(1_000_000)}.S`)).toBe(false);
  });

  it('is found inside a file name', () => {
    const found = new RegExp(PROJECT_CODE_IN_FILE_NAME).exec('x_2013.1.09999.CSV_uid');
    expect(found?.[0]).toBe('2013.1.09999.CSV');
  });
});
