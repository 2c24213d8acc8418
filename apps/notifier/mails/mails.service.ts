import { randomUUID } from 'node:crypto';
import { DeliveryLinks } from '@almagest/access';
import { CatalogueReader } from '@almagest/catalogue-db';
import {
  type DataOf,
  type deliveryCatalogued,
  type deliveryRejected,
  type deliveryWithdrawn,
  mailSettled,
  type Qa2Result,
  type qa2ResultAccepted,
  type rawDataStaged,
} from '@almagest/contracts';
import { addJob, JOB_RETRY, JobsError } from '@almagest/jobs';
import { Outbox } from '@almagest/messaging';
import { currentContext, failpoint, type Logger, LOGGER, PUBLIC_URL } from '@almagest/platform';
import { delayAfter, type RetryPolicy } from '@almagest/retry';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { NotifierConfig } from '../notifier.config';
import { renderDelivered } from '../templates/delivered.mail';
import type { DeliveredMail } from '../templates/delivered-sections';
import type { RenderedMail } from '../templates/render';
import { type RawDataMail, renderRawData } from '../templates/raw-data.mail';
import { renderRejected } from '../templates/rejected.mail';
import { renderWithdrawn, type WithdrawnMail } from '../templates/withdrawn.mail';
import { ABOUT_DELIVERIES, type MailRow, type NoticeRow } from './mail.entity';
import { MailServer, MailServerError } from './mail-server';
import { MailsRepository } from './mails.repository';

/** The job that hands one mail to the mail server. */
export const MAIL_TASK = 'notifier/mail';

/** When a mail that the server did not take is sent again: within three and a half hours. */
const RETRY: RetryPolicy = { ...JOB_RETRY, maximumAttempts: 10 };

/** Changed files listed in a mail; the others are counted. */
const MOST_DIFFERENCES = 20;

const DAY_MS = 86_400_000;

