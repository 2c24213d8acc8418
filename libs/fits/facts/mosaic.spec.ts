import { headerOf, raw } from '../testing/fits-file.fixture';
import { mosaicOf } from './mosaic';

describe('whether an image is a mosaic', () => {
  it.each<[boolean | null, string, string[]]>([
    [false, 'tclean of a single pointing', ['gridder     = "standard"']],
    [true, 'tclean of a mosaic', ["gridder              = 'mosaic'"]],
    [true, 'one of two runs', ['gridder     = "standard"', 'gridder     = "mosaic"']],
    [true, 'clean of CASA 4', ['imagermode = "mosaic"']],
    [false, 'clean of CASA 4 of a single pointing', ['imagermode = "csclean"']],
    [null, 'a gridder for either', ['gridder     = "awproject"']],
    [null, 'no history of a task', ['CASA START LOGTABLE', 'about gridder = "mosaic"']],
  ])('%s: %s', (expected, _, lines) => {
    expect(mosaicOf(headerOf(lines.map((line) => raw(`HISTORY ${line}`))))).toBe(expected);
  });

  it('is not read from a comment', () => {
    expect(mosaicOf(headerOf([raw('COMMENT gridder = "mosaic"')]))).toBeNull();
  });
});
