import { isProjectCode, PROJECT_CODE_IN_FILE_NAME } from './project-code';

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
  ])('has not %s', (_, text) => {
    expect(isProjectCode(text)).toBe(false);
  });

  it('that is very long is none', () => {
    expect(isProjectCode(`2013.1.${'9'.repeat(1_000_000)}.S`)).toBe(false);
  });

  it('is found inside a file name without what surrounds it', () => {
    const found = new RegExp(PROJECT_CODE_IN_FILE_NAME).exec('x_2013.1.09999.CSV_uid');
    expect(found?.[0]).toBe('2013.1.09999.CSV');
  });
});
