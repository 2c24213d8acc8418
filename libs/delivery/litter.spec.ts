import type { EntryType } from './inventory/delivery-entry';
import { isLitter } from './naming/litter';
import { add, addAt, all, type Change, remove } from './testing/changes';
import { inspect, sampleDelivery } from './testing/sample-delivery';

const EMPTY = { type: 'directory', size: 0, item: null, role: null } as const;

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
    '.ds_store',
    '__macosx/a/b/c/d/README',
    'THUMBS.DB',
    'desktop.INI',
    'product/.AppleDouble/a.fits',
    'product/deep/.Trash-1000/files/a.fits',
    'Thumbs.db/a.fits',
    '._product/a.fits',
    'calibration.bak/a.tgz',
  ])('is recognised: %s', (path) => expect(isLitter(path.split('/'))).toBe(true));

  it.each([
    'README',
    'casa.log',
    'a_b.fits',
    '.casa',
    'a.bak.fits',
    'MACOSX/README',
    '_MACOSX/README',
    'a.original',
    'thumbs.db.fits',
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

  /** Adds an entry below the directory of the ObsUnitSet to both parts of the delivery, or to the last one only. */
  const added = (path: string, type: EntryType, where: 'both' | 'last' = 'last'): Change => {
    return ({ parts, tree }) => {
      for (const { entries } of where === 'both' ? parts : parts.slice(-1)) {
        entries.push({ path: `${tree}/${path}`, type, size: type === 'file' ? 1 : 0, item: null, role: null });
      }
    };
  };

  it.each<[string, Change]>([
    ['at the same path in two parts', added('.DS_Store', 'file', 'both')],
    ['a link of an editor that locks a file', added('script/.#scriptForPI.py', 'symlink')],
    ['such a link in two parts', added('.#README', 'symlink', 'both')],
    ['a hard link', added('script/scriptForPI.py~', 'hardlink')],
    ['deep in the tree', added('product/a/b/c/d/e/._f', 'file')],
    ['below a directory that the system left', added('product/x/__MACOSX/y/z.fits', 'file')],
    ['names that differ in case only', all(added('.DS_Store', 'file'), added('.ds_store', 'file'))],
    ['a directory that differs in case only', added('SCRIPT/.DS_Store', 'file')],
    ['a file and a directory', all(added('qa/Thumbs.db', 'file'), added('qa/Thumbs.db/x', 'file'))],
  ])('is a note only: %s', async (_, change) => {
    const sample = sampleDelivery('analyst');
    await change(sample);
    const { verdict, findings } = await inspect(sample);
    expect([verdict, findings.map(({ code }) => code)]).toEqual(['pass', ['item.litter']]);
  });

  it.each(['product/.DS_Store', '__MACOSX', 'product/thumbs.db'])(
    'is not even a note as an empty directory: %s',
    async (path) => {
      const sample = sampleDelivery('analyst');
      await all(
        added(path, 'directory', 'both'),
        ({ parts }) => void parts[0]?.entries.push({ ...EMPTY, path: '__MACOSX/2013.1.09998.S/' }),
        ({ parts }) => void parts[0]?.entries.push({ ...EMPTY, path: '2013.1.09998.S/__MACOSX' }),
      )(sample);
      expect((await inspect(sample)).findings).toEqual([]);
    },
  );

  it.each<[string, string, Change]>([
    ['a file over a link', 'archive.duplicate-path', all(added('._a', 'symlink'), added('._a', 'file'))],
    ['a file below a link', 'archive.file-and-directory', all(added('._a', 'symlink'), added('._a/b', 'file'))],
    ['a directory over a link', 'archive.file-and-directory', all(added('._a', 'symlink'), added('._a', 'directory'))],
    ['a link that differs in case only', 'archive.case-collision', all(added('._a', 'symlink'), added('._A', 'file'))],
    ['a device', 'archive.special-file', added('._a', 'block-device')],
    ['a way out', 'archive.parent-path', added('../../../../../._a', 'file')],
  ])('rejects what may lead out of the tree: %s', async (_, code, change) => {
    const sample = sampleDelivery('analyst');
    await change(sample);
    const { verdict, findings } = await inspect(sample);
    expect([verdict, findings.map((finding) => finding.code)]).toEqual(['rejected', expect.arrayContaining([code])]);
  });

  it('takes the place of no file', async () => {
    const sample = sampleDelivery('analyst');
    await all(remove('README', /^qa/), add('._README', 'README.bak', 'qa/.DS_Store'))(sample);
    const { findings } = await inspect(sample);
    expect(findings.map(({ code }) => code)).toEqual(['item.readme', 'item.qa', 'item.litter']);
  });
});
