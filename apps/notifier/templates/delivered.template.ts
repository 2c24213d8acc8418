import { asdmDirectoryName } from '@almagest/ous';
import type { DeliveredView } from './delivered.view';
import { CODE, HEADING, HELPDESK, page, type RenderedMail, section, wrap } from './layout';
import { html, type Markup } from './markup';
import { humanSize } from './size';

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
    wrap(HELPDESK),
  ].join('\n\n')}\n`;
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

/** One command a part, which unpacks it only if it arrived whole; it works indented, as the text has it, too. */
function unpackCommands({ delivery }: DeliveredView): string[] {
  return delivery.partList.flatMap(({ name, sha256 }) => [
    `echo '${sha256}  ${name}' | sha256sum -c &&`,
    `  tar xf ${name}`,
  ]);
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
  return page(
    `ALMA project ${delivery.project}`,
    html`<p>Dear ${recipient.name},</p>
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
            <a href="${view.publicUrl}${url}" style="word-break:break-all">${name}</a><br />${humanSize(size)} (${size}
            bytes)<br /><span style="${CODE}">SHA-256 ${sha256}</span>
          </p>`,
      )}
      <h2 style="${HEADING}">How to unpack</h2>
      <p>${unpackAdvice(view)}</p>
      <pre style="${CODE};background:#f2f5f8;padding:12px;white-space:pre-wrap">${unpackCommands(view).join('\n')}</pre>
      <h2 style="${HEADING}">Raw data</h2>
      <p>${rawAdvice(view)}</p>
      ${
        raw.length === 0
          ? ''
          : html`<ul>
              ${raw.map(({ directory, use, size }) => html`<li><span style="${CODE}">${directory}</span><br />${use}, ${size}</li>`)}
            </ul>`
      }
      <p style="color:#5a6b7b">${HELPDESK}</p>`,
  );
}
