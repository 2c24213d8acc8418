import { asdmDirectoryName } from '@almagest/ous';
import type { DeliveredView } from './delivered.view';
import { html, type Markup } from './markup';
import { humanSize } from './size';

interface RenderedMail {
  subject: string;
  text: string;
  html: string;
}

/** The mail that tells one recipient of a delivery: what passed, where it is, how to unpack it, which ASDMs exist. */
export function renderDelivered(
  view: DeliveredView,
  recipient: { name: string; role: 'pi' | 'delegee' },
): RenderedMail {
  const { delivery } = view;
  const what = delivery.level === 'group' ? 'GroupOUS' : 'MemberOUS';
  const again = delivery.revision > 1 ? ` (revision ${delivery.revision})` : '';
  return {
    subject: `ALMA project ${delivery.project}: QA2 ${delivery.outcome}, ${what} ${delivery.ous} delivered${again}`,
    text: renderText(view, recipient, what),
    html: renderHtml(view, recipient, what).toString(),
  };
}

function renderText(view: DeliveredView, recipient: { name: string; role: string }, what: string): string {
  const { delivery } = view;
  const parts = delivery.partList.map(
    ({ name, size, sha256, url }) =>
      `  ${name}\n    ${humanSize(size)} (${size} bytes)\n    SHA-256 ${sha256}\n    ${view.publicUrl}${url}`,
  );
  return `${[
    `Dear ${recipient.name},`,
    wrap(intro(view, what)),
    section(
      'WHAT WAS DELIVERED',
      facts(view, what)
        .map(([label, value]) => `  ${`${label}:`.padEnd(14)}${value}`)
        .join('\n'),
    ),
    section(`THE PARTS (${delivery.parts}, ${humanSize(delivery.bytes)} in all)`, parts.join('\n\n')),
    section(
      'HOW TO UNPACK',
      `${wrap(unpackAdvice(view))}\n\n${unpackCommands(view)
        .map((line) => `  ${line}`)
        .join('\n')}`,
    ),
    section('RAW DATA', rawText(view)),
    wrap(
      'If you have any problems with your ALMA data, please contact the ALMA helpdesk at https://help.almascience.org/',
    ),
  ].join('\n\n')}\n`;
}

function section(title: string, body: string): string {
  return `${title}\n${'-'.repeat(title.length)}\n${body}`;
}

function intro({ delivery, unit, group }: DeliveredView, what: string): string {
  if (delivery.level === 'group') {
    return (
      `the combined imaging of the ${delivery.combines.length} members of GroupOUS ${delivery.ous} of your project ` +
      `${delivery.project} has QA2 outcome ${delivery.outcome} and is in the archive.`
    );
  }
  const delivered = group.members.filter((member) => member.delivery !== null).length;
  const place =
    group.members.length > 1
      ? ` ${delivered} of the ${group.members.length} members of its group ${delivered === 1 ? 'is' : 'are'} delivered now.`
      : '';
  const array = unit.level === 'member' ? ` (${unit.array})` : '';
  return (
    `${what} ${delivery.ous}${array} of your project ${delivery.project} has QA2 outcome ${delivery.outcome} ` +
    `and its products are in the archive.${place}`
  );
}

function facts({ delivery, unit, group }: DeliveredView, what: string): [string, string][] {
  const calibration: Record<string, string> = {
    analyst: 'by an analyst, with the scripts in "script"',
    pipeline: 'by the ALMA Science Pipeline (a PPR is in "script")',
  };
  const how = calibration[delivery.mode];
  return [
    ['Project', delivery.project],
    [what, delivery.ous],
    ...(unit.level === 'member' ? ([['Group', group.uid]] satisfies [string, string][]) : []),
    ...(unit.level === 'member' && unit.schedulingBlock !== null
      ? ([['SB', unit.schedulingBlock.name]] satisfies [string, string][])
      : []),
    ['QA2', delivery.outcome],
    ['Revision', String(delivery.revision)],
    ...(how === undefined ? [] : ([['Calibrated', how]] satisfies [string, string][])),
    ['Files', String(delivery.files)],
    [
      'Proprietary',
      delivery.releaseDate === null ? 'until the observatory releases it' : `until ${delivery.releaseDate}`,
    ],
  ];
}

