import type { DataOf, Delivery, DeliverySummary, deliveryWithdrawn, GroupOus, Ous } from '@almagest/contracts';
import { ousDirectoryName } from '@almagest/ous';
import { humanSize } from '@almagest/text';
import { HELPDESK, type RenderedMail } from './layout';
import { renderBoth } from './render';
import { dayOf, memberOf, whatOf } from './words';

/** What the mail about a withdrawal is written from. */
export interface WithdrawnMail {
  recipient: string;
  withdrawal: DataOf<typeof deliveryWithdrawn>;
  delivery: Delivery;
  /** Of the project. */
  title: string | null;
  unit: Ous;
  group: GroupOus;
  /** GroupOUS deliveries that were made with it. */
  combinations: readonly DeliverySummary[];
}

/** The mail that tells one recipient that a delivery is withdrawn, why, and what that means for the files they have. */
export function renderWithdrawn(mail: WithdrawnMail): RenderedMail {
  const { delivery } = mail;
  return {
    subject: `ALMA project ${delivery.project}: revision ${delivery.revision} of ${whatOf(delivery.level)} ${delivery.ous} is withdrawn`,
    ...renderBoth('withdrawn', withdrawnView(mail)),
  };
}

function withdrawnView({ recipient, withdrawal, delivery, title, unit, group, combinations }: WithdrawnMail): object {
  return {
    recipient,
    project: delivery.project,
    title,
    what: whatOf(delivery.level),
    uid: delivery.ous,
    revision: delivery.revision,
    ...memberOf(unit),
    deliveredOn: dayOf(delivery.cataloguedAt),
    failed: withdrawal.by.revision,
    reason: withdrawal.reason,
    facts: factsOf(withdrawal, delivery).map(([name, value]) => ({ name, value, label: `${name}:`.padEnd(11) })),
    parts: delivery.partList.map(({ name, size, sha256 }) => ({ name, sha256, size: humanSize(size), bytes: size })),
    tree: treeOf(delivery, unit),
    groupUid: unit.level === 'member' && group.members.length > 1 ? group.uid : null,
    combinations: combinations.map(({ id, revision, ous }) => ({ id, revision, ous })),
    helpdesk: HELPDESK,
  };
}

function factsOf(
  { withdrawnAt, by }: WithdrawnMail['withdrawal'],
  { id, files, parts, bytes, cataloguedAt }: Delivery,
): [string, string][] {
  return [
    ['Delivery', id],
    ['Delivered', dayOf(cataloguedAt)],
    ['Withdrawn', dayOf(withdrawnAt)],
    ['Decision', `QA2 FAIL of ${dayOf(by.decidedAt)}, for revision ${by.revision}`],
    ['Files', `${files} in ${parts} part${parts === 1 ? '' : 's'}, ${humanSize(bytes)}`],
  ];
}

/** Where its files are in the tree of §3. */
function treeOf({ project }: Delivery, unit: Ous): string {
  return [
    project,
    ousDirectoryName('science-goal', unit.scienceGoal),
    ousDirectoryName('group', unit.level === 'member' ? unit.group : unit.uid),
    ...(unit.level === 'member' ? [ousDirectoryName('member', unit.uid)] : []),
  ].join('/');
}
