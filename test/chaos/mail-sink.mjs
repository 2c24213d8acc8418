import { once } from 'node:events';
import { SMTPServer } from 'smtp-server';

/** A mail server that records every mail it answered with 250, repeated ones too. */
export class MailSink {
  /** The mails in order of arrival: `{ messageId, delivery, to, at }`, `at` from `performance.now`. */
  received = [];

  static async start() {
    const sink = new MailSink();
    sink.server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      logger: false,
      onData: (stream, session, done) => {
        const chunks = [];
        stream.on('data', (chunk) => chunks.push(chunk));
        stream.on('end', () => {
          const head = Buffer.concat(chunks).toString('latin1').split('\r\n\r\n', 1)[0];
          const header = (name) => new RegExp(`^${name}: *(.+)$`, 'im').exec(head)?.[1]?.trim() ?? '';
          const to = session.envelope.rcptTo.map(({ address }) => address).join(',');
          const [messageId, delivery] = [header('Message-ID'), header('X-Almagest-Delivery')];
          sink.received.push({ messageId, delivery, to, at: performance.now() });
          done();
          sink.onMail?.();
        });
      },
    });
    sink.server.on('error', () => undefined);
    sink.server.listen(0, '127.0.0.1');
    await once(sink.server.server, 'listening');
    sink.port = sink.server.server.address().port;
    return sink;
  }

  async stop() {
    await new Promise((resolve) => this.server.close(resolve));
  }
}
