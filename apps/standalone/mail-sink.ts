import { createHash } from 'node:crypto';
import { open, rename } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { makeDirectory } from '@almagest/platform';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

const MAX_MAIL_BYTES = 5 * 1024 * 1024;

/**
 * A mail server for one machine: stores every mail as `<directory>/<digest of its Message-ID>.eml`, durably, before it
 * accepts the mail. A mail that is sent again after a crash overwrites its own file.
 */
export class MailSink {
  private constructor(
    private readonly server: SMTPServer,
    private readonly port: number,
  ) {}

  static async start(directory: string): Promise<MailSink> {
    await makeDirectory(directory, 0o700);
    const server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      // All mail comes from this machine; without a name server the look-up would delay every connection.
      disableReverseLookup: true,
      size: MAX_MAIL_BYTES,
      logger: false,
      onData: (stream, _session, callback) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          if (stream.sizeExceeded) return callback(new Error(`mails are limited to ${MAX_MAIL_BYTES} bytes`));
          store(directory, Buffer.concat(chunks)).then(() => callback(), callback);
        });
      },
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    server.on('error', () => undefined);
    return new MailSink(server, (server.server.address() as AddressInfo).port);
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(resolve));
  }
}

async function store(directory: string, mail: Buffer): Promise<void> {
  const { messageId, to } = await simpleParser(mail, { skipTextToHtml: true, skipImageLinks: true });
  const recipients = JSON.stringify(to ?? null);
  const name = createHash('sha256')
    .update(messageId ?? mail)
    .update(recipients)
    .digest('hex')
    .slice(0, 32);
  const path = join(directory, `${name}.eml`);
  const draft = `${path}.${process.pid}.new`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(mail);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}
