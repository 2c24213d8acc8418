import { group, member, OTHER } from '../testing/documents';
import { groupText } from './delivery-chapter';

describe('groupText', () => {
  it('lists the members that have not passed', () => {
    expect(groupText(group())).toBe(`uid://A001/X1/Xa2 is not ready to be combined: waiting for ${OTHER} (7m)`);
  });

  it('says when all members have passed', () => {
    const ready = group({
      ready: true,
      members: [member(), member({ uid: OTHER })],
      readiness: [{ number: 1, since: '2014-12-05T09:00:00.000Z', members: [], withdrawn: null }],
    });
    expect(groupText(ready)).toBe(
      'uid://A001/X1/Xa2 is READY to be combined: its 2 members have passed (2014-12-05 09:00:00 UTC)',
    );
  });

  it('says that the group is delivered', () => {
    expect(groupText(group({ state: 'delivered', ready: true }))).toBe('uid://A001/X1/Xa2 is delivered');
  });
});
