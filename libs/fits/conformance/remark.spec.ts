import { FitsReader } from '../reader/fits-reader';
import {
  dataBytes,
  extensionRecords,
  headerBytes,
  imageFile,
  primaryRecords,
  raw,
  record,
  skyRecords,
} from '../testing/fits-file.fixture';
import { Remark, REMARK_CATALOGUE, RemarkCode, RemarkLog } from './remark';

function remarksOn(file: Buffer): readonly Remark[] {
  const reader = new FitsReader({});
  reader.write(file);
  return reader.end().remarks;
}

const PIXELS = [1, 2, 3, 4];
/** A valid image of 2 x 2 pixels with these records in its header. */
const image = (...records: string[]): Buffer => imageFile([2, 2], PIXELS, records);
const sky = (...changed: string[]): Buffer => {
  const names = changed.map((text) => text.slice(0, 8));
  return image(...skyRecords().filter((text) => !names.includes(text.slice(0, 8))), ...changed);
};
const spectral = (...records: string[]): Buffer =>
  imageFile([2, 2, 1], PIXELS, [...skyRecords(), record('CRPIX3', 1), record('CDELT3', 1e6), ...records]);
const empty = headerBytes(primaryRecords(8, []));
const extension = (records: string[], data = Buffer.alloc(0)): Buffer =>
  Buffer.concat([empty, headerBytes(records), dataBytes(data)]);
const swapped = (records: string[], a: number, b: number): string[] =>
  records.map((text, i) => (i === a ? (records[b] ?? text) : i === b ? (records[a] ?? text) : text));

/** For every remark a file that is valid except for the reason of the remark. */
const BREACHES: Record<RemarkCode, Buffer> = {
  'fits.ascii': image(raw('COMMENT caf\u00e9')),
  'fits.header-fill': Buffer.concat([headerBytes([...primaryRecords(8, [])]).subarray(0, 2879), Buffer.from('x')]),
  'fits.data-fill': Buffer.concat([headerBytes(primaryRecords(8, [2, 2])), dataBytes(Buffer.from(PIXELS), 0x20)]),
  'fits.block-incomplete': image().subarray(0, -1),
  'fits.trailing-bytes': Buffer.concat([image(), Buffer.alloc(512)]),
  'fits.keyword-characters': image(record('lower', 1)),
  'fits.index-leading-zero': image(record('PC01_01', 1)),
  'fits.value-indicator': image(raw('KEYWORD =5')),
  'fits.duplicate-mandatory': image(record('BITPIX', -32)),
  'fits.duplicate-keyword': image(record('OBJECT', 'A'), record('OBJECT', 'B')),
  'fits.comment-separator': image(raw('KEYWORD = 5 no slash')),
  'fits.value-malformed': image(raw('KEYWORD = yes')),
  'fits.string-unclosed': image(raw("KEYWORD = 'open")),
  'fits.exponent-lower-case': image(raw('KEYWORD = 1e5')),
  'fits.continue': image(record('KEYWORD', 'whole'), raw("CONTINUE  'more'")),
  'fits.end-card': Buffer.from(
    headerBytes(primaryRecords(8, [])).toString('latin1').replace('END      ', 'END     x'),
    'latin1',
  ),
  'fits.mandatory-order': headerBytes(swapped(primaryRecords(8, []), 1, 2)),
  'fits.mandatory-missing': extension(extensionRecords('IMAGE', 8, []).slice(0, -1)),
  'fits.mandatory-format': headerBytes([record('SIMPLE', true), raw('BITPIX  = 8'), record('NAXIS', 0)]),
  'fits.mandatory-value': extension(extensionRecords('IMAGE', 8, [1], { pcount: 1 }), Buffer.alloc(2)),
  'fits.simple-false': headerBytes([record('SIMPLE', false), ...primaryRecords(8, []).slice(1)]),
  'fits.axis-surplus': headerBytes([...primaryRecords(8, []), record('NAXIS1', 4)]),
  'fits.xtension-in-primary': image(record('XTENSION', 'IMAGE')),
  'fits.xtension-unregistered': extension(extensionRecords('OWNTYPE', 8, [4]), Buffer.alloc(4)),
  'fits.reserved-type': image(record('OBJECT', 5)),
  'fits.reserved-value': image(record('BLANK', 5)),
  'fits.date-format': image(record('DATE-OBS', '2014-13-01')),
  'fits.deprecated': image(record('EPOCH', 2000)),
  'fits.random-groups': headerBytes([
    ...primaryRecords(8, [0]),
    record('GROUPS', true),
    record('PCOUNT', 0),
    record('GCOUNT', 0),
  ]),
  'fits.table-columns': extension(
    [...extensionRecords('BINTABLE', 8, [5, 1], { tfields: 1 }), record('TFORM1', '1E')],
    Buffer.alloc(5),
  ),
  'fits.checksum-form': image(record('CHECKSUM', 'short')),
  'fits.checksum-mismatch': image(record('CHECKSUM', '0000000000000000')),
  'fits.datasum-mismatch': image(record('DATASUM', '1')),
  'fits.wcs-axes': image(record('CRPIX1', 1), record('WCSAXES', 2)),
  'fits.wcs-increment': imageFile([2, 2, 1], PIXELS, [record('CDELT3', 0)]),
  'fits.wcs-mixed-forms': sky(record('PC1_1', 1), record('CD1_1', 1), record('CD2_2', 1)),
  'fits.wcs-celestial-pair': sky(record('CTYPE2', 'DEC--TAN')),
  'fits.wcs-celestial-unit': sky(record('CUNIT2', 'arcsec')),
  'fits.wcs-celestial-range': sky(record('CRVAL2', 91)),
  'fits.wcs-frame': sky(record('RADESYS', 'J2000')),
  'fits.wcs-spectral': spectral(record('CTYPE3', 'VRAD'), record('CRVAL3', 0)),
  'fits.wcs-spectral-frame': image(record('SPECSYS', 'LSR')),
  'fits.wcs-stokes': spectral(record('CTYPE3', 'STOKES'), record('CRVAL3', 9)),
};

