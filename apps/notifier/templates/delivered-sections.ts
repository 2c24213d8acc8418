import { basename, dirname } from 'node:path/posix';
import type { FileDifferences } from '@almagest/catalogue-db';
import type { Delivery, DeliveryReport, GroupOus, Ous } from '@almagest/contracts';
import { casaProgram } from '@almagest/delivery';
import { asdmDirectoryName, rawTarName } from '@almagest/ous';
import { count, humanSize, shellQuote } from '@almagest/text';
import { dayOf, treeOf } from './render';

/** What the mail about a delivery is rendered from. */
export interface DeliveredMail {
  recipient: string;
  /** The address of the recipient, to which the archive may send a mail about raw data too. */
  email: string;
  delivery: Delivery;
  report: DeliveryReport;
  unit: Ous;
  group: GroupOus;
  /** The revision that this delivery replaces, and the files that differ; null for a first delivery. */
  replaces: { delivery: Delivery; differences: FileDifferences } | null;
  /** Path of scriptForPI in the delivery; null without one. */
  scriptForPI: string | null;
  /** Base URL of all links, without a trailing slash. */
  publicUrl: string;
  /** The token in the links, and its expiry. */
  link: { token: string; expires: Date };
  now: Date;
}

/** The raw data of a MemberOUS: how to request them and where to unpack them (§5.1). */
export function rawSection({ delivery, unit, recipient, email }: DeliveredMail, requestUrl: string): object {
  if (unit.level === 'group') return { hasRaw: false, raw: [], servesMore: false };
  const blocks = unit.executionBlocks;
  const used = blocks.filter(({ use }) => use === 'used');
  const tree = treeOf(delivery.project, unit);
  const additional = blocks.length - used.length;
  return {
    hasRaw: blocks.length > 0,
    rawIntro:
      `${count(used.length, 'ASDM')} ${used.length === 1 ? 'was' : 'were'} used in the imaging` +
      (additional === 0 ? ':' : `; ${additional} more ${additional === 1 ? 'was' : 'were'} observed but not used:`),
    raw: blocks.map(({ uid, use, size }) => ({
      directory: asdmDirectoryName(uid),
      use: use === 'used' ? 'used in the imaging' : 'additional, not used in the reduction',
      size: humanSize(size),
      fileName: rawTarName(delivery.project, uid),
      unpacksTo: `${tree}/raw/${asdmDirectoryName(uid)}`,
    })),
    usedSize: humanSize(used.reduce((sum, { size }) => sum + size, 0)),
    rawUrl: requestUrl,
    rawBody: shellQuote(JSON.stringify({ ous: unit.uid, notify: { name: recipient, email } })),
    hasAdditional: additional > 0,
    servesMore: delivery.alsoServes.length > 0,
    alsoServes: delivery.alsoServes,
    allBody: '"asdms":"all",',
  };
}

/** How to get the calibrated data: scriptForPI for this calibration mode (§5.1, §5.2) and its disk need (§5.3). */
export function restoreSection({ delivery, report, unit, scriptForPI }: DeliveredMail): object | null {
  if (unit.level === 'group' || scriptForPI === null) return null;
  const version = report.facts.readme?.casaVersion ?? null;
  const casa = casaProgram(version);
  const run = `execfile('${basename(scriptForPI)}')`;
  const pipeline = delivery.mode === 'pipeline';
  const levels = report.facts.disk?.levels ?? [];
  const used = unit.executionBlocks.filter(({ use }) => use === 'used');
  const product =
    pipeline || used.length === 1
      ? 'The calibrated data will be in "calibrated", in the MeasurementSets whose names end in ".ms.split.cal".'
      : 'The calibrated data of all execution blocks will be in "calibrated/calibrated.ms".';
  return {
    calibration: pipeline
      ? 'The pipeline calibrated these data (§5.2). Once the raw data are in place, scriptForPI restores that calibration.'
      : 'An analyst calibrated these data (§5.1). Once the raw data are in place, scriptForPI runs the calibration scripts again.',
    casa:
      version === null
        ? 'The README names no CASA version.'
        : `Use CASA ${version}, the version that the README names${pipeline ? ', with the pipeline' : ''}.`,
    directory: dirname(scriptForPI),
    casaCommand: pipeline ? `${casa} --pipeline` : `${casa} -c "${run}"`,
    prompt: pipeline ? run : null,
    result: product,
    hasDisk: levels.length > 0,
    spaceCommand: pipeline ? `SPACESAVING=1; ${run}` : `${casa} -c "SPACESAVING=1; ${run}"`,
    disk: levels.map(({ spaceSaving, bytes }) => ({
      level: spaceSaving,
      need: humanSize(bytes).padStart(9),
      meaning: DELETED[spaceSaving],
    })),
  };
}

/** What each SPACESAVING level deletes (§5.3). */
const DELETED = {
  0: 'keeps all intermediate MeasurementSets',
  1: 'deletes *.ms.split',
  2: 'deletes *.ms and *.ms.split',
  3: 'deletes *.ms, *.ms.split, if possible *.ms.split.cal',
} as const;

type Replaced = NonNullable<DeliveredMail['replaces']>;
type Change = 'added' | 'removed' | 'changed';

/** What the mail about a new revision says in addition: which revision it replaces, and what changed. */
export function replacedSection(
  { delivery, report }: DeliveredMail,
  { delivery: before, differences }: Replaced,
): object {
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
  const changed = (['changed', 'added', 'removed'] as const)
    .filter((change) => counts[change] > 0)
    .map((change) => `${counts[change]} ${change}`);
  return {
    summary:
      all === 0
        ? `All ${delivery.files} files are identical to those of revision ${before.revision}, byte for byte.`
        : `The files, compared by SHA-256: ${changed.join(', ')}, ${delivery.files - counts.added - counts.changed} unchanged.`,
    hasFiles: all > 0,
    files: files.map(({ change, path }) => ({ change: change.padEnd(7), path })),
    more: all > files.length ? all - files.length : null,
    parts: partChanges(delivery, before).map(({ change, name }) => ({ change: change.padEnd(9), name })),
  };
}

/** Compares the parts of both revisions by name. */
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
