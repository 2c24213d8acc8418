import type { DeadLetterWithMessage } from '@almagest/contracts';
import { MEMBER } from '../testing/documents';
import { PLAIN } from '../testing/memory-terminal';
import { deadLetterTable, deadLetterView } from './dead-letter.view';

const letter: DeadLetterWithMessage = {
  id: '17',
  service: 'intake',
  type: 'org.almaobservatory.almagest.Qa2ResultPosted',
  subject: MEMBER,
  reason: 'intake.result-invalid: \u001b[2Jthe QA2 result has faults',
  attempts: 1,
  deadAt: '2014-12-05T08:51:00.000Z',
  state: 'waiting',
  settledAt: null,
  place: { topic: 'almagest.qa2-results.v1', partition: 3, offset: '42', timestamp: '1417769460000' },
  message: { data: { bad: '\u001b[31m' } },
};

it('lists dead letters in columns, with control characters escaped', () => {
  const lines = deadLetterTable([letter, { ...letter, id: '5', type: null, subject: null, state: 'discarded' }], PLAIN);
  expect(lines).toHaveLength(3);
  expect(lines[1]).toMatch(/^17 {2}2014-12-05 08:51 {2}intake {3}Qa2ResultPosted {2}uid:\S+ {2}waiting {4}intake\./);
  expect(lines[2]).toMatch(/^5 .*no message +- +discarded/);
  expect(lines.join('')).not.toContain('\u001b');
});

it('shows a dead letter with its message', () => {
  const text = deadLetterView(letter, PLAIN, 80).join('\n');
  expect(text).toContain('Read from almagest.qa2-results.v1, partition 3, offset 42');
  expect(text).toContain('intake, after 1 attempt\n');
  expect(text).toContain('"bad": "');
  expect(text).not.toContain('\u001b');
});