function unpackAdvice({ delivery }: DeliveredView): string {
  return (
    `Download all parts into one directory, check them and unpack each there. Everything falls into one tree below ` +
    `${delivery.project}/; begin with its README.`
  );
}

function unpackCommands({ delivery }: DeliveredView): string[] {
  return [
    'sha256sum -c <<END',
    ...delivery.partList.map(({ name, sha256 }) => `${sha256}  ${name}`),
    'END',
    ...delivery.partList.map(({ name }) => `tar xf ${name}`),
  ];
}

function rawText(view: DeliveredView): string {
  const lines = asdms(view).map(({ directory, use, size }) => `  ${directory}  ${use}, ${size}`);
  return [wrap(rawAdvice(view)), ...(lines.length > 0 ? [lines.join('\n')] : [])].join('\n\n');
}

function asdms({ unit }: DeliveredView): { directory: string; use: string; size: string }[] {
  if (unit.level === 'group') return [];
  return unit.executionBlocks.map(({ uid, use, size }) => ({
    directory: asdmDirectoryName(uid),
    use: use === 'used' ? 'used in the imaging' : 'additional, not used in the reduction',
    size: humanSize(size),
  }));
}

function rawAdvice(view: DeliveredView): string {
  if (view.unit.level === 'group') return 'The raw data belong to the members of the group: see the mails about them.';
  const count = view.unit.executionBlocks.length;
  if (count === 0) return 'No raw data are known for this MemberOUS.';
  return (
    `The raw data are not part of this delivery and are only needed to calibrate or image the visibilities anew. ` +
    `${count} ASDM${count === 1 ? ' exists' : 's exist'} for this MemberOUS; the ALMA Archive Request Handler gives ` +
    `${count === 1 ? 'it' : 'them'} out:`
  );
}

function renderHtml(view: DeliveredView, recipient: { name: string }, what: string): Markup {
  const { delivery } = view;
  const raw = asdms(view);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>ALMA project ${delivery.project}</title>
      </head>
      <body
        style="margin:0;padding:16px;font:16px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif;color:#1b2733;background:#fff"
      >
        <div style="max-width:640px;margin:0 auto">
          <p>Dear ${recipient.name},</p>
          <p>${intro(view, what)}</p>
          <h2 style="${HEADING}">What was delivered</h2>
          <table role="presentation" style="border-collapse:collapse">
            ${facts(view, what).map(
              ([label, value]) =>
                html`<tr>
                  <td style="padding:2px 16px 2px 0;color:#5a6b7b;vertical-align:top">${label}</td>
                  <td style="padding:2px 0;word-break:break-word">${value}</td>
                </tr>`,
            )}
          </table>
          <h2 style="${HEADING}">The parts (${delivery.parts}, ${humanSize(delivery.bytes)} in all)</h2>
          ${delivery.partList.map(
            ({ name, size, sha256, url }) =>
              html`<p style="margin:0 0 12px">
                <a href="${view.publicUrl}${url}" style="word-break:break-all">${name}</a><br />${humanSize(size)}
                (${size} bytes)<br /><span style="${CODE}">SHA-256 ${sha256}</span>
              </p>`,
          )}
          <h2 style="${HEADING}">How to unpack</h2>
          <p>${unpackAdvice(view)}</p>
          <pre style="${CODE};background:#f2f5f8;padding:12px;white-space:pre-wrap">
${unpackCommands(view).join('\n')}</pre>
          <h2 style="${HEADING}">Raw data</h2>
          <p>${rawAdvice(view)}</p>
          ${
            raw.length === 0
              ? ''
              : html`<ul>
                  ${raw.map(({ directory, use, size }) => html`<li><span style="${CODE}">${directory}</span><br />${use}, ${size}</li>`)}
                </ul>`
          }
          <p style="color:#5a6b7b">
            If you have any problems with your ALMA data, please contact the
            <a href="https://help.almascience.org/">ALMA helpdesk</a>.
          </p>
        </div>
      </body>
    </html> `;
}

const HEADING = 'font-size:18px;margin:24px 0 8px';
const CODE = 'font-family:ui-monospace,Menlo,Consolas,monospace;font-size:13px;word-break:break-all';

/** Folds a paragraph at 78 characters. */
function wrap(paragraph: string): string {
  return paragraph.replaceAll(/(?=.{79})(.{1,78}) /g, '$1\n');
}
