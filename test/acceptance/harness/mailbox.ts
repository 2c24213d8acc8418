import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AddressObject, simpleParser } from 'mailparser';

/** A mail as its recipient received it. */
export interface ReceivedMail {
  messageId: string;
  to: string;
  recipient: string;
  subject: string;
  text: string;
  html: string;
  /** The delivery that it is about, from its header. */
  delivery: string;
}

/** The mail storage of a mail server. */
export interface Mails {
  list(): Promise<string[]>;
  read(name: string): Promise<Buffer>;
}

/** Reads the mails in a directory of the archive, one file each. */
export function mailsIn(directory: string): Mails {
  return {
    list: async () => (await readdir(directory)).filter((name) => name.endsWith('.eml')),
    read: (name) => readFile(join(directory, name)),
  };
}

/** The mails that the receiving mail server has received. */
export class Mailbox {
  private readonly known = new Map<string, ReceivedMail>();

  constructor(private readonly mails: Mails) {}

  /** Returns every received mail once: a mail that was sent again has the same Message-ID (ADR 4). */
  async all(): Promise<ReceivedMail[]> {
    const received = await Promise.all((await this.mails.list()).map((name) => this.mail(name)));
    return [...new Map(received.map((mail) => [mail.messageId, mail])).values()];
  }

  /** Returns the mails about a delivery, ordered by address. */
  async about(delivery: string): Promise<ReceivedMail[]> {
    const mails = (await this.all()).filter((mail) => mail.delivery === delivery);
    return mails.sort((a, b) => (a.to < b.to ? -1 : 1));
  }

  private async mail(name: string): Promise<ReceivedMail> {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const { messageId, to, subject, text, html, headers } = await simpleParser(await this.mails.read(name));
    const address = (to as AddressObject | undefined)?.value[0];
    const mail = {
      messageId: messageId ?? '',
      to: address?.address ?? '',
      recipient: address?.name ?? '',
      subject: subject ?? '',
      text: text ?? '',
      html: html || '',
      delivery: headerText(headers.get('x-almagest-delivery')),
    };
    this.known.set(name, mail);
    return mail;
  }
}

function headerText(value: unknown): string {
  if (typeof value !== 'string') throw new Error('the mail has no header with its delivery');
  return value;
}