describe('conformance with the FITS standard', () => {
  it.each(Object.entries(BREACHES))('%s is reported, and nothing else', (code, file) => {
    expect([...new Set(remarksOn(file).map((remark) => remark.code))]).toEqual([code]);
  });

  it.each([
    ['an image', image()],
    ['sky coordinates', sky()],
    ['spectral coordinates', spectral(record('CTYPE3', 'FREQ'), record('CRVAL3', 2.3e11), record('SPECSYS', 'LSRK'))],
    [
      'a table',
      extension([...extensionRecords('BINTABLE', 8, [4, 1], { tfields: 1 }), record('TFORM1', '1E')], Buffer.alloc(4)),
    ],
    ['an ASCII table', asciiTable({ TFORM1: 'I6', TBCOL1: 1 })],
    ['HIERARCH and a long string', image(raw('HIERARCH A B = 1'), raw("LONG    = 'a&'"), raw("CONTINUE  'b'"))],
    ['an old date', image(record('DATE-OBS', '31/12/98'))],
    ['a date with a time', image(record('DATE-OBS', '2014-12-03T08:44:04.999999'))],
    ['a rotation of zero and PC', sky(record('PC1_1', 1), record('CROTA2', 0))],
    ['a keyword without a value', image(raw('DATE-OBS='))],
  ])('%s that conforms has no remarks', (_, file) => {
    expect(remarksOn(file)).toEqual([]);
  });

  it.each([
    ['TFORM1', asciiTable({ TFORM1: '1E', TBCOL1: 1 })],
    ['TBCOL1', asciiTable({ TFORM1: 'I6', TBCOL1: 7 })],
    ['TFIELDS', extension(extensionRecords('TABLE', 8, [6, 1], { tfields: 1000 }), Buffer.alloc(6))],
    ['TFORM', extension(extensionRecords('BINTABLE', 8, [4, 1], { tfields: 1 }), Buffer.alloc(4))],
  ])('%s of a table is checked', (keyword, file) => {
    expect(remarksOn(file)).toContainEqual(expect.objectContaining({ code: 'fits.table-columns', keyword }));
  });

  it.each<[RemarkCode, string, Buffer]>([
    ['fits.reserved-value', 'a scale of zero', image(record('BSCALE', 0))],
    ['fits.wcs-increment', 'a singular matrix', sky(record('PC1_1', 0), record('PC2_2', 0))],
    ['fits.wcs-celestial-pair', 'a longitude alone', image(record('CTYPE1', 'RA---SIN'))],
    ['fits.wcs-spectral', 'a frequency of zero', spectral(record('CTYPE3', 'FREQ'), record('CRVAL3', 0))],
    ['fits.wcs-mixed-forms', 'PC and a rotation', sky(record('PC1_1', 1), record('CROTA2', 5))],
    [
      'fits.mandatory-value',
      'a table of two groups',
      extension(
        [...extensionRecords('BINTABLE', 8, [4, 1], { gcount: 2, tfields: 1 }), record('TFORM1', '1E')],
        Buffer.alloc(8),
      ),
    ],
    [
      'fits.mandatory-value',
      'a table of words',
      extension(
        [...extensionRecords('BINTABLE', 32, [4, 1], { tfields: 1 }), record('TFORM1', '1E')],
        Buffer.alloc(16),
      ),
    ],
    ['fits.date-format', 'an invalid month of 1998', image(record('DATE', '01/13/98'))],
    ['fits.date-format', 'an invalid hour', image(record('DATE', '2014-12-03T24:00:00'))],
    ['fits.date-format', 'a date in words', image(record('DATE', 'yesterday'))],
    ['fits.duplicate-keyword', 'the same value twice', image(record('OBJECT', 'A'), record('OBJECT', 'A'))],
    ['fits.continue', 'CONTINUE without a string', image(raw("LONG    = 'a&'"), raw('CONTINUE  5'))],
  ])('%s is reported for %s', (code, _, file) => {
    expect([...new Set(remarksOn(file).map((remark) => remark.code))]).toEqual([code]);
  });

  it('reports level, section, HDU and keyword of each remark, and what was found', () => {
    expect(remarksOn(BREACHES['fits.wcs-frame'])).toEqual([
      {
        code: 'fits.wcs-frame',
        level: 'must',
        section: 'FITS 3.0 §8.3',
        hdu: 0,
        keyword: 'RADESYS',
        message: 'RADESYS is not a frame of the standard',
        expected: 'ICRS, FK5, FK4, FK4-NO-E, GAPPT',
        found: 'J2000',
        dialect: null,
      },
    ]);
  });

  it('marks what CASA writes in every file', () => {
    expect(remarksOn(image(record('PC01_01', 1)))[0]?.dialect).toBe('casa');
    expect(remarksOn(image(record('CRPIX01', 1)))[0]?.dialect).toBeNull();
    const columns = [record('TFORM1', '1E'), record('EXTNAME', 'BEAMS'), record('XTENSION', 'BINTABLE')];
    const table = [...extensionRecords('BINTABLE', 8, [4, 1], { tfields: 1 }), ...columns];
    expect(remarksOn(extension(table, Buffer.alloc(4)))).toMatchObject([{ hdu: 1, dialect: 'casa' }]);
  });

  it('has a section for every remark', () => {
    for (const [, section] of Object.values(REMARK_CATALOGUE)) expect(section).toMatch(/^FITS [34]\.0 §\d/);
  });
});

