import type { DataOf, rawDataStaged } from '@almagest/contracts';
import { CODE, HEADING, HELPDESK, page, type RenderedMail, section, wrap } from './layout';
import { html } from './markup';
import { humanSize } from './size';

/** Raw data that were asked for: all staged, or some that could not be. */
export interface RawDataView {
  event: DataOf<typeof rawDataStaged>;
  outcome: 'staged' | 'failed';
  /** Of the download script. */
  scriptUrl: string;
  name: string;
}

/** The mail that tells a requester that raw data are staged and how to get them, or what could not be staged. */
export function renderRawData(view: RawDataView): RenderedMail {
  const { event, outcome, name, scriptUrl } = view;
  const staged = event.asdms.filter(({ state }) => state === 'staged');
  const failed = event.asdms.filter(({ state }) => state === 'failed');
  const until = event.expiresAt.slice(0, 10);
  const what = `raw data of MemberOUS ${event.ous}, project ${event.project}`;
  const intro =
    outcome === 'staged'
      ? `the ${what}, are staged: ${count(staged.length)}, ${humanSize(sizeOf(staged))}. They can be had until ${until}.`
      : `of the ${what}, ${count(failed.length)} of ${event.asdms.length} could not be staged. ` +
        (staged.length > 0 ? `The others can be had until ${until}. ` : '') +
        `The request can be tried again: almagest raw retry ${event.requestId}`;
  const steps =
    'Run the script in the directory into which the delivery was unpacked, the one that holds ' +
    `${event.project}/. It can be stopped and run again; it verifies every file. Then unpack each file there (§5.1): ` +
    'it falls into its place below raw/.';
  const commands = ['sh almagest-raw.sh', ...staged.map(({ fileName }) => `tar xf ${fileName}`)];
  const download = `curl -f -o almagest-raw.sh '${scriptUrl}'`;
  return {
    subject: `ALMA project ${event.project}: raw data of ${event.ous} ${outcome === 'staged' ? 'are staged' : 'could not all be staged'}`,
    text: `${[
      `Dear ${name},`,
      wrap(intro),
      ...(failed.length > 0
        ? [section('NOT STAGED', failed.map((asdm) => `  ${asdm.fileName}\n    ${reason(asdm)}`).join('\n'))]
        : []),
      ...(staged.length > 0
        ? [
            section(
              'THE FILES',
              staged
                .map(
                  ({ fileName, size, sha256 }) =>
                    `  ${fileName}\n    ${humanSize(size)} (${size} bytes)\n    SHA-256 ${sha256 ?? ''}`,
                )
                .join('\n'),
            ),
            section(
              'HOW TO GET THEM',
              `${wrap(steps)}\n\n${[download, ...commands].map((line) => `  ${line}`).join('\n')}`,
            ),
          ]
        : []),
      wrap(HELPDESK),
    ].join('\n\n')}\n`,
    html: page(
      `ALMA project ${event.project}`,
      html`<p>Dear ${name},</p>
        <p>${intro}</p>
        ${
          failed.length > 0
            ? html`<h2 style="${HEADING}">Not staged</h2>
                <ul>
                  ${failed.map((asdm) => html`<li><span style="${CODE}">${asdm.fileName}</span><br />${reason(asdm)}</li>`)}
                </ul>`
            : ''
        }
        ${
          staged.length > 0
            ? html`<h2 style="${HEADING}">The files</h2>
                ${staged.map(
                  ({ fileName, size, sha256 }) =>
                    html`<p style="margin:0 0 12px">
                      <span style="${CODE}">${fileName}</span><br />${humanSize(size)} (${size} bytes)<br /><span
                        style="${CODE}"
                        >SHA-256 ${sha256 ?? ''}</span
                      >
                    </p>`,
                )}
                <h2 style="${HEADING}">How to get them</h2>
                <p>${steps} The script is <a href="${scriptUrl}">here</a>.</p>
                <pre style="${CODE};background:#f2f5f8;padding:12px;white-space:pre-wrap">
${[download, ...commands].join('\n')}</pre>`
            : ''
        }
        <p style="color:#5a6b7b">${HELPDESK}</p>`,
    ).toString(),
  };
}

function count(asdms: number): string {
  return `${asdms} ASDM${asdms === 1 ? '' : 's'}`;
}

function sizeOf(asdms: RawDataView['event']['asdms']): number {
  return asdms.reduce((sum, { size }) => sum + size, 0);
}

function reason({ error }: RawDataView['event']['asdms'][number]): string {
  if (error === null) return '';
  const { message, expected, found, code } = error;
  const detail = expected === null || found === null ? '' : `; expected ${expected}, found ${found}`;
  return `${message}${detail} (${code})`;
}
