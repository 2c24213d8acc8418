import type { MailWithBody } from '@almagest/contracts';
import { ID, MEMBER } from '../testing/documents';
import { PLAIN } from '../testing/memory-terminal';
import { mailTable, mailView } from './mail.view';

const mail: MailWithBody = {
  id: ID,
  delivery: ID,
  ous: MEMBER,
  revision: 1,
  role: 'pi',
  recipient: '天文学者 花子',
  subject: 'ALMA project 2013.1.09999.S: QA2 PASS, MemberOUS uid://A001/X1/Xa3 delivered',
  state: 'failed',
  createdAt: '2014-12-05T08:51:00.000Z',
  settledAt: null,
  error: 'no such box',
  text: 'Dear you,\r\n\n  all is \u001b[2Jwell\n',
  html: '<p>all is well</p>',
};

it('aligns columns for names in any script', () => {
  expect(mailTable([mail, { ...mail, recipient: 'A', role: 'delegee', state: 'sent' }], PLAIN)).toEqual([
    'ID        WRITTEN (UTC)     TO                  ABOUT              REV  STATE',
    '5f0c1234  2014-12-05 08:51  天文学者 花子 (PI)  uid://A001/X1/Xa3  1    failed',
    '5f0c1234  2014-12-05 08:51  A (delegee)         uid://A001/X1/Xa3  1    sent',
  ]);
});

it('shows a mail as its recipient reads it, with control characters escaped', () => {
  expect(mailView(mail, PLAIN, 80)).toEqual([
    'To:      天文学者 花子 (PI)',
    'Subject: ALMA project 2013.1.09999.S: QA2 PASS, MemberOUS uid://A001/X1/Xa3',
    '         delivered',
    'Error:   no such box',
    '',
    'Dear you,',
    '',
    '  all is \\x1b[2Jwell',
  ]);
});
