import { parseUid } from '@almagest/ous';
import { delivery, group, member } from '../testing/documents';
import { PLAIN } from '../testing/memory-terminal';
import { ousView, projectView } from './ous.view';

it('shows a project as the tree of its ObsUnitSets', () => {
  const scienceGoals = [{ uid: parseUid('uid://A001/X1/Xa1'), groups: [group({ ready: true })] }];
  expect(projectView({ code: '2013.1.09999.S', scienceGoals }, PLAIN)).toEqual([
    '2013.1.09999.S',
    '`-- science goal uid://A001/X1/Xa1',
    '    `-- GroupOUS uid://A001/X1/Xa2  awaited  ready to combine',
    '        |-- MemberOUS uid://A001/X1/Xa3  12m  delivered r1 PASS 5f0c1234',
    '        `-- MemberOUS uid://A001/X1/Xa4  7m  awaited',
  ]);
});

it('shows a member with its scheduling block, execution blocks and deliveries', () => {
  const ous = member({
    schedulingBlock: { uid: parseUid('uid://A001/X1/Xc1'), name: 'NGC\u001b_TM1' },
    executionBlocks: [{ uid: parseUid('uid://A002/X1/Xb1'), use: 'additional', size: 3_819_520, observation: null }],
  });
  expect(ousView(ous, [delivery()], PLAIN, 80)).toEqual([
    'MemberOUS uid://A001/X1/Xa3  12m  delivered r1 PASS 5f0c1234',
    '`-- scheduling block NGC\\x1b_TM1 (uid://A001/X1/Xc1)',
    '    `-- execution block uid://A002/X1/Xb1  additional, 3.8 MB',
    '',
    '  project       2013.1.09999.S',
    '  science goal  uid://A001/X1/Xa1',
    '  group         uid://A001/X1/Xa2',
    '',
    'DELIVERY  REV  QA2   STATE    MODE     PARTS  FILES    SIZE  CATALOGUED',
    '5f0c1234  1    PASS  current  analyst      1     41  5.6 MB  2014-12-05 08:51',
  ]);
});

it('shows when a group became ready, and why it no longer is', () => {
  const withdrawn = { at: '2014-12-06T00:00:00.000Z', reason: 'revision 2 of uid://A001/X1/Xa3 is on its way' };
  const readiness = [{ number: 1, since: '2014-12-05T09:00:00.000Z', members: [], withdrawn }];
  const lines = ousView(group({ readiness, remarks: ['six members'] }), [], PLAIN, 80);
  expect(lines).toContain('  ready         since 2014-12-05 09:00:00 UTC, withdrawn 2014-12-06 00:00:00');
  expect(lines).toContain('                UTC: revision 2 of uid://A001/X1/Xa3 is on its way');
  expect(lines).toContain('  remark        six members');
  expect(lines.at(-1)).toBe('No deliveries yet.');
});
