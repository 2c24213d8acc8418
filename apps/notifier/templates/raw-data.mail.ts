import type { DataOf, rawDataStaged } from '@almagest/contracts';
import { count, humanSize } from '@almagest/text';
import { dayOf, folded, HELPDESK, renderBoth, type RenderedMail } from './render';

type Asdm = DataOf<typeof rawDataStaged>['asdms'][number];

/** What the mail about a request for raw data is rendered from. */
export interface RawDataMail {
  event: DataOf<typeof rawDataStaged>;
  /** `failed`: at least one ASDM could not be staged. */
  outcome: 'staged' | 'failed';
  /** URL of the download script. */
  scriptUrl: string;
  recipient: string;
}

/** Renders the mail to the requester of raw data: how to fetch what is staged, and what could not be staged. */
export function renderRawData({ event, outcome, scriptUrl, recipient }: RawDataMail): RenderedMail {
  const { project, ous, asdms } = event;
  const staged = asdms.filter(({ state }) => state === 'staged');
  const failed = asdms.filter(({ state }) => state === 'failed');
  const retryUrl = new URL(scriptUrl);
  retryUrl.pathname = retryUrl.pathname.replace(/\/download\.sh$/, '/retry');
  const isLinked = retryUrl.searchParams.has('link');
  const both = renderBoth('raw-data', {
    recipient,
    project,
    uid: ous,
    scriptUrl,
    until: dayOf(event.expiresAt),
    allStaged: outcome === 'staged',
    hasStaged: staged.length > 0,
    stagedCount: count(staged.length, 'ASDM'),
    stagedSize: humanSize(staged.reduce((sum, { size }) => sum + size, 0)),
    staged: staged.map(({ fileName, size, sha256 }) => ({ fileName, bytes: size, size: humanSize(size), sha256 })),
    failedCount: failed.length,
    askedCount: count(asdms.length, 'ASDM'),
    failed: failed.map((asdm) => ({
      fileName: asdm.fileName,
      reason: reason(asdm),
      folded: folded(reason(asdm), '    '),
    })),
    retryCommand: `curl -f -X POST '${retryUrl.href}'`,
    status: isLinked ? null : 'With a token for the project, add: -H "Authorization: Bearer $TOKEN"',
    download: `curl -f -o almagest-raw.sh '${scriptUrl}'`,
    helpdesk: HELPDESK,
  });
  const are = outcome === 'staged' ? 'are staged' : 'could not all be staged';
  return { subject: `ALMA project ${project}: raw data of ${ous} ${are}`, ...both };
}

function reason({ error }: Asdm): string {
  if (error === null) return '';
  const { message, expected, found, code } = error;
  const detail = expected === null || found === null ? '' : `; expected ${expected}, found ${found}`;
  return `${message}${detail} (${code})`;
}
