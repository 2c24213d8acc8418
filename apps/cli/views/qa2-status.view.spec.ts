import { finding, ID, report, status } from '../testing/documents';
import { PLAIN } from '../testing/memory-terminal';
import { statusTable, statusView, stepLine, nextStep } from './qa2-status.view';

const since = '2014-12-05T08:50:00.000Z';

it('shows a step with the time since the first', () => {
  const step = { state: 'stored' as const, at: '2014-12-05T08:50:01.840Z', detail: null };
  expect(stepLine(step, since, PLAIN)).toBe('  1.8 s  stored       every part is checked and stored');
});

it('prefers the detail that the archive gives for a step', () => {
  const step = { state: 'mail-failed' as const, at: since, detail: 'no such\u001bbox' };
  expect(stepLine(step, since, PLAIN)).toBe('  0.0 s  mail-failed  no such\\x1bbox');
});

it('says what the archive does next', () => {
  expect((['accepted', 'stored', 'catalogued'] as const).map(nextStep)).toEqual([
    'fetching, checking and storing the parts',
    'cataloguing the delivery',
    'sending the mails',
  ]);
});

it('lists results in columns', () => {
  expect(statusTable([status({ state: 'rejected' })], PLAIN)).toEqual([
    'ID        PROJECT         LEVEL   OBSUNITSET         REV  QA2   STATE',
    '5f0c1234  2013.1.09999.S  member  uid://A001/X1/Xa3  1    PASS  rejected',
  ]);
});

it('shows a result with its history and findings', () => {
  const lines = statusView(status({ state: 'rejected', settled: true, report: report([finding()]) }), {}, PLAIN, 80);
  expect(lines[0]).toBe(`QA2 result ${ID}`);
  expect(lines).toContain('  state      rejected');
  expect(lines).toContain('  2014-12-05 08:50:00 UTC  accepted     recorded; its files are fetched next');
  expect(lines).toContain('reject script.pi (§4.2)');
});

it('names the command that shows the delivery, for the same archive', () => {
  const settled = status({ delivery: `/deliveries/${ID}` });
  expect(statusView(settled, { home: 'my home' }, PLAIN, 80)).toContain(
    `  delivery   npx almagest ls ${ID} --home 'my home'`,
  );
});

it('says that a result is under way', () => {
  expect(statusView(status(), {}, PLAIN, 80)).toContain('  state      accepted (under way)');
});
