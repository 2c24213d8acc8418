import { DomainError, type Logger, LOGGER } from '@almagest/platform';
import { printable } from '@almagest/text';
import { Inject, Injectable } from '@nestjs/common';
import type { MailRow } from '../mails/mail.entity';
import { withoutAddresses } from '../mails/mail-server';
import { MailsRepository } from '../mails/mails.repository';
import { type Bounce, UnreadableBounceError, readBounce } from './bounce';

const LONGEST_REASON = 500;

/** Records which mails bounced. A forged report needs the id of a mail, which only its recipient knows. */
@Injectable()
export class BouncesService {
  constructor(
    private readonly mails: MailsRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Records the report of a mail server; idempotent.
   * @returns the mail that bounced
   * @throws DomainError `notifier.bounce-unreadable`, `notifier.bounce-unmatched`, `notifier.bounce-not-final`,
   * `notifier.bounce-unexpected`; then nothing is recorded
   */
  async record(message: Buffer): Promise<MailRow> {
    const bounce = await read(message);
    const mail = bounce.mail === null ? null : await this.mails.find(bounce.mail);
    if (mail === null) {
      throw new DomainError('not-found', 'notifier.bounce-unmatched', 'The report is not about a mail of this archive');
    }
    if (bounce.action !== 'failed') {
      const why = `The report does not say that mail ${mail.id} failed: nothing is recorded`;
      throw new DomainError('invalid', 'notifier.bounce-not-final', why);
    }
    if (await this.mails.noteBounce(mail.id, reasonOf(bounce))) {
      this.logger.warn({ mail: mail.id, status: bounce.status }, 'mail bounced');
    }
    const recorded = await this.mails.find(mail.id);
    if (recorded?.state === 'bounced') return recorded;
    const why = `Mail ${mail.id} is ${mail.state}: it was not sent and cannot have bounced`;
    throw new DomainError('conflict', 'notifier.bounce-unexpected', why);
  }
}

async function read(message: Buffer): Promise<Bounce> {
  try {
    return await readBounce(message);
  } catch (error) {
    if (error instanceof UnreadableBounceError) throw new DomainError('invalid', error.code, error.message);
    throw error;
  }
}

function reasonOf({ status, diagnostic }: Bounce): string {
  const reason = [status, diagnostic].filter((part) => part !== null).join(': ');
  return printable(`bounced: ${withoutAddresses(reason === '' ? 'no reason given' : reason).slice(0, LONGEST_REASON)}`);
}
