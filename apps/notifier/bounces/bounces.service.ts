import { DomainError, type Logger, LOGGER } from '@almagest/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { MailRow } from '../mails/mail.entity';
import { withoutAddresses } from '../mails/mail-server';
import { MailsRepository } from '../mails/mails.repository';
import { type Bounce, NoBounce, readBounce } from './bounce';

const LONGEST_REASON = 500;

/** Notes which mails came back. Whoever makes a report up must know the id of a mail, which only its recipient does. */
@Injectable()
export class BouncesService {
  constructor(
    private readonly mails: MailsRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Takes the report of a mail server. The same again changes nothing.
   * @returns the mail that came back
   * @throws DomainError `notifier.bounce-unreadable`, `notifier.bounce-unmatched`, `notifier.bounce-not-final`,
   * `notifier.bounce-unexpected`; then nothing is noted
   */
  async take(message: Buffer): Promise<MailRow> {
    const bounce = await read(message);
    const mail = bounce.mail === null ? null : await this.mails.find(bounce.mail);
    if (mail === null) {
      throw new DomainError('not-found', 'notifier.bounce-unmatched', 'The report is about no mail of this archive');
    }
    if (bounce.action !== 'failed') {
      const why = `The report does not say that mail ${mail.id} failed, and nothing is noted`;
      throw new DomainError('invalid', 'notifier.bounce-not-final', why);
    }
    if (await this.mails.noteBounce(mail.id, reasonOf(bounce))) {
      this.logger.warn({ mail: mail.id, status: bounce.status }, 'mail came back');
    }
    const noted = await this.mails.find(mail.id);
    if (noted?.state === 'bounced') return noted;
    const why = `Mail ${mail.id} is ${mail.state}: it was not handed over, and cannot have come back`;
    throw new DomainError('conflict', 'notifier.bounce-unexpected', why);
  }
}

async function read(message: Buffer): Promise<Bounce> {
  try {
    return await readBounce(message);
  } catch (error) {
    if (error instanceof NoBounce) throw new DomainError('invalid', error.code, error.message);
    throw error;
  }
}

function reasonOf({ status, diagnostic }: Bounce): string {
  const said = [status, diagnostic].filter((words) => words !== null).join(': ');
  return `came back: ${withoutAddresses(said === '' ? 'no reason is stated' : said).slice(0, LONGEST_REASON)}`;
}
