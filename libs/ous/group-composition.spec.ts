import { type ArrayKind, groupCompositionRemarks } from './group-composition';

const group = (...arrays: ArrayKind[]) => groupCompositionRemarks(arrays.map((array) => ({ array })));
const times = (count: number, array: ArrayKind) => Array.from({ length: count }, () => array);

describe("a group's composition", () => {
  it('is that of §2 with its five members, in any order, or with fewer', () => {
    expect(group('TP', '12m', '7m', 'TP-calibration', '12m')).toEqual([]);
    expect(group('12m')).toEqual([]);
    expect(group()).toEqual([]);
  });

  it.each([
    ['12m', 3, 2],
    ['7m', 2, 1],
    ['TP', 2, 1],
    ['TP-calibration', 2, 1],
  ] as const)('gets a remark when it has more %s members', (array, count, most) => {
    expect(group(...times(most, array))).toEqual([]);
    const remark = `the group has ${count} ${array} members; §2 specifies at most ${most}`;
    expect(group(...times(count, array))).toEqual([remark]);
  });

  it('gets a remark for five members of one kind', () => {
    expect(group(...times(5, '12m'))).toEqual(['the group has 5 12m members; §2 specifies at most 2']);
  });

  it('gets a remark for each kind, as in the project with 135 members, and never an error', () => {
    expect(group(...times(2, 'TP'), ...times(132, '12m'), '7m')).toEqual([
      'the group has 132 12m members; §2 specifies at most 2',
      'the group has 2 TP members; §2 specifies at most 1',
    ]);
  });
});
