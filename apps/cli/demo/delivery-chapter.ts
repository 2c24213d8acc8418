import { type ArchiveClient, followResult } from '@almagest/archive-client';
import {
  type Delivery,
  type DeliveryReport,
  type GroupOus,
  type Mail,
  ousOf,
  type Qa2Result,
  type Qa2Status,
} from '@almagest/contracts';
import { count, humanSize, instant } from '@almagest/text';
import { shortId } from '../archive/id-prefix';
import { CliError } from '../cli.error';
import { typedPath } from '../installation';
import { prepareResult } from '../submission/prepare-result';
import { recipientText } from '../views/mail.view';
import { stepLine, nextStep } from '../views/qa2-status.view';
import { findingLines, itemLines, modeText } from '../views/report.view';
import type { Narrator } from './narrator';

/** The result of a chapter, for the next ones. */
export interface Delivered {
  result: Qa2Result;
  delivery: Delivery;
  mails: Mail[];
}

/** Findings of a delivery that are listed; the others are counted. */
const LISTED = 4;

/** The QA2 results of the sample contain the digests of the parts. */
const NO_HASHING = { onBegin: (): void => undefined, onBytes: (): void => undefined, onEnd: (): void => undefined };

/** Follows one delivery from the posted QA2 result to the mails, and compares it with what was posted. */
export class DeliveryChapter {
  constructor(
    private readonly narrator: Narrator,
    private readonly client: ArchiveClient,
    private readonly signal: AbortSignal,
  ) {}

  /** @throws CliError `cli.demo-failed` if the archive does not behave as expected */
  async play(file: string): Promise<Delivered> {
    const result = await prepareResult(file, { parts: [] }, NO_HASHING, this.signal);
    await this.narrator.begin(titleOf(result));
    await this.narrator.fact('posted', `${typedPath(file)}, revision ${result.revision}`);
    const status = await this.follow((await this.client.post(result)).status);
    if (status.state !== 'notified' || status.report === null) throw notDelivered(status);
    await this.printReport(status.report);
    const delivery = await this.client.delivery(status.id);
    await this.printParts(result, delivery);
    const mails = await this.printMails(result);
    await this.printGroup(result, delivery);
    return { result, delivery, mails };
  }

  private async follow(posted: Qa2Status): Promise<Qa2Status> {
    const { narrator } = this;
    const { terminal, colours } = narrator;
    const since = posted.history[0]?.at ?? '';
    const lines: string[] = [];
    terminal.working(() => nextStep(posted.state));
    const status = await followResult(
      this.client,
      posted,
      {
        onStep: (step, { state }) => {
          lines.push(stepLine(step, since, colours, 5));
          terminal.working(() => nextStep(state));
        },
        onUnreachable: () => terminal.working(() => 'the archive does not answer; retrying'),
      },
      this.signal,
    );
    terminal.working(null);
    await narrator.list('happened', lines);
    return status;
  }

  private async printReport(report: DeliveryReport): Promise<void> {
    const { narrator } = this;
    const { verdict, profile, mode, files, bytes, findings } = report;
    await narrator.fact(
      'checked',
      `${narrator.colours.green(verdict)} by the delivery standard (${profile.name}): ${count(files, 'file')}, ` +
        `${humanSize(bytes)}, ${modeText(mode)}`,
    );
    await narrator.list('items of §3', itemLines(report));
    const listed = findings
      .slice(0, LISTED)
      .flatMap((finding) => findingLines(finding, narrator.colours, narrator.room));
    const more = findings.length - LISTED;
    await narrator.list('findings', [
      ...(findings.length === 0 ? ['none'] : listed),
      ...(more > 0 ? [`and ${more} more`] : []),
    ]);
  }

  /** Compares the size and digest of every part, as computed by the archive, with the posted ones. */
  private async printParts({ parts = [] }: Qa2Result, { id, partList, files, mode }: Delivery): Promise<void> {
    for (const [index, part] of parts.entries()) {
      const stored = partList.find(({ name }) => name === part.name);
      if (stored?.sha256 !== part.sha256 || stored.size !== part.size) {
        throw new CliError('cli.demo-failed', `${part.name} is not stored as posted`);
      }
      await this.narrator.list(index === 0 ? 'stored' : '', [
        stored.name,
        `  ${stored.size} bytes, SHA-256 ${stored.sha256.slice(0, 16)}... as posted`,
      ]);
    }
    await this.narrator.fact(
      'catalogued',
      `delivery ${shortId(id)} (${mode}): ${count(files, 'file')}, each available by itself`,
    );
  }

  private async printMails(result: Qa2Result): Promise<Mail[]> {
    const { items } = await this.client.newestMails(50, ousOf(result));
    const sent = items.filter((mail) => mail.revision === result.revision && mail.state === 'sent').reverse();
    if (sent.length !== result.recipients.length) {
      throw new CliError(
        'cli.demo-failed',
        `${count(sent.length, 'mail')} sent to ${count(result.recipients.length, 'recipient')}`,
      );
    }
    await this.narrator.fact('mailed', sent.map(recipientText).join(', '));
    return sent;
  }

  private async printGroup({ group: { uid }, level }: Qa2Result, { combines }: Delivery): Promise<void> {
    const group = await this.client.ous(uid);
    if (group.level !== 'group') throw new CliError('cli.demo-failed', `${uid} is not a GroupOUS`);
    if (level === 'group' && combines.length !== group.members.length) {
      throw new CliError(
        'cli.demo-failed',
        `the delivery combines ${combines.length} of the ${count(group.members.length, 'member')} of the group`,
      );
    }
    const linked = combines.map(({ ous, delivery }) => `${ous} (delivery ${shortId(delivery)})`);
    if (linked.length > 0) await this.narrator.list('combines', linked);
    await this.narrator.fact('group', groupText(group));
  }
}

function titleOf(result: Qa2Result): string {
  if (result.level === 'group') return `The combined imaging of GroupOUS ${result.group.uid} has passed`;
  const array = result.group.members.find((member) => member.uid === result.member)?.array ?? '';
  return `MemberOUS ${ousOf(result)} (${array}) has passed QA2`;
}

/** The state of the group after a delivery (§2). */
export function groupText({ uid, members, ready, readiness, state }: GroupOus): string {
  if (state === 'delivered') return `${uid} is delivered`;
  const since = readiness.at(-1)?.since;
  if (ready && since !== undefined) {
    return `${uid} is READY to be combined: its ${members.length} members have passed (${instant(since)})`;
  }
  const waited = members
    .filter((member) => member.state !== 'delivered')
    .map(({ uid: member, array }) => `${member} (${array})`);
  return `${uid} is not ready to be combined: waiting for ${waited.join(', ')}`;
}

function notDelivered({ state, report }: Qa2Status): CliError {
  const reasons = report?.findings.filter(({ severity }) => severity === 'reject') ?? [];
  return new CliError('cli.demo-failed', `the delivery ended as "${state}"`, {
    hints: reasons.map(({ code, message, file }) => `${code}: ${message}${file === null ? '' : ` (${file})`}`),
  });
}
