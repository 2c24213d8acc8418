import { classifyProduct } from './product-names';
import { primaryBeamOf } from './primary-beam';

const named = (path: string) => ({ path, image: classifyProduct([path]).image });

describe('the primary beam of an image', () => {
  it.each([
    ['X.cont.pbcor.fits', ['X.cont.flux.fits'], 'X.cont.flux.fits'],
    ['X.cont.pbcor.fits', ['X.cont.pb.fits.gz'], 'X.cont.pb.fits.gz'],
    ['X.cont.I.tt0.pbcor.fits', ['X.cont.I.pb.tt0.fits'], 'X.cont.I.pb.tt0.fits'],
    ['X.cont.I.tt1.pbcor.fits', ['X.cont.I.pb.tt0.fits'], 'X.cont.I.pb.tt0.fits'],
    ['X.cont.I.pbcor.fits', ['X.cont.I.pb.tt0.fits.gz'], 'X.cont.I.pb.tt0.fits.gz'],
    ['X.cont.tt1.pbcor.fits', ['X.cont.pb.tt0.fits', 'X.cont.tt1.flux.fits'], 'X.cont.tt1.flux.fits'],
    ['X.cont.tt1.pbcor.fits', ['X.cont.pb.tt0.fits', 'X.cont.flux.fits'], 'X.cont.flux.fits'],
    ['X.cont.pbcor.v2.fits', ['X.cont.flux.fits', 'X.cont.flux.v2.fits'], 'X.cont.flux.v2.fits'],
    ['X.cont.pbcor.v2.fits', ['X.cont.flux.fits'], 'X.cont.flux.fits'],
  ])('%s, of %j, is %s', (image, beams, expected) => {
    expect(primaryBeamOf(named(image), beams.map(named))?.path).toBe(expected);
  });

  it.each([
    ['X.cont.tt0.pbcor.fits', 'X.cont.tt1.flux.fits'],
    ['X.cont.tt1.pbcor.fits', 'X.cont.tt0.flux.fits'],
    ['X.cont.tt1.pbcor.fits', 'X.cont.pb.tt2.fits'],
    ['X.cont.pbcor.fits', 'X.cont.tt1.flux.fits'],
    ['X.cont.pbcor.fits', 'Y.cont.flux.fits'],
    ['X.CO_21.pbcor.fits', 'X.cont.flux.fits'],
  ])('%s has none in %s', (image, beam) => {
    expect(primaryBeamOf(named(image), [named(beam)])).toBeNull();
  });
});
