import { diskNeed, type DiskNeedInput } from './disk-need';

const INPUT: DiskNeedInput = {
  productBytes: 100,
  rawBytes: 900,
  basis: 'products and raw data',
  hasCombiningScript: true,
};
const bytes = (input: DiskNeedInput): number[] => diskNeed(input).levels.map((level) => level.bytes);

describe('diskNeed', () => {
  it('requires 14 and 6 times the size of the delivery, as §5.3 states', () => {
    expect(diskNeed(INPUT)).toMatchObject({ basis: 'products and raw data', basisBytes: 1000 });
    expect(bytes(INPUT)).toEqual([14_000, 10_000, 6_000, 6_000]);
  });

  it('requires three times the size less without a script that combines execution blocks', () => {
    expect(bytes({ ...INPUT, hasCombiningScript: false })).toEqual([11_000, 7_000, 3_000, 3_000]);
  });

  it('counts only raw data where scriptForPI does', () => {
    expect(diskNeed({ ...INPUT, basis: 'raw data' })).toMatchObject({ basis: 'raw data', basisBytes: 900 });
  });
});
