import fc from 'fast-check';
import { ousDirectoryName, parseOusDirectory } from './tree-name';
import { parseUid } from './uid';

const OUS = parseUid('uid://A001/X12b/X239');

describe("an ObsUnitSet's directory", () => {
  it.each([
    ['science_goal.uid___A001_X12b_X239', 'science-goal'],
    ['group.uid___A001_X12b_X239', 'group'],
    ['member.uid___A001_X12b_X239', 'member'],
  ] as const)('is named with its uid: %s', (name, level) => {
    expect(parseOusDirectory(name)).toEqual({ level, uid: OUS });
    expect(ousDirectoryName(level, OUS)).toBe(name);
  });

  it.each([
    ['SOUS_uid___A001_X12b_X239', 'science-goal'],
    ['GOUS_uid___A001_X12b_X239', 'group'],
    ['MOUS_uid___A001_X12b_X239', 'member'],
  ])('is named by the pipeline: %s', (name, level) => {
    expect(parseOusDirectory(name)).toEqual({ level, uid: OUS });
  });

  it.each([
    ['sg_ouss_id', 'science-goal'],
    ['group_ouss_id', 'group'],
    ['member_ouss_id', 'member'],
  ])('may have a placeholder of the document, without a uid: %s', (name, level) => {
    expect(parseOusDirectory(name)).toEqual({ level, uid: null });
  });

  it.each(['member_ouss_2012-05-03_id', 'member_ouss_20120503_id'])('may have a date: %s', (name) => {
    expect(parseOusDirectory(name)).toEqual({ level: 'member', uid: null, date: '2012-05-03' });
  });

  it('is parsed to the level and uid that it was made of', () => {
    const field = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((number) => number.toString(16));
    fc.assert(
      fc.property(fc.constantFrom('science-goal', 'group', 'member'), field, field, (level, high, low) => {
        const uid = parseUid(`uid://A001/X${high}/X${low}`);
        expect(parseOusDirectory(ousDirectoryName(level, uid))).toEqual({ level, uid });
      }),
    );
  });
});

describe('any other directory', () => {
  it.each([
    'product',
    'raw',
    '2012.1.12345.S',
    '',
    '.',
    '..',
    'uid___A001_X12b_X239',
    'sg.uid___A001_X12b_X239',
    'science-goal.uid___A001_X12b_X239',
    'member_uid___A001_X12b_X239',
    'MOUS.uid___A001_X12b_X239',
    'mous_uid___A001_X12b_X239',
    'Member.uid___A001_X12b_X239',
    'member.uid___A001_X12B_X239',
    'member.uid___A001_X012b_X239',
    'member.uid://A001/X12b/X239',
    'member.uid___A001_X12b',
    'member.uid___A001_X12b_X239.README.txt',
    'member.uid___A001_X12b_X239\n',
    'member.uid___A001_X12b_X239/',
    'x/member.uid___A001_X12b_X239',
    '../member.uid___A001_X12b_X239',
    'MOUS_uid___A001_X12b_X239\n',
    'member_ouss_id\n',
    'member_ouss_id/..',
    'MEMBER_OUSS_ID',
    'member_ouss__id',
    'member_ouss_2012-5-3_id',
    'member_ouss_2012-05-03_id\n',
    'group_ouss_2012-05-03_id',
    `member.uid___A001_X${'1'.repeat(100_000)}_X1`,
  ])('is rejected: %j', (name) => {
    expect(parseOusDirectory(name)).toBeNull();
  });

  it.each(Object.getOwnPropertyNames(Object.prototype))(
    'is rejected when it is the property %s of every JavaScript object',
    (name) => {
      expect(parseOusDirectory(name)).toBeNull();
    },
  );
});
