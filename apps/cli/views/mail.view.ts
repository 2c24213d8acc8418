import type { Mail, MailWithBody } from '@almagest/contracts';
import { instant, printable, printableLines, wrap } from '@almagest/text';
import { shortId } from '../archive/id-prefix';
import { table } from '../output/table';
import type { Colours } from '../output/terminal';

/** `Henrietta Leavitt (PI)` */
export function recipientText({ recipient, role }: Pick<Mail, 'recipient' | 'role'>): string {
  return `${printable(recipient)} (${role === 'pi' ? 'PI' : role})`;
}

/** A table of mails. */
export function mailTable(mails: readonly Mail[], colours: Colours): string[] {
  const titles = ['ID', 'WRITTEN (UTC)', 'TO', 'ABOUT', 'REV', 'STATE'];
  const [head = '', ...lines] = table(
    titles.map((title) => ({ title })),
    mails.map((mail) => [
      shortId(mail.id),
      instant(mail.createdAt).slice(0, 16),
      recipientText(mail),
      mail.ous,
      `${mail.revision}`,
      mail.state === 'failed' || mail.state === 'bounced' ? colours.red(mail.state) : mail.state,
    ]),
  );
  return [colours.dim(head), ...lines];
}

/** A mail as its recipient reads it. */
export function mailView(mail: MailWithBody, colours: Colours, width: number): string[] {
  const [subject = '', ...more] = wrap(printable(mail.subject), width - 9);
  return [
    `${colours.dim('To:     ')} ${recipientText(mail)}`,
    `${colours.dim('Subject:')} ${colours.bold(subject)}`,
    ...more.map((line) => `         ${colours.bold(line)}`),
    ...(mail.error === null ? [] : [`${colours.dim('Error:  ')} ${colours.red(printable(mail.error))}`]),
    '',
    ...printableLines(mail.text).trimEnd().split('\n'),
  ];
}
