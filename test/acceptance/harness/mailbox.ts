import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AddressObject, simpleParser } from 'mailparser';

/** A mail as its recipient got it. */
export interface ReceivedMail {
  messageId: string;
  to: string;
  recipient: string;
  subject: string;
  text: string;
  html: string;
  /** The delivery it is about, by its header. */
  delivery: string;
}

/** What the mail server on the other side received, one file a mail. */
export class Mailbox {
  private readonly read = new Map<string, ReceivedMail>();

  constructor(private readonly directory: string) {}

  /** Every mail that was received. */
  async all(): Promise<ReceivedMail[]> {
    const files = (await readdir(this.directory)).filter((name) => name.endsWith('.eml'));
    return Promise.all(files.map((name) => this.mail(name)));
  }

  /** The mails about a delivery, ordered by address. */
  async about(delivery: string): Promise<ReceivedMail[]> {
    const mails = (await this.all()).filter((mail) => mail.delivery === delivery);
    return mails.sort((a, b) => (a.to < b.to ? -1 : 1));
  }

  private async mail(file: string): Promise<ReceivedMail> {
    const known = this.read.get(file);
    if (known !== undefined) return known;
    const { messageId, to, subject, text, html, headers } = await simpleParser(
      await readFile(join(this.directory, file)),
    );
    const address = (to as AddressObject | undefined)?.value[0];
    const mail = {
      ...{ messageId: messageId ?? '', to: address?.address ?? '', recipient: address?.name ?? '' },
      ...{ subject: subject ?? '', text: text ?? '', html: html || '' },
      delivery: headerText(headers.get('x-almagest-delivery')),
    };
    this.read.set(file, mail);
    return mail;
  }
}

function headerText(value: unknown): string {
  if (typeof value !== 'string') throw new Error('the mail does not say which delivery it is about');
  return value;
}