/** Writes the mails, one to each recipient, and hands them to the mail server. */
@Injectable()
export class MailsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly mails: MailsRepository,
    private readonly catalogue: CatalogueReader,
    private readonly server: MailServer,
    private readonly outbox: Outbox,
    private readonly config: NotifierConfig,
    private readonly links: DeliveryLinks,
    @Inject(PUBLIC_URL) private readonly publicUrl: string,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Records the recipients of a delivery, or of the withdrawal that a FAIL causes. */
  async accepted(manager: EntityManager, { id, result }: DataOf<typeof qa2ResultAccepted>): Promise<void> {
    const notice = await this.mails.note(manager, id, { recipients: result.recipients });
    if (result.outcome !== 'FAIL') return this.writeWhenComplete(manager, notice);
    for (const withdrawn of await this.mails.withdrawnBy(manager, id)) {
      await this.writeWithdrawn(manager, withdrawn, result.recipients);
    }
  }

  /** Records that a delivery is visible. */
  async catalogued(manager: EntityManager, event: DataOf<typeof deliveryCatalogued>): Promise<void> {
    const { deliveryId, project, group, ous, alsoServes, level, revision, replaces } = event;
    const catalogued = { deliveryId, project, group, ous, alsoServes, level, revision, replaces };
    await this.writeWhenComplete(manager, await this.mails.note(manager, deliveryId, { catalogued }));
  }

  /** Records that a delivery is withdrawn, and cancels the mails about it that are still pending. */
  async withdrawn(manager: EntityManager, event: DataOf<typeof deliveryWithdrawn>): Promise<void> {
    const notice = await this.mails.note(manager, event.deliveryId, { withdrawn: event });
    await this.mails.dropPending(manager, event.deliveryId, 'the delivery was withdrawn before this mail was sent');
    const { recipients } = await this.mails.note(manager, event.by.result, {});
    if (recipients !== null) await this.writeWithdrawn(manager, notice, recipients);
  }

  /** Writes the mail to the submitter of a rejected delivery. */
  async rejected(manager: EntityManager, event: DataOf<typeof deliveryRejected>): Promise<void> {
    const { submitter } = this.config;
    if (submitter === null) return;
    const { deliveryId: delivery_id, ous, revision } = event;
    const about = { delivery_id, ous, revision, template: 'rejected' as const };
    await this.write(manager, about, { ...submitter, role: 'submitter' }, () => renderRejected(event));
  }

  /** Writes the mail to the requester of raw data. */
  async rawData(
    manager: EntityManager,
    event: DataOf<typeof rawDataStaged>,
    outcome: RawDataMail['outcome'],
    occasion: string,
  ): Promise<void> {
    const { notify, requestId, delivery: delivery_id, ous, revision } = event;
    if (notify === null) return;
    const isWithdrawn = delivery_id !== null && (await this.catalogue.deliveryRow(delivery_id))?.state === 'withdrawn';
    if (isWithdrawn) return;
    const about = { delivery_id, ous, revision, template: 'raw-data' as const, occasion };
    const expires = new Date(event.expiresAt);
    await this.write(manager, about, { ...notify, role: 'requester' }, (id) => {
      const link = delivery_id === null ? '' : `?link=${this.links.sign({ id, delivery: delivery_id, expires })}`;
      const scriptUrl = `${this.publicUrl}/raw-requests/${requestId}/download.sh${link}`;
      return renderRawData({ event, outcome, scriptUrl, recipient: notify.name });
    });
  }

  /**
   * Makes one attempt to hand a mail to the mail server.
   * @throws JobsError `jobs.postponed` when the mail is to be sent again
   */
  async send(id: string): Promise<void> {
    const mail = await this.mails.find(id);
    if (mail?.state !== 'pending') return;
    try {
      await this.server.send(mail);
      failpoint('notifier.mail-accepted');
      await this.settle(mail, 'sent', null);
      this.logger.info({ mail: id }, 'mail sent');
    } catch (error) {
      if (!(error instanceof MailServerError)) throw error;
      const failures = await this.mails.noteFailure(id, error.message);
      const delay = error.retryable ? delayAfter(RETRY, failures) : null;
      if (delay !== null) throw new JobsError('jobs.postponed', error.message, { cause: error }, delay);
      await this.settle(mail, 'failed', error.message);
      this.logger.error({ mail: id, failures, reason: error.message }, 'mail failed');
    }
  }

  private async writeWhenComplete(manager: EntityManager, notice: NoticeRow): Promise<void> {
    if (notice.recipients === null || notice.catalogued === null || notice.withdrawn !== null) return;
    const view = await this.viewOf(notice.catalogued);
    const expires = new Date(view.now.getTime() + this.config.linkDays * DAY_MS);
    const { delivery_id, catalogued } = notice;
    const template = view.replaces === null ? ('delivered' as const) : ('replaced' as const);
    const about = { delivery_id, ous: catalogued.ous, revision: catalogued.revision, template };
    for (const recipient of notice.recipients) {
      await this.write(manager, about, recipient, (id) => {
        const link = { token: this.links.sign({ id, delivery: delivery_id, expires }), expires };
        return renderDelivered({ ...view, recipient: recipient.name, email: recipient.email, link });
      });
    }
    failpoint('notifier.mail-written');
  }

  /**
   * Writes the mail about a withdrawal to the recipients of the delivery and to those of the FAIL: after a rebuild of the
   * catalogue only the latter are known. The recipients of a replaced delivery already know not to use it.
   */
  private async writeWithdrawn(
    manager: EntityManager,
    { delivery_id, withdrawn, recipients }: NoticeRow,
    named: Qa2Result['recipients'],
  ): Promise<void> {
    if (withdrawn?.was !== 'current') return;
    const view = await this.withdrawnView(withdrawn);
    const about = { delivery_id, ous: withdrawn.ous, revision: withdrawn.revision, template: 'withdrawn' as const };
    for (const recipient of [...(recipients ?? []), ...named]) {
      await this.write(manager, about, recipient, () => renderWithdrawn({ ...view, recipient: recipient.name }));
    }
  }

  /** Writes and queues a mail, unless the recipient already has it. The id of the mail's link is that of the mail. */
  private async write(
    manager: EntityManager,
    about: Pick<MailRow, 'delivery_id' | 'ous' | 'revision' | 'template'> & { occasion?: string },
    recipient: Pick<MailRow, 'role' | 'name' | 'email'>,
    render: (id: string) => RenderedMail,
  ): Promise<void> {
    const id = randomUUID();
    const isNew = await this.mails.insert(manager, {
      id,
      occasion: '',
      ...about,
      ...render(id),
      role: recipient.role,
      name: recipient.name,
      email: recipient.email,
      state: 'pending',
      failures: 0,
      error: null,
      settled_at: null,
    });
    if (!isNew) return;
    const traceparent = currentContext()?.traceparent ?? '';
    await addJob(manager, { task: MAIL_TASK, payload: { id, traceparent }, key: `mail/${id}` });
  }

  private async viewOf({
    deliveryId,
    group,
    ous,
    replaces,
  }: NonNullable<NoticeRow['catalogued']>): Promise<Omit<DeliveredMail, 'recipient' | 'email' | 'link'>> {
    const [delivery, row, unit, groupUnit, before, scripts] = await Promise.all([
      this.catalogue.delivery(deliveryId),
      this.catalogue.deliveryRow(deliveryId),
      this.catalogue.ous(ous),
      this.catalogue.ous(group),
      replaces == null ? null : this.catalogue.delivery(replaces),
      this.catalogue.files(deliveryId, { after: null, limit: 1, role: 'scriptForPI' }),
    ]);
    if (delivery === null || row === null || unit === null || groupUnit?.level !== 'group') {
      throw new Error(`the catalogue does not show delivery ${deliveryId} yet`);
    }
    return {
      delivery,
      report: row.report,
      unit,
      group: groupUnit,
      replaces: before && {
        delivery: before,
        differences: await this.catalogue.differences(before.id, deliveryId, MOST_DIFFERENCES),
      },
      scriptForPI: scripts[0]?.path ?? null,
      publicUrl: this.publicUrl,
      now: new Date(),
    };
  }

  private async withdrawnView(withdrawal: DataOf<typeof deliveryWithdrawn>): Promise<Omit<WithdrawnMail, 'recipient'>> {
    const { deliveryId, group, ous } = withdrawal;
    const [delivery, row, unit, groupUnit, combinations] = await Promise.all([
      this.catalogue.delivery(deliveryId),
      this.catalogue.deliveryRow(deliveryId),
      this.catalogue.ous(ous),
      this.catalogue.ous(group),
      this.catalogue.combinationsOf(deliveryId),
    ]);
    if (delivery === null || row === null || unit === null || groupUnit?.level !== 'group') {
      throw new Error(`the catalogue does not show delivery ${deliveryId} yet`);
    }
    return {
      withdrawal,
      delivery,
      title: row.report.facts.readme?.projectTitle ?? null,
      unit,
      group: groupUnit,
      combinations,
    };
  }

  private async settle(mail: MailRow, outcome: 'sent' | 'failed', error: string | null): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      if (!ABOUT_DELIVERIES.includes(mail.template) || mail.delivery_id === null) {
        await this.mails.settle(manager, mail.id, outcome, error);
        return;
      }
      const { catalogued } = await this.mails.lockNotice(manager, mail.delivery_id);
      if (catalogued === null || !(await this.mails.settle(manager, mail.id, outcome, error))) return;
      const outstanding = await this.mails.countOf(manager, mail.delivery_id, 'pending');
      const failed = await this.mails.countOf(manager, mail.delivery_id, 'failed');
      const about = { key: catalogued.group, subject: catalogued.ous };
      const { replaces: _replaces, alsoServes: _alsoServes, ...identity } = catalogued;
      await this.outbox.add(manager, mailSettled, about, {
        ...identity,
        mailId: mail.id,
        outcome,
        outstanding,
        failed,
      });
    });
  }
}
