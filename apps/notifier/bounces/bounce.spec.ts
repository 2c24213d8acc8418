import { eximBounce, postfixBounce, reportOf } from '../testing/bounces';
import { UnreadableBounceError, readBounce } from './bounce';

const id = '0a1b2c3d-0123-4567-89ab-0123456789ab';
const address = 'hleavitt@example.org';

describe('readBounce', () => {
  it('reads a report of Postfix', async () => {
    expect(await readBounce(postfixBounce({ id, address }))).toEqual({
      mail: id,
      action: 'failed',
      status: '5.1.1',
      diagnostic: `550 5.1.1 <${address}>: Recipient address rejected: User unknown`,
    });
  });

  it('reads a report of Exim, by the Message-ID of the returned mail', async () => {
    expect(await readBounce(eximBounce({ id, address }))).toEqual({
      mail: id,
      action: 'failed',
      status: '5.0.0',
      diagnostic: '552 mailbox full',
    });
  });

  it('prefers the envelope id to the Message-ID, and accepts neither from elsewhere', async () => {
    const other = id.replace('0a', 'ff');
    const status = ['Reporting-MTA: dns; x', `Original-Envelope-Id: ${id}`, '', 'Action: failed', 'Status: 5.0.0'];
    const returned = [`Message-ID: <${other}@almagest>`];
    expect((await readBounce(reportOf(status, returned))).mail).toBe(id);
    const without = status.filter((line) => !line.startsWith('Original'));
    expect((await readBounce(reportOf(without, returned))).mail).toBe(other);
    expect((await readBounce(reportOf(without, ['Subject: x', '', ...returned]))).mail).toBeNull();
    expect((await readBounce(reportOf(without, [`X: <${id}@almagest>`]))).mail).toBeNull();
    expect((await readBounce(reportOf(without))).mail).toBeNull();
  });

  const changed = (from: string | RegExp, to: string): Buffer =>
    Buffer.from(eximBounce({ id, address }).toString('latin1').replace(from, to), 'latin1');
  const returnedMail = 'Content-type: message/rfc822';

  it.each([
    ['a media type in upper case', changed('multipart/report', 'MULTIPART/REPORT')],
    ['a parameter in upper case', changed('report-type=delivery-status', 'Report-Type=Delivery-Status')],
    ['a part in upper case', changed('message/delivery-status', 'Message/Delivery-Status')],
    [
      'a status of internationalised mail (RFC 6533)',
      changed('message/delivery-status', 'message/global-delivery-status'),
    ],
    ['a returned internationalised mail', changed(returnedMail, 'Content-Type: message/global')],
    ['returned internationalised headers', changed(returnedMail, 'Content-Type: message/global-headers')],
    ['returned headers in upper case', changed(returnedMail, 'Content-Type: TEXT/RFC822-HEADERS')],
    ['a returned mail in base64', base64Returned()],
    ['a Message-ID on a line of its own', changed('Message-ID: <', 'Message-ID:\r\n <')],
    ['an id in upper case', changed(id, id.toUpperCase())],
    [
      'X-Original-Message-ID only, as Gmail writes it',
      reportOf([
        'Reporting-MTA: dns; x',
        `X-Original-Message-ID: <${id}@almagest>`,
        '',
        'Action: failed',
        'Status: 5.0.0',
        'Diagnostic-Code: smtp; 552 mailbox full',
      ]),
    ],
  ])('recognises %s', async (_, message) => {
    expect(await readBounce(message)).toEqual({
      mail: id,
      action: 'failed',
      status: '5.0.0',
      diagnostic: '552 mailbox full',
    });
  });

  function base64Returned(): Buffer {
    const headers = Buffer.from(`Message-ID: <${id}@almagest>\r\n`).toString('base64');
    const status = [
      'Reporting-MTA: dns; x',
      '',
      'Action: failed',
      'Status: 5.0.0',
      'Diagnostic-Code: smtp; 552 mailbox full',
    ];
    const encoded = ['--b', 'Content-Type: text/rfc822-headers', 'Content-Transfer-Encoding: base64', '', headers];
    return reportOf([...status, '', ...encoded]);
  }

  it.each(['delayed', 'delivered', 'relayed', 'expanded'])('distinguishes %s from failed', async (action) => {
    const status = ['Reporting-MTA: dns; x', '', `Action: ${action}`, 'Status: 4.4.1'];
    expect((await readBounce(reportOf(status))).action).toBe(action);
  });

  it.each([
    ['an empty message', Buffer.alloc(0)],
    ['a mail', Buffer.from('From: a@b\r\nSubject: hello\r\n\r\nhello\r\n')],
    ['a report without a status', Buffer.from(reportOf(['']).toString().replace('message/delivery-status', 'text/x'))],
    ['a report without recipients', reportOf(['Reporting-MTA: dns; x'])],
    ['a recipient without an action', reportOf(['Reporting-MTA: dns; x', '', 'Status: 5.0.0'])],
    [
      'two statuses',
      Buffer.from(postfixBounce({ id, address }).toString().replace('text/rfc822-headers', 'message/delivery-status')),
    ],
    [
      'a status in a plain multipart',
      Buffer.from(eximBounce({ id, address }).toString().replace('multipart/report', 'multipart/mixed')),
    ],
    [
      'an automatic answer',
      Buffer.from(`Auto-Submitted: auto-replied\r\nIn-Reply-To: <${id}@almagest>\r\n\r\nback on monday\r\n`),
    ],
    ['a receipt (RFC 8098)', changed('report-type=delivery-status', 'report-type=disposition-notification')],
    ['noise', Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7919) % 256))],
  ])('refuses %s', async (_, message) => {
    await expect(readBounce(message)).rejects.toThrow(UnreadableBounceError);
  });

  it('limits depth, field length and the number of groups', async () => {
    const deep = Array.from({ length: 2000 }, (_, level) => [
      `Content-Type: multipart/mixed; boundary=b${level}`,
      '',
      `--b${level}`,
    ]).flat();
    await expect(readBounce(Buffer.from(deep.join('\r\n')))).rejects.toThrow(UnreadableBounceError);
    const many = ['Reporting-MTA: dns; x', ...Array.from({ length: 9000 }, () => ['', 'Action: delayed']).flat()];
    expect((await readBounce(reportOf(many))).action).toBe('delayed');
    const long = ['Reporting-MTA: dns; x', '', 'Action: failed', `Diagnostic-Code: smtp; ${'x'.repeat(200_000)}`];
    expect((await readBounce(reportOf(long))).diagnostic?.length).toBeLessThan(2001);
  });
});