describe('the log of remarks', () => {
  it('keeps a limited number of each code and counts the rest', () => {
    const log = new RemarkLog();
    for (let hdu = 0; hdu < 200; hdu += 1) {
      log.startHdu(hdu);
      for (let i = 0; i < 25; i += 1) log.add({ code: 'fits.ascii', message: 'm' });
    }
    expect(log.remarks).toHaveLength(1000);
    expect(log.remarks.filter((remark) => remark.hdu === 3)).toHaveLength(10);
    expect(log.omitted).toBe(4000);
  });

  it('shows text from a file as printable ASCII of limited length', () => {
    const log = new RemarkLog();
    log.add({ code: 'fits.ascii', message: 'm', found: `a\u0000\u001b${'x'.repeat(500)}` });
    expect(log.remarks[0]?.found).toMatch(/^a\?\?x{117}\.\.\.$/);
  });
});

function asciiTable(column: { TFORM1: string; TBCOL1: number }): Buffer {
  const records = [record('TFORM1', column.TFORM1), record('TBCOL1', column.TBCOL1)];
  const header = headerBytes([...extensionRecords('TABLE', 8, [6, 1], { tfields: 1 }), ...records]);
  return Buffer.concat([empty, header, dataBytes(Buffer.from('    42'), 0x20)]);
}
