import { basename, dirname } from 'node:path/posix';
import { asdmDirectoryName, ousDirectoryName, rawTarName } from '@almagest/ous';
import { humanSize } from '@almagest/text';
import type { DeliveredMail } from './delivered.view';

/** The raw data of a MemberOUS, how to request them and where they belong (§5.1). */
export function rawSection({ delivery, unit }: DeliveredMail, requestUrl: string, deliveryUrl: string): object {
  if (unit.level === 'group') return { hasRaw: false, raw: [] };
  const blocks = unit.executionBlocks;
  const used = blocks.filter(({ use }) => use === 'used');
  const tree = [
    delivery.project,
    ousDirectoryName('science-goal', unit.scienceGoal),
    ousDirectoryName('group', unit.group),
    ousDirectoryName('member', unit.uid),
  ].join('/');
  const additional = blocks.length - used.length;
  return {
    hasRaw: blocks.length > 0,
    rawIntro:
      `${used.length} ASDM${used.length === 1 ? ' was' : 's were'} used in the imaging` +
      (additional === 0 ? ':' : `, ${additional} more ${additional === 1 ? 'was' : 'were'} observed and not used:`),
    raw: blocks.map(({ uid, use, size }) => ({
      directory: asdmDirectoryName(uid),
      use: use === 'used' ? 'used in the imaging' : 'additional, not used in the reduction',
      size: humanSize(size),
      fileName: rawTarName(delivery.project, uid),
      unpacksTo: `${tree}/raw/${asdmDirectoryName(uid)}`,
    })),
    usedSize: humanSize(used.reduce((sum, { size }) => sum + size, 0)),
    rawCommand: `almagest raw request ${unit.uid} --link '${deliveryUrl}'`,
    rawUrl: requestUrl,
    rawBody: JSON.stringify({ ous: unit.uid }),
    hasAdditional: additional > 0,
    allOption: '--all',
    allBody: '"asdms":"all"',
  };
}

/** How to get the calibrated data: scriptForPI in this delivery's calibration mode (§5.1, §5.2) and its disk need (§5.3). */
export function restoreSection(
  { delivery, report, unit, scriptForPI }: DeliveredMail,
  deliveryUrl: string,
): object | null {
  if (unit.level === 'group' || scriptForPI === null) return null;
  const version = report.facts.readme?.casaVersion ?? null;
  const casa = casaOf(version);
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
      ? 'The pipeline calibrated these data (§5.2); scriptForPI restores its calibration with the raw data in place.'
      : 'An analyst calibrated these data (§5.1); scriptForPI runs the calibration scripts again with the raw data in place.',
    casa:
      (version === null ? 'The README names no CASA version.' : `Use CASA ${version}, the version the README names`) +
      (version === null ? '' : pipeline ? ', with the pipeline.' : '.'),
    directory: dirname(scriptForPI),
    casaCommand: pipeline ? `${casa} --pipeline` : `${casa} -c "${run}"`,
    prompt: pipeline ? run : null,
    result: product,
    hasDisk: levels.length > 0,
    spaceCommand: pipeline ? `SPACESAVING=1; ${run}` : `${casa} -c "SPACESAVING=1; ${run}"`,
    disk: levels.map(({ spaceSaving, bytes }) => ({
      level: spaceSaving,
      need: humanSize(bytes).padStart(9),
      meaning: KEPT[spaceSaving],
    })),
    restoreCommand: `almagest restore ${unit.uid} --link '${deliveryUrl}'`,
  };
}

const KEPT = {
  0: 'all intermediate MeasurementSets are kept',
  1: 'without *.ms.split',
  2: 'without *.ms and *.ms.split',
  3: 'as 2, and if possible without *.ms.split.cal',
} as const;

/** The program was called `casapy` up to CASA 4.2, as in the document. */
function casaOf(version: string | null): string {
  const [, major = '5', minor = '0'] = /^(\d+)(?:\.(\d+))?/.exec(version ?? '') ?? [];
  return Number(major) < 4 || (Number(major) === 4 && Number(minor) < 3) ? 'casapy' : 'casa';
}
