import fc from 'fast-check';
import { sampleDelivery, sampleText } from '../testing/sample-delivery';
import { readFluxCsv, splitCsvLine } from './flux-csv';

const NINE = 'ms,field,spw,I,Q,U,V,spix,comment';

describe('readFluxCsv', () => {
  it('reads the eleven columns of the sample', () => {
    const { facts } = readFluxCsv(sampleText(sampleDelivery('pipeline'), 'calibration/flux.csv'));
    expect(facts).toHaveLength(4);
    expect(facts?.[1]).toEqual({
      measurementSet: 'uid___A002_X1_Xb3.ms',
      field: '1',
      spw: '0',
      jansky: 0.418754,
      spectralIndex: -0.6,
      source: 'J0956-3135',
      intents: ['PHASE'],
    });
  });

  it('reads the nine columns of older files, quoted commas, and a missing spectral index', () => {
    const { facts } = readFluxCsv(`${NINE}\r\na.ms,0,17,1.5,0,0,0,,"J1037, ""the"" bandpass, origin=db"\r\n\r\n`);
    expect(facts).toMatchObject([{ measurementSet: 'a.ms', field: '0', spw: '17', jansky: 1.5, spectralIndex: null }]);
  });

  it('reads a line break inside quotes, and counts lines as an editor does', () => {
    const rows = 'a.ms,0,17,1,0,0,0,0,"# J1 intent=FLUX,\r\nsecond ""line"""\nb.ms,0,17,2,0,0,0,0,\n';
    expect(readFluxCsv(`${NINE}\n${rows}`).facts).toMatchObject([
      { measurementSet: 'a.ms', source: 'J1', intents: ['FLUX'] },
      { measurementSet: 'b.ms', jansky: 2 },
    ]);
    expect(readFluxCsv(`${NINE}\n${rows}c.ms,0`).problem?.found).toContain('line 5');
  });

  it.each([
    ['# J1037-2934 intent=BANDPASS,FLUX, origin=Source.xml', 'J1037-2934', ['BANDPASS', 'FLUX']],
    ['# field=J1256-0547 intents=AMPLITUDE,BANDPASS origin=DB', 'J1256-0547', ['AMPLITUDE', 'BANDPASS']],
    ['J1 intents=CALIBRATE_PHASE#ON_SOURCE', 'J1', ['CALIBRATE_PHASE#ON_SOURCE']],
    ['no intents here', null, []],
    ['', null, []],
  ])('reads the source and intents of the comment %j', (comment, source, intents) => {
    expect(readFluxCsv(`${NINE}\na.ms,0,17,1,0,0,0,0,"${comment}"`).facts).toMatchObject([{ source, intents }]);
  });

  it('reads a header without rows', () => {
    expect(readFluxCsv(NINE)).toEqual({ facts: [], problem: null });
  });

  it.each([
    ['nothing', '', 'no column ms'],
    ['another table', 'name,antenna\n', 'no column ms'],
    ['a row with fewer fields', `${NINE}\na.ms,0,17`, 'line 2'],
    ['a row without a flux', `${NINE}\na.ms,0,17,much,0,0,0,0,""`, 'line 2'],
    ['a quote left open', `${NINE}\n\na.ms,0,17,1,0,0,0,0,"open`, 'line 3'],
    ['more rows than any delivery has', `${NINE}\n${'a.ms,0,17,1,0,0,0,0,\n'.repeat(20_001)}`, 'more'],
  ])('rejects %s', (_, text, found) => {
    const { facts, problem } = readFluxCsv(text);
    expect(facts).toBeNull();
    expect(problem?.found).toContain(found);
  });
});

describe('splitCsvLine', () => {
  it('returns the fields that were joined', () => {
    const field = fc.string().filter((text) => !/[\r\n]/.test(text));
    const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(fc.array(field, { minLength: 1, maxLength: 20 }), (fields) => {
        expect(splitCsvLine(fields.map(quote).join(','))).toEqual(fields);
      }),
    );
  });

  it.each(['"a', '"a"b', 'a,"b', ','.repeat(300)])('refuses %s', (line) => {
    expect(splitCsvLine(line)).toBeNull();
  });

  it('keeps empty fields', () => {
    expect(splitCsvLine('')).toEqual(['']);
    expect(splitCsvLine(',a,,')).toEqual(['', 'a', '', '']);
  });
});
