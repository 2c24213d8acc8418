import { join } from 'node:path';
import { type Mail, mailSchema, type Qa2Status } from '@almagest/contracts';
import { eximBounce, postfixBounce } from '../../apps/notifier/testing/bounces';
import { Archive } from './harness/archive';
import { CommandLine } from './harness/command-line';
import { memberResult } from './harness/posting';
import { newProject } from './harness/project';
import { StrictMailServer } from './harness/strict-mail-server';
import { waitFor } from '../harness/wait-for';

const PEOPLE = [
  { role: 'pi', name: 'Vera Rubin', email: 'unknown-vera@observatory.example' },
  { role: 'delegee', name: 'Jocelyn Bell', email: 'full-jocelyn@observatory.example' },
  { role: 'delegee', name: 'Cecilia Payne', email: 'cecilia@observatory.example' },
  { role: 'delegee', name: 'Maria Mitchell', email: 'maria@observatory.example' },
] as const;
const RETURN_PATH = 'bounces@archive.example';

describe('undeliverable mails', () => {
  let server: StrictMailServer;
  let archive: Archive;
  let status: Qa2Status;
  let at: string[];
  const mailTo = async (name: string): Promise<Mail> => {
    const mails = await archive.client.all('/mails', mailSchema);
    const mail = mails.find(({ recipient }) => recipient === name);
    if (mail === undefined) throw new Error(`no mail to ${name}`);
    return mail;
  };
  const report = async (body: string): Promise<Response> =>
    archive.client.request('/mails/bounces', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
  const posted = async (message: Buffer): Promise<Response> =>
    report(JSON.stringify({ message: message.toString('latin1') }));

  beforeAll(async () => {
    server = await StrictMailServer.start();
    archive = await Archive.start({
      env: { SMTP_URL: server.url, MAIL_RETURN_PATH: RETURN_PATH, LOG_LEVEL: 'trace' },
    });
    at = ['--server', archive.client.url, '--token-file', join(archive.home, 'service-tokens')];
    const project = newProject('12m');
    const result = await memberResult(archive.inbox, project, project.members[0]);
    status = await archive.client.submit({ ...result, recipients: [...PEOPLE] });
  });
  afterAll(async () => {
    await archive?.remove();
    await server?.stop();
  });

  it('fail at once when the server rejects them, and mail and result show its reply', async () => {
    expect(status.state).toBe('mail-failed');
    expect(await mailTo('Vera Rubin')).toMatchObject({ state: 'failed', error: expect.stringContaining('5.1.1') });
    expect(await mailTo('Jocelyn Bell')).toMatchObject({ state: 'failed', error: expect.stringContaining('5.2.2') });
    expect(await mailTo('Cecilia Payne')).toMatchObject({ state: 'sent', error: null });
    const listed = await CommandLine.run('mail', ...at);
    expect(listed.stdout).toMatch(/Vera Rubin \(PI\) .* failed$/m);
    const shown = await CommandLine.run('mail', (await mailTo('Vera Rubin')).id, ...at);
    expect(shown.stdout).toMatch(/^Error: .*550 5\.1\.1 <{1,2}recipient>{1,2}: user unknown/m);
  });

  it('request bounces to the return path, with the id of the mail as envelope id', async () => {
    const [cecilia, maria] = [await mailTo('Cecilia Payne'), await mailTo('Maria Mitchell')];
    expect(server.accepted.map(({ from, to, envelopeId }) => [to, from, envelopeId]).sort()).toEqual([
      ['cecilia@observatory.example', RETURN_PATH, cecilia.id],
      ['maria@observatory.example', RETURN_PATH, maria.id],
    ]);
  });

  it('are marked as bounced, once, when a bounce arrives through a mail server pipe or over HTTP', async () => {
    const cecilia = await mailTo('Cecilia Payne');
    const message = postfixBounce({ id: cecilia.id, address: 'cecilia@observatory.example' });
    const piped = await CommandLine.feed(message, 'mail', 'bounce', ...at);
    expect([piped.exitCode, piped.stdout]).toEqual([
      0,
      expect.stringMatching(/^Mail \S+ to Cecilia Payne \(delegee\) bounced: 5\.1\.1: 550 5\.1\.1 /),
    ]);
    const bounced = await mailTo('Cecilia Payne');
    expect(bounced).toMatchObject({ state: 'bounced', error: expect.stringContaining('User unknown') });
    expect((await CommandLine.feed(message, 'mail', 'bounce', ...at)).exitCode).toBe(0);
    expect(await mailTo('Cecilia Payne')).toEqual(bounced);

    const maria = await mailTo('Maria Mitchell');
    const response = await posted(eximBounce({ id: maria.id, address: 'maria@observatory.example' }));
    expect([response.status, await response.json()]).toEqual([
      200,
      expect.objectContaining({ state: 'bounced', error: 'bounced: 5.0.0: 552 mailbox full' }),
    ]);
    const listed = await CommandLine.run('mail', ...at);
    expect(listed.stdout).toMatch(/Maria Mitchell \(delegee\) .* bounced$/m);
  });

  it('stay unchanged when the bounce is malformed, or of an unknown mail, or of a mail that was never sent', async () => {
    const before = await archive.client.all('/mails', mailSchema);
    const vera = await mailTo('Vera Rubin');
    const address = 'nobody@observatory.example';
    const cases: [Buffer, number, string][] = [
      [Buffer.from('Subject: hello\r\n\r\nhello'), 400, 'notifier.bounce-unreadable'],
      [postfixBounce({ id: '00000000-0000-4000-8000-000000000000', address }), 404, 'notifier.bounce-unmatched'],
      [postfixBounce({ id: vera.id, address }), 409, 'notifier.bounce-unexpected'],
      [
        Buffer.from(postfixBounce({ id: vera.id, address }).toString().replace('Action: failed', 'Action: delayed')),
        ...([400, 'notifier.bounce-not-final'] as const),
      ],
    ];
    for (const [message, code, problem] of cases) {
      const response = await posted(message);
      expect([response.status, await response.json()]).toEqual([code, expect.objectContaining({ code: problem })]);
      expect((await CommandLine.feed(message, 'mail', 'bounce', ...at)).exitCode).toBe(1);
    }
    const huge = Buffer.alloc(300_000, 'x');
    expect((await posted(huge)).status).toBe(400);
    expect((await posted(Buffer.alloc(600_000, 'x'))).status).toBe(413);
    const tooLong = await CommandLine.feed(huge, 'mail', 'bounce', ...at);
    expect([tooLong.exitCode, tooLong.stderr]).toEqual([2, expect.stringContaining('at most 262144 bytes')]);
    expect((await CommandLine.feed(Buffer.alloc(0), 'mail', 'bounce', ...at)).exitCode).toBe(2);
    expect((await report(JSON.stringify({ message: '\u0100' }))).status).toBe(400);
    expect((await archive.client.request('/mails/bounces', { method: 'POST', token: null })).status).toBe(401);
    expect(await archive.client.all('/mails', mailSchema)).toEqual(before);
  });

  it('are logged without addresses, even at the finest level', async () => {
    const log = await waitFor('the log', async () => {
      const lines = await archive.log();
      return lines.includes('mail bounced') && lines;
    });
    expect(log).toContain('mail failed');
    expect(log).toMatch(/"level":(?:10|20)/);
    for (const { email } of PEOPLE) {
      expect(log).not.toContain(email);
      expect(log).not.toContain(email.split('@')[0]);
    }
    expect(log).not.toContain('observatory.example');
    expect(await archive.client.all('/mails', mailSchema)).not.toEqual([]);
    expect(JSON.stringify(await archive.client.all('/mails', mailSchema))).not.toContain('observatory.example');
  });
});
