import { mediaTypeOf } from './media-type';

describe('mediaTypeOf', () => {
  it.each([
    ['NGC9999.cont.image.pbcor.fits', 'application/fits'],
    ['CUBE.FITS', 'application/fits'],
    ['2013.1.09999.S_uid___A001_X1_Xa3_1_of_2.tar', 'application/x-tar'],
    ['uid___A002_X1_Xb1.caltables.tgz', 'application/gzip'],
    ['mask.fits.gz', 'application/gzip'],
    ['README.header.txt', 'text/plain'],
    ['README', 'text/plain'],
    ['scriptForPI.py', 'text/plain'],
    ['qa2_part1.png', 'image/png'],
    ['index.html', 'text/html'],
    ['PPR_uid___A001_X1_Xa4.xml', 'application/xml'],
    ['table.dat', 'application/octet-stream'],
    ['no-ending', 'application/octet-stream'],
    ['ends-with-dot.', 'application/octet-stream'],
    ['trap.constructor', 'application/octet-stream'],
    ['trap.__proto__', 'application/octet-stream'],
  ])('%s is %s', (name, type) => {
    expect(mediaTypeOf(name)).toBe(type);
  });
});
