import type { DataOf, rawDataStaged } from '@almagest/contracts';
import { humanSize } from '@almagest/text';
import { HELPDESK, type RenderedMail, folded } from './layout';
import { renderBoth } from './render';
import { dayOf } from './words';

type Asdm = DataOf<typeof rawDataStaged>['asdms'][number];

/** Raw data that were asked for: all staged, or some that could not be. */
export interface RawDataMail {
  event: DataOf<typeof rawDataStaged>;
  outcome: 'staged' | 'failed';
  /** Of the download script. */
  scriptUrl: string;
  recipient: string;
}

/** The mail that tells a requester that raw data are staged and how to get them, or what could not be staged. */
export function renderRawData({ event, outcome, scriptUrl, recipient }: RawDataMail): RenderedMail {
  const { project, ous, asdms, requestId } = event;
  const staged = asdms.filter(({ state }) => state === 'staged');
  const failed = asdms.filter(({ state }) => state === 'failed');
  const both = renderBoth('raw-data', {
    ...{ recipient, project, uid: ous, scriptUrl },
    until: dayOf(event.expiresAt),
    allStaged: outcome === 'staged',
    hasStaged: staged.length > 0,
    stagedCount: count(staged.length),
    stagedSize: humanSize(staged.reduce((sum, { size }) => sum + size, 0)),
    staged: staged.map(({ fileName, size, sha256 }) => ({ fileName, bytes: size, size: humanSize(size), sha256 })),
    failedCount: count(failed.length),
    asked: asdms.length,
    failed: failed.map((asdm) => ({
      fileName: asdm.fileName,
      reason: reason(asdm),
      folded: folded(reason(asdm), '    '),
    })),
    retryCommand: `almagest raw retry ${requestId}`,
    download: `curl -f -o almagest-raw.sh '${scriptUrl}'`,
    helpdesk: HELPDESK,
  });
  const are = outcome === 'staged' ? 'are staged' : 'could not all be staged';
  return { subject: `ALMA project ${project}: raw data of ${ous} ${are}`, ...both };
}

function count(asdms: number): string {
  return `${asdms} ASDM${asdms === 1 ? '' : 's'}`;
}

function reason({ error }: Asdm): string {
  if (error === null) return '';
  const { message, expected, found, code } = error;
  const detail = expected === null || found === null ? '' : `; expected ${expected}, found ${found}`;
  return `${message}${detail} (${code})`;
}
