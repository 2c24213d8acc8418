import { isLitter } from './naming/litter';
import { add, addAt, all, remove } from './testing/changes';
import { inspect, sampleDelivery } from './testing/sample-delivery';

describe('what a system or an editor left in a delivery', () => {
  it.each([
    '._README',
    '.DS_Store',
    '.localized',
    '__MACOSX/README',
    '.Spotlight-V100/store.db',
    'Thumbs.db',
    'thumbs.db',
    'Desktop.ini',
    '$RECYCLE.BIN/a.fits',
    '.nfs000000000a1b2c3d',
    'scriptForPI.py~',
    '#README#',
    '.#README',
    '.README.swp',
    'README.bak',
    'scriptForPI.py.orig',
    '__pycache__/scriptForPI.cpython-39.pyc',
  ])('is recognised: %s', (path) => expect(isLitter(path.split('/'))).toBe(true));

  it.each([
    'README',
    'casa.log',
    'a_b.fits',
    '.casa',
    'a.bak.fits',
    'MACOSX/README',
    'uid___A002_X1_Xb1.ms.flagversions.tgz',
  ])('is not %s', (path) => expect(isLitter(path.split('/'))).toBe(false));

  it('is one note, whatever the file would otherwise be', async () => {
    const sample = sampleDelivery('pipeline');
    await all(
      add('._README', 'product/._X.pbcor.fits', 'product/.DS_Store', 'script/._PPR_uid___A001_X1_Xa4.xml'),
      add('script/casa_pipescript.py~', 'qa/Thumbs.db', 'calibration/._uid___A002_X1_Xff.ms.calapply.txt'),
      add('raw/uid___A002_X1_Xb3.asdm.sdm/._ASDM.xml'),
      addAt('._2013.1.09999.S'),
      addAt('2013.1.09998.S/.DS_Store'),
      addAt('2013.1.09999.S/science_goal.uid___A001_X1_Xff/.DS_Store'),
    )(sample);
    const { verdict, findings } = await inspect(sample);
    expect([verdict, findings.length]).toEqual(['pass', 1]);
    expect(findings[0]).toMatchObject({
      code: 'item.litter',
      severity: 'note',
      message: expect.stringContaining('11 files'),
    });
    expect(findings[0]?.found).toContain('and 5 more');
  });

  it('takes the place of no file', async () => {
    const sample = sampleDelivery('analyst');
    await all(remove('README', /^qa/), add('._README', 'README.bak', 'qa/.DS_Store'))(sample);
    const { findings } = await inspect(sample);
    expect(findings.map(({ code }) => code)).toEqual(['item.readme', 'item.qa', 'item.litter']);
  });
});
