import { readQa2Result } from './read-qa2-result';

const block = (uid: string): object => ({ uid, use: 'used', asdm: { size: 1000, location: 'file:///raw' } });
const group = (uid: string, ...members: string[]): object => ({
  uid,
  members: members.map((member) => ({ uid: member, array: '12m' })),
});
const FIRST = group('uid://A001/X1/Xa2', 'uid://A001/X1/Xa3', 'uid://A001/X1/Xa4');
const served = (change: object = {}): object => ({
  scienceGoal: 'uid://A001/X1/Xa1',
  group: FIRST,
  member: 'uid://A001/X1/Xa4',
  executionBlocks: [block('uid://A002/X1/Xb2')],
  ...change,
});
const RESULT = {
  project: '2011.0.00003.S',
  level: 'member',
  scienceGoal: 'uid://A001/X1/Xa1',
  group: FIRST,
  member: 'uid://A001/X1/Xa3',
  revision: 1,
  outcome: 'PASS',
  decidedAt: '2012-09-12T00:00:00Z',
  executionBlocks: [block('uid://A002/X1/Xb1')],
  parts: [{ name: 'part.tar', location: 'file:///part.tar', size: 1, sha256: '0'.repeat(64) }],
  recipients: [{ role: 'pi', name: 'Vera Rubin', email: 'pi@example.org' }],
  releaseDate: null,
};
const OTHER = group('uid://A001/X2/Xa2', 'uid://A001/X2/Xa3');

const violations = (change: object): string[] => {
  const read = readQa2Result({ ...RESULT, ...change });
  return read.ok ? [] : read.violations.map(({ pointer, message }) => `${pointer} ${message}`);
};

describe('the further MemberOUSs that a delivery serves', () => {
  it('may be of the same group or of another', () => {
    const inOther = served({ group: OTHER, scienceGoal: 'uid://A001/X2/Xa1', member: 'uid://A001/X2/Xa3' });
    expect(violations({ alsoServes: [served(), inOther] })).toEqual([]);
  });

  it.each([
    ['the member itself', { member: 'uid://A001/X1/Xa3' }, '/alsoServes/0/member repeats /member'],
    [
      'a member that is not in its group',
      { member: 'uid://A001/X1/Xa9' },
      '/alsoServes/0/member uid://A001/X1/Xa9 is not among the members of its group',
    ],
    [
      'the same group with another science goal',
      { scienceGoal: 'uid://A001/X1/Xaf' },
      '/alsoServes/0/group the same group has another science goal or other members above',
    ],
    [
      'an execution block twice',
      { executionBlocks: [block('uid://A002/X1/Xb2'), block('uid://A002/X1/Xb2')] },
      '/alsoServes/0/executionBlocks/1/uid repeats /alsoServes/0/executionBlocks/0/uid',
    ],
  ])('are refused with %s', (_, change, violation) => {
    expect(violations({ alsoServes: [served(change)] })).toEqual([violation]);
  });

  it('are refused twice, for a GroupOUS, and with a FAIL', () => {
    expect(violations({ alsoServes: [served(), served()] })).toEqual([
      '/alsoServes/1/member repeats /alsoServes/0/member',
    ]);
    expect(violations({ level: 'group', member: undefined, executionBlocks: [], alsoServes: [served()] })).toEqual([
      '/alsoServes must be absent at level "group"',
    ]);
    expect(violations({ outcome: 'FAIL', parts: undefined, alsoServes: [served()] })).toEqual([
      '/alsoServes must be absent if the outcome is FAIL: QA2 decides about each MemberOUS',
    ]);
  });
});
