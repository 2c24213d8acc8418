import { messageOf } from '@almagest/platform';
import { type Transporter, createTransport } from 'nodemailer';
import type { MailRow } from './mail.entity';

/** A mail server that did not take a mail. The message holds its answer, without the address. */
export class MailServerError extends Error {
  readonly code = 'notifier.mail-refused';

  constructor(
    message: string,
    /** False when the server refused for good (a 5xx reply). */
    readonly retryable: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'MailServerError';
  }
}

/** Any mail address: a server may repeat the recipient's otherwise than it was given. */
const ADDRESS = /[^\s<>"']+@[^\s<>"',;:)]+/g;

/** Words of a mail server without the addresses in them. */
export function withoutAddresses(words: string): string {
  return words.replaceAll(ADDRESS, '<recipient>');
}

/** The SMTP server that takes the archive's mail. */
export class MailServer {
  private readonly transport: Transporter;

  constructor(
    smtpUrl: string,
    private readonly from: string,
    /** Where bounces go; null: to the sender. */
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
   * Hands a mail over. Should it come back, the report bears the mail's id (RFC 3461), where the servers on its way know
   * that, and its head. A mail always bears the same Message-ID, so that one handed over twice, because of a crash in
   * between, is known to be the same.
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
      const reply = cause instanceof Error && 'responseCode' in cause ? Number(cause.responseCode) : 0;
      const words = withoutAddresses(messageOf(cause));
      throw new MailServerError(words, reply < 500, { cause: new Error(words) });
    }
  }

  /** Resolves when the server answers. */
  async check(): Promise<void> {
    await this.transport.verify();
  }

  close(): void {
    this.transport.close();
  }
}
