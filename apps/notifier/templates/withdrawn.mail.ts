import {
  type DataOf,
  type Delivery,
  type DeliverySummary,
  type deliveryWithdrawn,
  failedRevision,
  type GroupOus,
  type Ous,
} from '@almagest/contracts';
import { count, humanSize } from '@almagest/text';
import { dayOf, HELPDESK, levelName, memberOf, renderBoth, type RenderedMail, treeOf } from './render';

/** What the mail about a withdrawal is rendered from. */
export interface WithdrawnMail {
  recipient: string;
  withdrawal: DataOf<typeof deliveryWithdrawn>;
  delivery: Delivery;
  /** Title of the project; null when unknown. */
  title: string | null;
  unit: Ous;
  group: GroupOus;
  /** GroupOUS deliveries that were made with the withdrawn one. */
  combinations: readonly DeliverySummary[];
}

/** Renders the mail to one recipient of a withdrawn delivery: why, and what to do with the files. */
export function renderWithdrawn(mail: WithdrawnMail): RenderedMail {
  const { delivery } = mail;
  return {
    subject: `ALMA project ${delivery.project}: revision ${delivery.revision} of ${levelName(delivery.level)} ${delivery.ous} is withdrawn`,
    ...renderBoth('withdrawn', withdrawnView(mail)),
  };
}

function withdrawnView({ recipient, withdrawal, delivery, title, unit, group, combinations }: WithdrawnMail): object {
  return {
    recipient,
    project: delivery.project,
    title,
    what: levelName(delivery.level),
    uid: delivery.ous,
    revision: delivery.revision,
    ...memberOf(unit),
    deliveredOn: dayOf(delivery.cataloguedAt),
    failed: withdrawal.by.revision,
    reason: withdrawal.reason,
    facts: factsOf(withdrawal, delivery).map(([name, value]) => ({ name, value, label: `${name}:`.padEnd(11) })),
    parts: delivery.partList.map(({ name, size, sha256 }) => ({ name, sha256, size: humanSize(size), bytes: size })),
    tree: treeOf(delivery.project, unit),
    groupUid: unit.level === 'member' && group.members.length > 1 ? group.uid : null,
    combinations: combinations.map(({ id, revision, ous }) => ({ id, revision, ous })),
    helpdesk: HELPDESK,
  };
}

function factsOf(
  { withdrawnAt, by }: WithdrawnMail['withdrawal'],
  { id, ous, alsoServes, files, parts, bytes, cataloguedAt }: Delivery,
): [string, string][] {
  return [
    ['Delivery', id],
    ...alsoServes.map((uid): [string, string] => ['Also for', uid]),
    ['Delivered', dayOf(cataloguedAt)],
    ['Withdrawn', dayOf(withdrawnAt)],
    ['Decision', `QA2 FAIL of ${dayOf(by.decidedAt)}, for ${failedRevision(by, ous)}`],
    ['Files', `${files} in ${count(parts, 'part')}, ${humanSize(bytes)}`],
  ];
}
