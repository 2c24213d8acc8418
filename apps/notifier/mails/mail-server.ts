import { messageOf } from '@almagest/platform';
import { type Transporter, createTransport } from 'nodemailer';
import type { MailRow } from './mail.entity';

/** The mail server did not accept a mail. The message is the server's reply, without mail addresses. */
export class MailServerError extends Error {
  readonly code = 'notifier.mail-refused';

  constructor(
    message: string,
    /** False after a permanent refusal (a 5xx reply). */
    readonly retryable: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'MailServerError';
  }
}

/** Matches any mail address: a server may return the recipient's address in another form. */
const ADDRESS = /(?:"(?:[^"\\]|\\.)*"|[^\s<>"]+)@[^\s<>"',;:)]+/g;

/** Removes the mail addresses from a reply of a mail server. */
export function withoutAddresses(reply: string): string {
  return reply.replaceAll(ADDRESS, '<recipient>');
}

/** Hands the archive's mails to an SMTP server. */
export class MailServer {
  private readonly transport: Transporter;

  constructor(
    smtpUrl: string,
    private readonly from: string,
    /** The address for bounces; null: the sender's. */
    private readonly returnPath: string | null,
  ) {
    this.transport = createTransport({
      url: smtpUrl,
      pool: true,
      maxConnections: 2,
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: 60_000,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  /**
   * Hands a mail to the server. The envelope id (RFC 3461) is the mail's id, so that a bounce can be matched; servers
   * that do not support that return the mail's headers. The Message-ID is derived from the mail's id too: a mail that is
   * sent twice, because of a crash in between, is recognised as the same.
   * @throws MailServerError
   */
  async send(mail: MailRow): Promise<void> {
    try {
      await this.transport.sendMail({
        messageId: `<${mail.id}@almagest>`,
        from: this.from,
        to: { name: mail.name, address: mail.email },
        ...(this.returnPath === null ? {} : { envelope: { from: this.returnPath, to: mail.email } }),
        dsn: { id: mail.id, return: 'headers', notify: ['failure'] },
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Almagest-Delivery': mail.delivery_id ?? 'none' },
      });
    } catch (cause) {
      const code = cause instanceof Error && 'responseCode' in cause ? Number(cause.responseCode) : 0;
      const message = withoutAddresses(messageOf(cause));
      throw new MailServerError(message, code < 500, { cause: new Error(message) });
    }
  }

  /** Resolves if the server answers; rejects otherwise. */
  async check(): Promise<void> {
    await this.transport.verify();
  }

  close(): void {
    this.transport.close();
  }
}
