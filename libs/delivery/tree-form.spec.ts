import type { DeliveryReport } from './report/report';
import { add, addAt } from './testing/changes';
import { inspect, sampleDelivery, type SampleDelivery } from './testing/sample-delivery';

const TREE = '2013.1.09999.S/science_goal.uid___A001_X1_Xa1/group.uid___A001_X1_Xa2/member.uid___A001_X1_Xa3';

/** Inspects the analyst's delivery with the directory of its MemberOUS replaced. */
async function withTree(tree: string, sample: SampleDelivery = sampleDelivery('analyst')): Promise<DeliveryReport> {
  for (const part of sample.parts) {
    part.entries = part.entries.filter(({ type }) => type === 'file');
    for (const entry of part.entries) entry.path = entry.path.replace(TREE, tree);
  }
  return inspect(sample);
}

describe('tree.misplaced', () => {
  it.each([
    [
      'the staging area, named with a time',
      '2013.1.09999.S_2015_01_15T10_11_12.345/SOUS_uid___A001_X1_Xa1/GOUS_uid___A001_X1_Xa2/MOUS_uid___A001_X1_Xa3',
    ],
    [
      'the staging area, named with the MemberOUS',
      '2013.1.09999.S.MOUS.uid___A001_X1_Xa3/SOUS_uid___A001_X1_Xa1/GOUS_uid___A001_X1_Xa2/MOUS_uid___A001_X1_Xa3',
    ],
  ])('names the right form of %s, once', async (_what, tree) => {
    const { findings, unchecked } = await withTree(tree);
    expect(findings.map(({ code }) => code)).toEqual(['tree.misplaced']);
    expect(findings[0]).toMatchObject({ expected: `${TREE}/`, message: expect.stringContaining('staging area') });
    expect(findings[0]?.remedy).toContain(TREE);
    expect(unchecked).toContain('item.readme');
  });

  it.each([
    ['another first directory', 'delivery', 'in delivery/'],
    ['no directory of a MemberOUS', TREE.slice(0, TREE.lastIndexOf('/')), 'group.uid___A001_X1_Xa2/ and'],
    ['no levels at all', '2013.1.09999.S', 'in 2013.1.09999.S/ and'],
    ['an unknown directory', '2013.1.09999.S/NGC9999', 'in 2013.1.09999.S/NGC9999/ and'],
  ])('names the directory once with %s, and no files that are missing as a consequence', async (_what, tree, found) => {
    const { findings } = await withTree(tree);
    expect(findings.map(({ code }) => code)).toEqual(['tree.misplaced']);
    expect(findings[0]?.found).toContain(found);
    expect(findings[0]?.found).toMatch(/ and \d+ more$/);
    expect(findings[0]?.expected).toBe(`${TREE}/`);
  });

  it('still reports missing files next to single files that are misplaced', async () => {
    const sample = sampleDelivery('analyst');
    await addAt('notes.txt')(sample);
    for (const part of sample.parts) part.entries = part.entries.filter(({ path }) => !path.endsWith('/README'));
    expect((await inspect(sample)).findings.map(({ code }) => code)).toEqual(['tree.misplaced', 'item.readme']);
  });
});

describe('the date of a delivery of Cycle 0', () => {
  const dated = async (parts: readonly string[], memberDate: string): Promise<DeliveryReport> => {
    const sample = sampleDelivery('analyst');
    for (const [index, part] of sample.parts.entries()) part.name = `2013.1.09999.S_${parts[index]}.tar`;
    return withTree(`2013.1.09999.S/sg_ouss_id/group_ouss_id/member_ouss_${memberDate}_id`, sample);
  };

  it('is kept, in either form', async () => {
    const report = await dated(['20120912_001_of_002', '2012-09-12_002_of_002'], '2012-09-12');
    expect(report).toMatchObject({ verdict: 'pass', findings: [], facts: { packagedOn: '2012-09-12' } });
    expect((await inspect(sampleDelivery('analyst'))).facts.packagedOn).toBeNull();
  });

  it('is one: parts of two dates are not one delivery', async () => {
    const { findings } = await dated(['2012-09-12_001_of_002', '2012-09-13_002_of_002'], '2012-09-12');
    expect(findings).toMatchObject([
      { code: 'package.other-delivery', severity: 'reject', expected: '2013.1.09999.S_2012-09-12' },
    ]);
  });

  it('is compared with the one in the tree', async () => {
    const { findings, verdict } = await dated(['2012-09-12_001_of_002', '2012-09-12_002_of_002'], '2012-10-12');
    expect(verdict).toBe('pass');
    expect(findings).toMatchObject([
      {
        code: 'tree.member',
        severity: 'warn',
        expected: 'member_ouss_2012-09-12_id',
        found: 'member_ouss_2012-10-12_id',
      },
    ]);
  });
});

describe('the calibration of a VLBI track', () => {
  it('is in one archive for all execution blocks, which is a note', async () => {
    const sample = sampleDelivery('analyst');
    for (const part of sample.parts) {
      part.entries = part.entries.filter(
        ({ path }) => !/\/uid[^/]*\.calibration(?:\.plots)?(?:\.tgz)?(?:\/|$)/.test(path),
      );
    }
    await add('calibration/TRACK_C.calibration.tgz', 'calibration/TRACK_C.calibration.plots.tgz')(sample);
    const { verdict, findings } = await inspect(sample);
    expect([verdict, findings.map(({ code, severity }) => `${severity} ${code}`)]).toEqual([
      'pass',
      ['note calibration.tables'],
    ]);
  });
});
