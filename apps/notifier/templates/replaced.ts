import type { Delivery } from '@almagest/contracts';
import type { DeliveredMail } from './delivered.view';
import { dayOf } from './words';

type Replaced = NonNullable<DeliveredMail['replaces']>;
type Change = 'added' | 'removed' | 'changed';

/** What the mail about a new revision says besides: whose place it takes, and what is not as it was there. */
export function replacedView({ delivery, report }: DeliveredMail, { delivery: before, differences }: Replaced): object {
  const title = `YOUR FILES OF REVISION ${before.revision}`;
  return {
    before: {
      id: before.id,
      number: before.revision,
      deliveredOn: dayOf(before.cataloguedAt),
      withdrawnOn: before.withdrawn && dayOf(before.withdrawn.at),
      isServed: before.withdrawn === null,
      rule: '-'.repeat(title.length),
    },
    deliveredAgain: report.facts.readme?.deliveredAgain ?? null,
    changes: changesOf(delivery, before, differences),
  };
}

function changesOf(delivery: Delivery, before: Delivery, { counts, files }: Replaced['differences']): object {
  const all = counts.added + counts.removed + counts.changed;
  const told = (['changed', 'added', 'removed'] as const)
    .filter((change) => counts[change] > 0)
    .map((change) => `${counts[change]} ${change}`);
  return {
    summary:
      all === 0
        ? `All ${delivery.files} files are byte for byte as they were.`
        : `Of the files, by their SHA-256: ${told.join(', ')}; ${delivery.files - counts.added - counts.changed} are as they were.`,
    hasFiles: all > 0,
    files: files.map(({ change, path }) => ({ change: change.padEnd(7), path })),
    more: all > files.length ? all - files.length : null,
    parts: partChanges(delivery, before).map(({ change, name }) => ({ change: change.padEnd(9), name })),
  };
}

/** Every part of either revision, by name. */
function partChanges(delivery: Delivery, before: Delivery): { name: string; change: Change | 'unchanged' }[] {
  const old = new Map(before.partList.map(({ name, sha256 }) => [name, sha256]));
  const removed = before.partList.filter(({ name }) => delivery.partList.every((part) => part.name !== name));
  return [
    ...delivery.partList.map(({ name, sha256 }) => {
      const was = old.get(name);
      return { name, change: was === undefined ? 'added' : was === sha256 ? 'unchanged' : 'changed' } as const;
    }),
    ...removed.map(({ name }) => ({ name, change: 'removed' as const })),
  ];
}
