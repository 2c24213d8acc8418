import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

/** An accepted mail: its envelope and its text. */
export interface AcceptedMail {
  from: string;
  /** ENVID of MAIL FROM (RFC 3461). */
  envelopeId: string | null;
  to: string;
  source: string;
}

/**
 * A mail server that rejects `unknown-...` at RCPT and mail to `full-...` after DATA, with the address in its reply. It
 * accepts all other mail.
 */
export class StrictMailServer {
  private constructor(
    private readonly server: SMTPServer,
    readonly accepted: readonly AcceptedMail[],
  ) {}

  static async start(): Promise<StrictMailServer> {
    const accepted: AcceptedMail[] = [];
    const server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      hideDSN: false,
      logger: false,
      onRcptTo: ({ address }, _session, callback) => {
        const refused = new Error(`5.1.1 <${address}>: user unknown`);
        callback(address.startsWith('unknown-') ? Object.assign(refused, { responseCode: 550 }) : undefined);
      },
      onData: (stream, { envelope }, callback) => {
        const to = envelope.rcptTo[0]?.address ?? '';
        const { mailFrom } = envelope;
        void text(stream).then((source) => {
          const refused = new Error(`5.2.2 mailbox of ${to} is full`);
          if (to.startsWith('full-')) return callback(Object.assign(refused, { responseCode: 554 }));
          const { dsn } = envelope as { dsn?: { envid?: string | null } };
          const from = mailFrom === false ? '' : mailFrom.address;
          accepted.push({ from, envelopeId: dsn?.envid ?? null, to, source });
          callback();
        }, callback);
      },
    });
    server.listen(0, '127.0.0.1');
    await once(server.server, 'listening');
    return new StrictMailServer(server, accepted);
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(resolve));
  }
}
