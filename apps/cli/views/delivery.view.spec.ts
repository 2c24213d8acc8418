import type { MemberFile } from '@almagest/contracts';
import { delivery, GROUP, ID, OTHER } from '../testing/documents';
import { PLAIN } from '../testing/memory-terminal';
import { deliveryView, FileLines, splitPath } from './delivery.view';

const TREE = '2013.1.09999.S/science_goal.uid___A001_X1_Xa1/group.uid___A001_X1_Xa2/member.uid___A001_X1_Xa3';

function file(path: string): MemberFile {
  return {
    path,
    part: 'a.tar',
    offset: 512,
    size: 2_302_120,
    sha256: 'ab'.repeat(32),
    item: 2,
    role: 'image.pbcor',
    url: '',
    image: null,
  };
}

describe('splitPath', () => {
  it.each([
    [`${TREE}/product/a.mask/table.dat`, TREE, 'product/a.mask/table.dat'],
    ['p/sg_ouss_id/group_ouss_id/member_ouss_id/README', 'p/sg_ouss_id/group_ouss_id/member_ouss_id', 'README'],
    ['other/README', '', 'other/README'],
    ['README', '', 'README'],
  ])('splits %s', (path, root, below) => {
    expect(splitPath(path)).toEqual({ root, below });
  });
});

describe('FileLines', () => {
  it('prints a heading for each directory of an ObsUnitSet', () => {
    const lines = new FileLines(PLAIN);
    expect(lines.of(file(`${TREE}/product/a.fits`))).toEqual([
      '',
      `${TREE}/`,
      '       SIZE  ITEM  ROLE                    FILE',
      '     2.3 MB  2     image.pbcor             product/a.fits',
    ]);
    expect(lines.of(file(`${TREE}/product/b.fits`))).toEqual([
      '     2.3 MB  2     image.pbcor             product/b.fits',
    ]);
  });

  it('escapes control characters in file names', () => {
    expect(new FileLines(PLAIN).of(file('\u001b[2J')).at(-1)).toMatch(/\\x1b\[2J$/);
  });
});

it('shows a delivery with its parts and what it combines', () => {
  const combines = [{ ous: OTHER, delivery: ID, revision: 1 }];
  const lines = deliveryView(delivery({ level: 'group', ous: GROUP, combines }), PLAIN);
  expect(lines[0]).toBe(`Delivery ${ID}`);
  expect(lines).toContain(`  GroupOUS    ${GROUP}`);
  expect(lines).toContain('  public      not until the observatory releases it');
  expect(lines).toContain('  contents    41 files in 1 part, 5.6 MB');
  expect(lines).toContain(`  combines    ${OTHER} (5f0c1234)`);
  expect(lines).toContain(`  SHA-256 ${'ab'.repeat(32)}`);
});
