import type { DeliveryReport, MemberFile } from '@almagest/contracts';
import { DeliveryInspection } from '@almagest/delivery';
import { parseUid } from '@almagest/ous';
import { delivery, GROUP, MEMBER } from '../testing/documents';
import { restoreCommands } from '../views/restore.view';
import { type AsdmOf, planRestore, type RestorePlan } from './restore-plan';

const BLOCK = parseUid('uid://A002/X1/Xb1');
const TREE = '2013.1.09999.S/science_goal.uid___A001_X1_Xa1/group.uid___A001_X1_Xa2/member.uid___A001_X1_Xa3';
const IMAGES = `${TREE}/product/NGC9999.cont.dirty.fits`;
const PRODUCTS = 1000;
const RAW = 9000;

/** The report and files of a delivery with an imaging preparation, and a scriptForPI of the given version. */
async function delivered(version: string): Promise<{ report: DeliveryReport; files: MemberFile[] }> {
  const script = Buffer.from(version.padEnd(100));
  const contents: [string, number, Buffer | null][] = [
    [`${TREE}/script/scriptForPI.py`, script.length, script],
    [`${TREE}/script/scriptForImagingPrep.py`, 100, null],
    [IMAGES, PRODUCTS - 200, null],
  ];
  const inspection = new DeliveryInspection({
    posted: {
      project: '2013.1.09999.S',
      level: 'member',
      scienceGoal: parseUid('uid://A001/X1/Xa1'),
      group: GROUP,
      ous: MEMBER,
      executionBlocks: [{ uid: BLOCK, use: 'used', asdmBytes: RAW }],
    },
  });
  const tree = inspection.openTree();
  const files = contents.map(([path, size, bytes]) => {
    const { file, content } = tree.entry({ path, type: 'file', size });
    if (bytes !== null) content?.data(bytes);
    if (bytes !== null) content?.end();
    return { path, size, role: file?.role } as MemberFile;
  });
  tree.close();
  return { report: await inspection.finish(), files };
}

async function plan(version: string, spaceSaving: RestorePlan['spaceSaving']): Promise<RestorePlan> {
  const { report, files } = await delivered(version);
  const asdms = [{ ous: MEMBER, uid: BLOCK, use: 'used', size: RAW, unpacksTo: 'raw/uid___A002_X1_Xb1.asdm.sdm' }];
  return planRestore(delivery(), files, asdms as AsdmOf[], report, { into: '.', spaceSaving });
}

const idOf = (revision: string, day: string): string => `# $Id: scriptForPI.py,v ${revision} ${day} 10:00:00 x Exp $\n`;

describe('planRestore', () => {
  it.each([
    ['no version, of Cycle 2', '', 11 * (PRODUCTS + RAW)],
    ['1.11', idOf('1.11', '2014/08/15'), 11 * (PRODUCTS + RAW)],
    ['1.14', idOf('1.14', '2015/02/06'), 11 * (PRODUCTS + RAW)],
    ['1.15', idOf('1.15', '2015/10/10'), 14 * (PRODUCTS + RAW)],
    ['1.23', idOf('1.23', '2017/10/17'), 14 * RAW],
  ])('requires the disk space of the report, which follows scriptForPI of version %s', async (_what, text, bytes) => {
    const { report } = await delivered(text);
    const levels = report.facts.disk?.levels;
    expect(levels?.[0]).toEqual({ spaceSaving: 0, bytes });
    for (const level of levels ?? []) expect((await plan(text, level.spaceSaving)).needBytes).toBe(level.bytes);
  });

  it('requires none at SPACESAVING -1, which older versions refuse', async () => {
    expect((await plan(idOf('1.23', '2017/10/17'), -1)).needBytes).toBeNull();
    await expect(plan(idOf('1.15', '2015/10/10'), -1)).rejects.toMatchObject({ code: 'cli.usage' });
  });

  it('requests the raw data of every MemberOUS that the delivery serves', async () => {
    const one = await plan('', 0);
    const [asdm] = one.asdms as [AsdmOf];
    const other = parseUid('uid://A001/X1/Xa9');
    const commands = restoreCommands({ ...one, asdms: [asdm, { ...asdm, ous: other }, asdm] }, 3, null, {});
    const fetches = commands.filter((command) => command.includes('raw fetch'));
    expect(fetches.map((command) => /raw fetch (\S+)/.exec(command)?.[1])).toEqual([MEMBER, other]);
  });
});
